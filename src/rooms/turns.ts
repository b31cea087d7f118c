/**
 * Work in portions: so much in each turn of the event loop, the rest in the next ones, first come, first served. Without it,
 * a thousand clients that come back at once would keep the loop from everybody else.
 */
import { throwLater } from '../errors.ts';

export class Turns {
  readonly #most: number;
  readonly #nextTurn: (callback: () => void) => void;
  #left: number;
  #waiting: (() => number)[] = [];
  #isScheduled = false;
  readonly #beginOnce = (): void => this.#begin();

  /** @param most what may be done in one turn; the last portion may go beyond */
  constructor(most: number, nextTurn: (callback: () => void) => void) {
    this.#most = this.#left = most;
    this.#nextTurn = nextTurn;
  }

  /** Does a portion at once, or in a later turn. @param portion says how much it was */
  take(portion: () => number): void {
    if (this.#left > 0) this.#left -= portion();
    else this.#waiting.push(portion);
    if (this.#left < this.#most) this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#nextTurn(this.#beginOnce);
  }

  #begin(): void {
    this.#isScheduled = false;
    this.#left = this.#most;
    const waiting = this.#waiting;
    this.#waiting = [];
    // Those for whom nothing is left wait again, in their order.
    for (const portion of waiting) {
      try {
        this.take(portion);
      } catch (error) {
        throwLater(error);
      }
    }
  }
}
