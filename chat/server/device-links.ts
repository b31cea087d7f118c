/**
 * Links that sign their maker in on another device, once and within a minute. In memory, as hashes: they are over before a
 * restart is. A session has one at most, the newest.
 */
import { hashToken, newCode } from './tokens.ts';

export const DEVICE_LINK_LIFETIME_MS = 60_000;

export interface DeviceLink {
  person: number;
  /** The session that made it; the link is worth nothing without. */
  session: number;
}

interface Waiting extends DeviceLink {
  expires: number;
}

export class DeviceLinks {
  /** By the hash of the code. The oldest first: all live equally long. */
  readonly #waiting = new Map<string, Waiting>();
  readonly #bySession = new Map<number, string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  make(person: number, session: number): string {
    for (const [key, { expires }] of this.#waiting) {
      if (expires > this.#now()) break;
      this.#drop(key);
    }
    const before = this.#bySession.get(session);
    if (before !== undefined) this.#drop(before);
    const code = newCode();
    const key = keyOf(code);
    const expires = this.#now() + DEVICE_LINK_LIFETIME_MS;
    this.#waiting.set(key, { person, session, expires });
    this.#bySession.set(session, key);
    return code;
  }

  find(code: string): DeviceLink | null {
    const waiting = this.#waiting.get(keyOf(code));
    return waiting !== undefined && waiting.expires > this.#now() ? waiting : null;
  }

  /** As `find`, for the first who asks. */
  use(code: string): DeviceLink | null {
    const link = this.find(code);
    if (link !== null) this.#drop(keyOf(code));
    return link;
  }

  get size(): number {
    return this.#waiting.size;
  }

  #drop(key: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) this.#bySession.delete(waiting.session);
    this.#waiting.delete(key);
  }
}

function keyOf(code: string): string {
  return hashToken(code).toString('base64url');
}
