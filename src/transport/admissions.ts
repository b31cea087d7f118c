/** The user's say in who may open a session: it is asked, its first answer counts, and it has a deadline. */
import type { IncomingMessage } from 'node:http';
import type { AllowRequest, Rejection } from '../options.ts';
import { throwLater } from '../errors.ts';
import { Timer, type TimerWheel } from './clock.ts';

/** `why` is told to the client and to the `connection_error` event. */
export type Admission =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly status: number;
      readonly why: string | undefined;
      readonly headers?: Record<string, string> | undefined;
    };

export class Admissions {
  readonly #wheel: TimerWheel;
  readonly #timeoutMs: number;
  /** What ends the waits. */
  readonly #waiting = new Set<(why: string) => void>();

  constructor(wheel: TimerWheel, timeoutMs: number) {
    this.#wheel = wheel;
    this.#timeoutMs = timeoutMs;
  }

  /** Asks about one request. `decided` is called once, whatever `allowRequest` does: answer twice, throw, or forget it. */
  ask(allowRequest: AllowRequest, request: IncomingMessage, decided: (admission: Admission) => void): void {
    const start = (settle: (admission: Admission) => void): void => {
      try {
        allowRequest(request, (error, allowed) => settle(allowed ? { allowed } : refused(error)));
      } catch (error) {
        settle(undecided('the server could not decide'));
        throwLater(error);
      }
    };
    this.wait(start, decided, (why) => decided(undecided(why)));
  }

  /**
   * Starts something that is the user's, and waits for it. One of the two is called, once: `settled` with its first
   * answer, or `lapsed` when that does not come in time.
   *
   * @returns what ends the wait without a word
   */
  wait<T>(
    start: (settle: (answer: T) => void) => void,
    settled: (answer: T) => void,
    lapsed: (why: string) => void,
  ): () => void {
    const end = (): boolean => {
      this.#wheel.cancel(deadline);
      return this.#waiting.delete(lapse);
    };
    const lapse = (why: string): void => {
      if (end()) lapsed(why);
    };
    const deadline = new Timer({ onTimer: () => lapse('the server took too long to decide') });
    this.#waiting.add(lapse);
    this.#wheel.set(deadline, this.#wheel.now() + this.#timeoutMs);
    start((answer) => {
      if (end()) settled(answer);
    });
    return () => void end();
  }

  /** Refuses everybody who still waits: a pending request would keep the HTTP server from closing. */
  close(): void {
    for (const lapse of this.#waiting) lapse('server is closing');
  }
}

/** @throws {RangeError} for a status that is no refusal */
function refused(error: string | Rejection | null | undefined): Admission {
  if (typeof error !== 'object' || error === null)
    return { allowed: false, status: 403, why: error ?? undefined };
  const { status, message, headers } = error;
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new RangeError(`Cannot refuse with status "${status}": it must be 400 to 599`);
  }
  return { allowed: false, status, why: message, headers };
}

function undecided(why: string): Admission {
  return { allowed: false, status: 503, why };
}
