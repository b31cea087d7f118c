/**
 * Who says the same thing again and again in a room: two times may be, the third in a row is not said. Kept in memory,
 * by a hash, and for those who spoke lately only.
 */
import { createHash } from 'node:crypto';

/** Whoever waits that long may say it again. */
const WINDOW_MS = 60_000;
const MOST_IN_A_ROW = 2;
const SMALLEST_SWEEP = 1_000;

interface Streak {
  text: string;
  /** Of the messages that were said: one that is sent again because its answer was lost is not a further one. */
  nonces: (string | null)[];
  at: number;
}

export class Repeats {
  readonly #now: () => number;
  readonly #streaks = new Map<string, Streak>();
  #sweepAt = SMALLEST_SWEEP;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#streaks.size;
  }

  /** Notes a message; false if it may not be said. */
  pass(person: number, room: string, body: string, nonce: string | null): boolean {
    const now = this.#now();
    const key = `${person} ${room}`;
    const text = createHash('sha256').update(body.trim()).digest('base64');
    const streak = this.#streaks.get(key);
    if (streak === undefined || streak.text !== text || now - streak.at >= WINDOW_MS) {
      this.#streaks.set(key, { text, nonces: [nonce], at: now });
      if (this.#streaks.size > this.#sweepAt) this.#sweep(now);
      return true;
    }
    if (nonce !== null && streak.nonces.includes(nonce)) return true;
    if (streak.nonces.length >= MOST_IN_A_ROW) return false;
    streak.nonces.push(nonce);
    streak.at = now;
    return true;
  }

  #sweep(now: number): void {
    for (const [key, { at }] of this.#streaks) if (now - at >= WINDOW_MS) this.#streaks.delete(key);
    this.#sweepAt = Math.max(SMALLEST_SWEEP, 2 * this.#streaks.size);
  }
}
