/**
 * Lets each key do something often, but not without end: a token bucket per key. It has no timers. Buckets that are
 * full again are the same as none and are swept out when the map has doubled, so it holds the recently busy only.
 */
export interface FloodLimit {
  /** How many at once after a quiet time. */
  burst: number;
  perSecond: number;
}

const SMALLEST_SWEEP = 1_000;

export class FloodGate {
  readonly #limit: FloodLimit;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  #sweepAt = SMALLEST_SWEEP;

  constructor(limit: FloodLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes one token of the key's bucket; false means: too fast. */
  pass(key: string): boolean {
    return this.waitMs(key) === 0;
  }

  /** Takes one token of the key's bucket, or tells how long to wait for one. */
  waitMs(key: string): number {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#limit.burst, at: now };
    bucket.tokens = this.#refilled(bucket, now);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / this.#limit.perSecond) * 1_000);
    bucket.tokens -= 1;
    if (this.#buckets.size > this.#sweepAt) this.#sweep(now);
    return 0;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #refilled(bucket: { tokens: number; at: number }, now: number): number {
    // A clock that was set back must not take tokens away.
    const seconds = Math.max(0, now - bucket.at) / 1_000;
    return Math.min(this.#limit.burst, bucket.tokens + seconds * this.#limit.perSecond);
  }

  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#refilled(bucket, now) >= this.#limit.burst) this.#buckets.delete(key);
    }
    this.#sweepAt = Math.max(SMALLEST_SWEEP, 2 * this.#buckets.size);
  }
}
