/** The user's say in who may open a session: `allowRequest` is asked, its first answer counts, and it has a deadline. */
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

type Settle = (admission: Admission) => void;

export class Admissions {
  readonly #wheel: TimerWheel;
  readonly #timeoutMs: number;
  readonly #waiting = new Set<Settle>();

  constructor(wheel: TimerWheel, timeoutMs: number) {
    this.#wheel = wheel;
    this.#timeoutMs = timeoutMs;
  }

  /** Asks about one request. `decided` is called once, whatever `allowRequest` does: answer twice, throw, or forget it. */
  ask(allowRequest: AllowRequest, request: IncomingMessage, decided: Settle): void {
    const settle: Settle = (admission) => {
      if (!this.#waiting.delete(settle)) return;
      this.#wheel.cancel(deadline);
      decided(admission);
    };
    const deadline = new Timer({ onTimer: () => settle(undecided('the server took too long to decide')) });
    this.#waiting.add(settle);
    this.#wheel.set(deadline, this.#wheel.now() + this.#timeoutMs);
    try {
      allowRequest(request, (error, allowed) => settle(allowed ? { allowed } : refused(error)));
    } catch (error) {
      settle(undecided('the server could not decide'));
      throwLater(error);
    }
  }

  /** Refuses everybody who still waits: a pending request would keep the HTTP server from closing. */
  close(): void {
    for (const settle of this.#waiting) settle(undecided('server is closing'));
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
