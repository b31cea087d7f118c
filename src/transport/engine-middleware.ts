/** Express-style functions before the engine, for HTTP requests and for upgrades. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { throwLater } from '../errors.ts';
import { ServerResponse as NodeResponse } from '../node-http.ts';
import { endUpgrade } from './upgrade.ts';

/**
 * Calls `next()` to let the request on, `next(error)` to refuse it, or answers it by itself. A promise that it returns
 * refuses it by rejecting.
 */
export type EngineMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => unknown;

/** One after the other. `done` is called at most once: with what went wrong, or with something falsy. */
export function applyMiddlewares(
  middlewares: readonly EngineMiddleware[],
  request: IncomingMessage,
  response: ServerResponse,
  done: (failure: unknown) => void,
): void {
  const step = (at: number): void => {
    const middleware = middlewares[at];
    if (middleware === undefined) {
      done(undefined);
      return;
    }
    let settled = false;
    const next = (failure?: unknown): void => {
      if (settled) return;
      settled = true;
      if (failure) done(failure);
      else step(at + 1);
    };
    try {
      Promise.resolve(middleware(request, response, next)).catch(next);
    } catch (error) {
      if (settled) throwLater(error);
      else next(error);
    }
  };
  step(0);
}

/** Those that the handshake says itself, and those about a body, which a 101 has not. */
const NOT_FOR_101 =
  /^(connection|upgrade|sec-websocket-(accept|extensions|protocol)|content-length|transfer-encoding|date)$/i;

/**
 * What middlewares write to when the request is an upgrade. One that answers by itself has a real answer sent; of one
 * that lets the request on, the headers are kept for the 101.
 */
export class UpgradeStandIn extends NodeResponse {
  readonly #tcp: Duplex;

  constructor(request: IncomingMessage, tcp: Duplex) {
    super(request);
    this.#tcp = tcp;
    // The connection is not the HTTP server's any more.
    this.shouldKeepAlive = false;
    this.assignSocket(tcp as Socket);
    this.once('finish', () => endUpgrade(tcp));
  }

  /** The middlewares are through: the connection is the engine's. */
  release(): void {
    if (this.socket === null) return;
    this.detachSocket(this.#tcp as Socket);
    // Some middlewares log when it is over.
    this.#tcp.once('close', () => this.emit('close'));
  }

  /** The headers that were set, for a 101. Some middlewares set theirs only now. */
  takeHeaders(): OutgoingHttpHeaders {
    this.writeHead(101);
    const headers: OutgoingHttpHeaders = {};
    for (const name of this.getHeaderNames()) {
      if (!NOT_FOR_101.test(name)) headers[name] = this.getHeader(name);
    }
    return headers;
  }
}

/** One line for each value. */
export function headerLines(headers: OutgoingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`),
  );
}
