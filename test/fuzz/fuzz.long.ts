/**
 * `npm run test:long`: random and mutated input into everything that parses what a peer sends, for FUZZ_SECONDS each: 150 by
 * default, so that the five targets of the WebSocket have twelve and a half minutes. A failure prints its seed, and
 * FUZZ_SEED=… repeats it. No coverage-guided fuzzer: those for Node bring native code that npm alone does not install.
 */
import { it } from 'node:test';
import { Dice } from './dice.ts';
import { targets } from './targets.ts';
import { TcpTarget } from './tcp.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 150);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
/** Between looks at the clock, and at memory. */
const BATCH = 50;

async function run(name: string, attempt: (dice: Dice) => void | Promise<void>): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  let seed = firstSeed;
  while (performance.now() < end) {
    for (const last = seed + BATCH; seed < last; seed += 1) {
      try {
        await attempt(new Dice(seed));
      } catch (error) {
        throw new Error(`FUZZ_SEED=${seed} repeats it`, { cause: error });
      }
    }
  }
  console.log(`${name}: ${seed - firstSeed} inputs from seed ${firstSeed}`);
}

for (const [name, attempt] of Object.entries(targets)) {
  it(`fuzz: ${name}`, { timeout: (seconds + 60) * 1_000 }, () => run(name, attempt));
}

it('fuzz: WebSocket: a server on TCP', { timeout: (seconds + 60) * 1_000 }, async () => {
  const tcp = new TcpTarget();
  await tcp.open();
  try {
    let count = 0;
    await run('WebSocket: a server on TCP, 25 connections at a time', async (dice) => {
      await tcp.attempt(dice);
      count += 1;
      if (count % BATCH === 0) await tcp.checkMemory();
    });
  } finally {
    await tcp.close();
  }
});
