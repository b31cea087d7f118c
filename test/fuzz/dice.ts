/** Chance with a seed: the same seed throws the same dice (xorshift32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed | 0) === 0 ? 1 : seed | 0;
    // Seeds in a row begin alike.
    for (let i = 0; i < 8; i += 1) this.below(2);
  }

  /** A whole number from 0 on, below `limit`. */
  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % limit;
  }

  /** True once in so many times. */
  once(inTimes: number): boolean {
    return this.below(inTimes) === 0;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Changes, cuts, inserts or doubles some bytes. */
  mutate(bytes: Buffer): Buffer {
    let result = Buffer.from(bytes);
    for (let count = this.below(6); count >= 0; count -= 1) {
      const at = this.below(result.length + 1);
      const [before, behind] = [result.subarray(0, at), result.subarray(at)];
      switch (this.below(4)) {
        case 0:
          if (at < result.length) result[at] = this.below(256);
          break;
        case 1:
          result = Buffer.concat([before, behind.subarray(this.below(9))]);
          break;
        case 2:
          result = Buffer.concat([before, this.bytes(this.below(9)), behind]);
          break;
        default:
          result = Buffer.concat([before, result]);
      }
    }
    return result;
  }

  /** The same bytes in pieces, as TCP might deliver them. */
  cut(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + this.below(this.once(3) ? 8 : bytes.length);
      pieces.push(Buffer.from(bytes.subarray(at, end)));
      at = end;
    }
    return pieces;
  }
}
