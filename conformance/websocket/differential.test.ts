/** The same bytes to `ws` and to us: the cases, and seeded streams of frames with bytes changed, with compression and without. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Dice } from '../../test/fuzz/dice.ts';
import { frame } from '../raw-connection.ts';
import { cases } from './cases.ts';
import { type Outcome, ours, type Stage, theirs } from './play.ts';

interface Rule {
  readonly name: string;
  /** `a` is what we did, `b` what ws did. */
  readonly fits: (a: Outcome, b: Outcome) => boolean;
}

/** What ws has of ours, and goes on. */
const isBefore = (a: Outcome, b: Outcome): boolean =>
  a.messages.every((message, at) => b.messages[at] === message);

/** Where we differ, and by which clause we are right. Each is there because it happens: one that fits nothing fails. */
const RULES: readonly Rule[] = [
  {
    name: '§5.2: "the minimal number of bytes MUST be used to encode the length"; ws does not look',
    fits: (a, b) => a.closeCode === 1002 && a.why.includes('shortest form') && isBefore(a, b),
  },
  {
    name: '§5.2: "the most significant bit MUST be 0", a fault of the protocol; ws says 1009, too big',
    fits: (a, b) => a.closeCode === 1002 && a.why.includes('top bit') && b.closeCode === 1009,
  },
  {
    name: '§5.4: a continuation of nothing is seen when its head is there; ws sees it in the first two bytes, and here no more came',
    fits: (a, b) => a.closeCode === undefined && a.told === 1006 && b.why.includes('invalid opcode'),
  },
  {
    name: '§7.1.7: which of two faults of one frame is named is open; we look at the length first, ws at the order',
    fits: (a, b) =>
      a.closeCode === 1009 && a.why.includes('over') && b.closeCode === 1002 && b.why.includes('opcode'),
  },
  {
    name: '§8.1: bytes that are not UTF-8 fail the connection, and not only at the end of their message',
    fits: (a, b) =>
      a.closeCode === 1007 && a.why.includes('not UTF-8') && b.closeCode !== 1007 && isBefore(a, b),
  },
  {
    name: '§7.4.1: 1009 is "too big for it to process"; ws says 1008 of too many fragments',
    fits: (a, b) => a.closeCode === 1009 && a.why.includes('fragments') && b.closeCode === 1008,
  },
];
const RULES_OF_COMPRESSION: readonly Rule[] = [
  {
    name: 'RFC 7692 §7.2.2: a message ends with the end of a block; ws takes one that ends inside it',
    fits: (a, b) => a.closeCode === 1007 && a.why.includes('inflate') && isBefore(a, b),
  },
];

class Comparison {
  readonly #rules: readonly Rule[];
  readonly #counts = new Map<string, number>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  async compare(us: Stage, them: Stage, bytes: Buffer, what: string): Promise<void> {
    const [a, b] = await Promise.all([us.play([bytes]), them.play([bytes])]);
    if (a.closeCode === b.closeCode && a.messages.join() === b.messages.join()) return;
    const name = this.#rules.find(({ fits }) => fits(a, b))?.name;
    assert.ok(name !== undefined, `${what}: ${JSON.stringify({ a, b })} for ${bytes.toString('hex')}`);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Rules that nothing needs would hide what they were never meant for. */
  checkRules(): void {
    for (const { name } of this.#rules) assert.ok((this.#counts.get(name) ?? 0) > 0, `never needed: ${name}`);
  }
}

/**
 * `DIFFERENTIAL_SEED=…` plays others. What fails names its own. Rare, and so without a rule: seed 80861, where ws drops what
 * stands behind a block with BFINAL, and we read on (RFC 7692 §7.2.3.4 has such a message).
 */
const given = process.env['DIFFERENTIAL_SEED'];
const seeds = [1, 1_001, ...(given === undefined ? [] : [Number(given)])];

const OPCODES = [0, 0, 1, 1, 1, 2, 8, 9, 10];

function plainStream(dice: Dice): Buffer {
  const frames = Array.from({ length: 1 + dice.below(5) }, () => {
    const payload = Buffer.alloc(dice.below(130), dice.pick(['é', 'a', 'a']));
    const declared = dice.once(12) ? { declaredLength: dice.pick([1n << 63n, 70_000n, 1n << 53n]) } : {};
    return frame({
      opcode: dice.pick(OPCODES),
      payload,
      fin: !dice.once(3),
      key: dice.bytes(4),
      ...declared,
    });
  });
  const stream = changed(dice, Buffer.concat(frames));
  return dice.once(6) ? stream.subarray(0, 1 + dice.below(stream.length)) : stream;
}

function compressedStream(dice: Dice): Buffer {
  const frames = Array.from({ length: 1 + dice.below(4) }, () => {
    const plain = Buffer.alloc(dice.below(400), dice.pick(['é', 'abc', 'the same again ']));
    const payload = changed(dice, deflateRawSync(plain, { finishFlush: 2 }).subarray(0, -4));
    return frame({ opcode: dice.pick([1, 2]), payload, reserved: dice.once(8) ? 0 : 4, key: dice.bytes(4) });
  });
  return Buffer.concat(frames);
}

/** Some bytes of it, sometimes none. */
function changed(dice: Dice, bytes: Buffer): Buffer {
  const result = Buffer.from(bytes);
  for (let count = dice.below(4); count > 0 && result.length > 0; count -= 1) {
    result[dice.below(result.length)] = dice.below(256);
  }
  return result;
}

for (const [what, isCompressed, streamOf, rules] of [
  ['without compression', false, plainStream, RULES],
  ['with compression', true, compressedStream, RULES_OF_COMPRESSION],
] as const) {
  describe(`ws and us, ${what}`, () => {
    let stages: [us: Stage, them: Stage];
    const comparison = new Comparison(rules);
    before(async () => {
      stages = [await ours(isCompressed), await theirs(isCompressed)];
    });
    after(() => Promise.all(stages.map((stage) => stage.close())));

    if (!isCompressed) {
      it('the cases', async () => {
        for (const { name, bytes } of cases) await comparison.compare(...stages, bytes, name);
      });
    }

    for (const first of seeds) {
      it(`a thousand streams from seed ${first}`, async () => {
        for (let seed = first; seed < first + 1_000; seed += 20) {
          const streams = Array.from({ length: 20 }, (_, at) => seed + at);
          await Promise.all(
            streams.map((each) => comparison.compare(...stages, streamOf(new Dice(each)), `seed ${each}`)),
          );
        }
      });
    }

    it('every difference that is allowed happens', () => comparison.checkRules());
  });
}
