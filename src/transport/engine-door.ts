/** The way of a request into the engine: the user's middlewares, room for one more, `allowRequest`, an id. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StateError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import { Admissions } from './admissions.ts';
import type { TimerWheel } from './clock.ts';
import { ConnectionCounts, type NoRoom } from './connection-counts.ts';
import { cookieFormat } from './cookie.ts';
import { debug } from './debug.ts';
import { applyMiddlewares, type EngineMiddleware } from './engine-middleware.ts';
import { badRequest, forbidden, type Refusal } from './engine-refusals.ts';

/** Tells the client, and whoever wants to know. */
export type Refuse = (refusal: Refusal) => void;

export interface DoorHost {
  readonly options: ResolvedOptions;
  readonly wheel: TimerWheel;
  generateId(request: IncomingMessage): string | Promise<string>;
  isIdInUse(id: string): boolean;
}

/** Who serves next may be there in a moment. */
const CLOSING: NoRoom = { status: 503, why: 'server is closing', headers: { 'Retry-After': '1' } };

export class EngineDoor {
  readonly counts: ConnectionCounts;
  readonly #host: DoorHost;
  readonly #admissions: Admissions;
  readonly #cookieOf: ((id: string) => string) | undefined;
  #closed = false;

  /** @throws {TypeError} when `options.cookie` cannot be a cookie */
  constructor(host: DoorHost) {
    const { cookie, connectTimeoutMs } = host.options;
    this.#host = host;
    this.counts = new ConnectionCounts(host.options);
    this.#admissions = new Admissions(host.wheel, connectTimeoutMs);
    this.#cookieOf = cookie && cookieFormat(cookie);
    // Here, so that a wrong option throws now.
    this.cookieOf('');
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  open(): void {
    this.#closed = false;
  }

  /** Refuses new sessions from now on. */
  shut(): void {
    this.#closed = true;
  }

  /** Refuses those who wait, too. */
  close(): void {
    this.shut();
    this.#admissions.close();
  }

  /** What tells a client its id in a cookie, if one shall. */
  cookieOf(id: string): string | undefined {
    return this.#cookieOf?.(id);
  }

  /** Lets a request through the user's functions, with no detour where there are none. */
  pass(
    middlewares: readonly EngineMiddleware[],
    request: IncomingMessage,
    response: ServerResponse,
    passed: () => void,
    refuse: Refuse,
  ): void {
    if (middlewares.length === 0) {
      passed();
      return;
    }
    const forget = this.#admissions.wait<unknown>(
      (settle) => applyMiddlewares(middlewares, request, response, settle),
      (failure) => {
        if (failure) {
          debug('middleware failed: %s', failure);
          refuse(badRequest({ name: 'MIDDLEWARE_FAILURE' }));
        } else if (!response.writableEnded && !response.destroyed) {
          passed();
        }
      },
      (why) => refuse(forbidden(why, { status: 503 })),
    );
    // It has answered by itself, or the client has left.
    response.once('close', forget);
  }

  /** Asks whether a session may be opened, and for its id. */
  admit(request: IncomingMessage, allow: (id: string) => void, refuse: Refuse): void {
    const { allowRequest } = this.#host.options;
    const noRoom = this.#noRoomFor(request);
    if (noRoom !== undefined) {
      refuse(forbidden(noRoom.why, noRoom));
    } else if (allowRequest === undefined) {
      this.#identify(request, allow, refuse);
    } else {
      this.#admissions.ask(allowRequest, request, (admission) => {
        if (admission.allowed) this.#identify(request, allow, refuse);
        else refuse(forbidden(admission.why, { status: admission.status }));
      });
    }
  }

  #identify(request: IncomingMessage, allow: (id: string) => void, refuse: Refuse): void {
    const fail = (error: unknown): void => refuse(badRequest({ name: 'ID_GENERATION_ERROR', error }));
    const take = (id: string): void => {
      // Others may have come in while the user was thinking.
      const noRoom = this.#noRoomFor(request);
      const fault = this.#faultOf(id);
      if (noRoom !== undefined) refuse(forbidden(noRoom.why, noRoom));
      else if (fault !== undefined) fail(fault);
      else allow(id);
    };
    let id: string | Promise<string>;
    try {
      id = this.#host.generateId(request);
    } catch (error) {
      fail(error);
      return;
    }
    if (typeof id === 'string') {
      take(id);
      return;
    }
    const promised = Promise.resolve(id);
    this.#admissions.wait<() => void>(
      (settle) =>
        void promised.then(
          (given) => settle(() => take(given)),
          (error: unknown) => settle(() => fail(error)),
        ),
      (proceed) => proceed(),
      (why) => refuse(forbidden(why, { status: 503 })),
    );
  }

  /** Why an id cannot be a session's. */
  #faultOf(id: unknown): unknown {
    if (typeof id !== 'string' || id === '') return new TypeError('The id must be a string, and not empty');
    if (this.#host.isIdInUse(id)) return new StateError(`The id "${id}" is in use`);
    try {
      this.cookieOf(id);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  #noRoomFor(request: IncomingMessage): NoRoom | undefined {
    return this.#closed ? CLOSING : this.counts.noRoomFor(request);
  }
}
