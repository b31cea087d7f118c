/** A moment of fuzzing: some thousand inputs of seeds that are always the same, and some of new ones. See fuzz.long.ts. */
import { after, before, it } from 'node:test';
import { Dice } from './dice.ts';
import { targets } from './targets.ts';
import { TcpTarget } from './tcp.ts';

const INPUTS = 1_000;
const seeds = [1, Date.now() % 1_000_000_000];
const tcp = new TcpTarget();

before(() => tcp.open());
after(() => tcp.close());

for (const first of seeds) {
  for (const [name, attempt] of Object.entries(targets)) {
    it(`${name}, from seed ${first}`, () => {
      for (let seed = first; seed < first + INPUTS; seed += 1) {
        try {
          attempt(new Dice(seed));
        } catch (error) {
          throw new Error(`FUZZ_SEED=${seed} npm run test:long repeats it`, { cause: error });
        }
      }
    });
  }
  it(`WebSocket: a server on TCP, from seed ${first}`, async () => {
    for (let seed = first; seed < first + 12; seed += 1) await tcp.attempt(new Dice(seed));
    await tcp.checkMemory();
  });
}
