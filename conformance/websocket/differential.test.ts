/** The same bytes to `ws` and to us: the cases, and seeded streams of frames with bytes changed. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { frame } from '../raw-connection.ts';
import { cases } from './cases.ts';
import { type Outcome, ours, type Stage, theirs } from './play.ts';

let [us, them]: Stage[] = [];
before(async () => {
  [us, them] = await Promise.all([ours(), theirs()]);
});
after(() => Promise.all([us?.close(), them?.close()]));

/** Where we may differ. Each says why we are right. */
const allowed: { name: string; fits: (ours: Outcome, theirs: Outcome) => boolean }[] = [
  {
    // §5.2: "the minimal number of bytes MUST be used to encode the length". ws does not look.
    // §5.2: "the most significant bit MUST be 0": a fault of the protocol, where ws says too big.
    // §5.5: what it says of a frame's head, we say when the head has come; ws waits for the mask.
    name: 'we refuse framing that ws lets pass, waits for, or calls too big',
    fits: (a, b) => a.closeCode === 1002 && b.closeCode !== 1002 && isPrefix(a.messages, b.messages),
  },
  {
    // §8.1 wants the connection failed on bytes that are not UTF-8; we need not wait for the message's end.
    name: 'we see bad UTF-8 before the message is complete',
    fits: (a, b) => a.closeCode === 1007 && b.closeCode !== 1007 && isPrefix(a.messages, b.messages),
  },
  {
    // §7.4.1, 1009: "too big for it to process". ws says 1008 of too many fragments.
    name: 'too many fragments are 1009, not 1008',
    fits: (a, b) => a.closeCode === 1009 && b.closeCode === 1008,
  },
];

function isPrefix(short: readonly string[], long: readonly string[]): boolean {
  return short.every((message, at) => long[at] === message);
}

async function compare(bytes: Buffer, differences: Map<string, number>): Promise<void> {
  assert.ok(us !== undefined && them !== undefined);
  const [a, b] = await Promise.all([us.play([bytes]), them.play([bytes])]);
  const isSame = a.closeCode === b.closeCode && a.messages.join() === b.messages.join();
  if (isSame) return;
  const why = allowed.find(({ fits }) => fits(a, b))?.name;
  assert.ok(why !== undefined, `${JSON.stringify({ a, b })} for ${bytes.toString('hex')}`);
  differences.set(why, (differences.get(why) ?? 0) + 1);
}

test('the cases', async () => {
  const differences = new Map<string, number>();
  for (const { bytes } of cases) await compare(bytes, differences);
});

test('two thousand mutated streams', async (t) => {
  const differences = new Map<string, number>();
  let state = 20_261_123;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const opcodes = [0, 0, 1, 1, 2, 8, 9, 10];
  for (let round = 0; round < 100; round += 1) {
    const streams = Array.from({ length: 20 }, () => {
      const frames = Array.from({ length: 1 + below(5) }, () => {
        const payload = Buffer.alloc(below(130), below(3) === 0 ? 'é' : 'a');
        return frame({ opcode: opcodes[below(8)] ?? 1, payload, fin: below(3) > 0 });
      });
      const bytes = Buffer.concat(frames);
      for (let count = below(4); count > 0; count -= 1) bytes[below(bytes.length)] = below(256);
      return bytes;
    });
    await Promise.all(streams.map((bytes) => compare(bytes, differences)));
  }
  for (const [why, count] of differences) t.diagnostic(`${count}: ${why}`);
});
