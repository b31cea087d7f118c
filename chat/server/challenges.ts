/**
 * Random bytes for authenticators to sign, so that a signature is worth something once and to who asked for it. In memory:
 * a restart of the server means to ask again.
 */
import { newToken } from './tokens.ts';

/** Longer than any browser's dialog is open. */
export const CHALLENGE_LIFETIME_MS: number = 5 * 60 * 1_000;
const MOST = 10_000;
/** A class that signs in from one address at once. */
const MOST_PER_ADDRESS = 100;

interface Waiting {
  holder: string;
  address: string;
  expires: number;
}

export class Challenges {
  /** The oldest first: all live equally long. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #perAddress = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Makes one for a holder: the session or browser that alone can use it. Beyond the limits the oldest is dropped. */
  issue(holder: string, address: string): string {
    for (const [challenge, { expires }] of this.#waiting) {
      if (expires > this.#now()) break;
      this.#drop(challenge);
    }
    if ((this.#perAddress.get(address) ?? 0) >= MOST_PER_ADDRESS) this.#dropOldest(address);
    if (this.#waiting.size >= MOST) this.#dropOldest();
    const challenge = newToken();
    this.#waiting.set(challenge, { holder, address, expires: this.#now() + CHALLENGE_LIFETIME_MS });
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    return challenge;
  }

  /** Whether this holder has this challenge; it is used up then, whatever comes of it. */
  take(challenge: string, holder: string): boolean {
    const waiting = this.#waiting.get(challenge);
    if (waiting?.holder !== holder) return false;
    this.#drop(challenge);
    return waiting.expires > this.#now();
  }

  get size(): number {
    return this.#waiting.size;
  }

  #dropOldest(address?: string): void {
    for (const [challenge, waiting] of this.#waiting) {
      if (address !== undefined && waiting.address !== address) continue;
      this.#drop(challenge);
      return;
    }
  }

  #drop(challenge: string): void {
    const { address } = this.#waiting.get(challenge) ?? {};
    this.#waiting.delete(challenge);
    if (address === undefined) return;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}
