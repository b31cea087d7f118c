/** The code in the link that is printed on the console of a chat without an owner. It is kept in memory alone. */
import { timingSafeEqual } from 'node:crypto';
import { hashToken, newCode } from './tokens.ts';

export class OwnerCode {
  readonly code: string;
  readonly #hash: Buffer;

  /** A code that was set from outside, for installations that nobody watches; else a new one. */
  constructor(code: string = newCode()) {
    this.code = code;
    this.#hash = hashToken(code);
  }

  matches(typed: string): boolean {
    return timingSafeEqual(hashToken(typed), this.#hash);
  }
}
