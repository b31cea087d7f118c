/** Questions that wait for an answer. */
import { throwLater } from '../errors.ts';

export type Answer = (...args: readonly unknown[]) => void;

/** Calls `callback` after so many milliseconds, unless called off by the returned function. */
export type After = (ms: number, callback: () => void) => () => void;

export class Acks {
  readonly #waiting = new Map<number, Answer>();

  /** How many are not answered yet. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Calls `answer` once, with what the peer acknowledges. Named as Socket.IO's adapters call it. */
  set(id: number, answer: Answer): void {
    this.#waiting.set(id, answer);
  }

  /** As `set`; with an error first, if nothing came within `ms`, else with `null` and the answer. */
  waitFor(id: number, ms: number, after: After, answer: Answer): void {
    const cancel = after(ms, () => {
      this.#waiting.delete(id);
      // The words that Socket.IO's users match.
      call(answer, [new Error('operation has timed out')]);
    });
    this.#waiting.set(id, (...args) => {
      cancel();
      answer(null, ...args);
    });
  }

  /** Waits no longer. */
  delete(id: number): void {
    this.#waiting.delete(id);
  }

  /** @returns false for an answer that nobody waits for: an invention, a repetition, or too late */
  answer(id: number, args: readonly unknown[]): boolean {
    const answer = this.#waiting.get(id);
    if (answer === undefined) return false;
    this.#waiting.delete(id);
    call(answer, args);
    return true;
  }
}

/** Sends the first answer that can be sent, and no other. */
export function onlyOnce(send: (data: readonly unknown[]) => void): Answer {
  let sent = false;
  return (...data) => {
    if (sent) return;
    send(data);
    sent = true; // and not before: who is told that an answer cannot be serialised may give another one
  };
}

/** What the user's code throws surfaces, and not through the loops that called it. */
function call(answer: Answer, args: readonly unknown[]): void {
  try {
    answer(...args);
  } catch (error) {
    throwLater(error);
  }
}
