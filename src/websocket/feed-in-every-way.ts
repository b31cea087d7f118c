/** For tests only: what bytes mean must not depend on how TCP cuts them. */
import assert from 'node:assert/strict';

/** Runs with the bytes whole, byte by byte and cut at random; the outcomes must be equal, and one is returned. */
export function feedInEveryWay<Outcome>(bytes: Buffer, run: (chunks: readonly Buffer[]) => Outcome): Outcome {
  const whole = run([Buffer.from(bytes)]);
  assert.deepEqual(run(cut(bytes, () => 1)), whole, 'byte by byte');
  for (let seed = 1; seed <= 8; seed++) {
    const random = seededRandom(seed);
    // Cuts from small to large, so that headers and payloads are both split.
    const most = 2 ** (seed + 1);
    assert.deepEqual(run(cut(bytes, () => 1 + Math.floor(random() * most))), whole, `cut with seed ${seed}`);
  }
  return whole;
}

/** Numbers in [0, 1), the same for the same seed (a linear congruential generator). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Copies, because a decoder unmasks in place. */
function cut(bytes: Buffer, nextLength: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += chunks.at(-1)?.length ?? 0) {
    chunks.push(Buffer.from(bytes.subarray(start, start + nextLength())));
  }
  return chunks;
}
