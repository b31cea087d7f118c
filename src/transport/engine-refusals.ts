/** What is said to requests that are not served. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type checkRequest, ENGINE_ERRORS, formatRefusal } from '../engineio/handshake.ts';

export type Refusal = Extract<ReturnType<typeof checkRequest>, { type: 'refused' }> & {
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** @param why told to the client and to the `connection_error` event */
export function forbidden(
  why: string | undefined,
  { status, headers }: Pick<Refusal, 'status' | 'headers'>,
): Refusal {
  const message = why ?? ENGINE_ERRORS[4].message;
  return { type: 'refused', status, code: 4, message, context: { message: why }, headers };
}

/** @param context for the `connection_error` event */
export function badRequest(context: Record<string, unknown>): Refusal {
  return { type: 'refused', code: 3, ...ENGINE_ERRORS[3], context };
}

/** Engine.IO answers a request with JSON, an upgrade with the bare message. */
export function refuseRequest(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  // A middleware may have begun an answer before it failed.
  if (response.headersSent && !response.writableEnded) response.end();
  if (response.headersSent || response.destroyed) return;
  // There may be a body, of any length, that nobody waits for.
  if (request.method !== 'GET' && request.method !== 'HEAD') response.shouldKeepAlive = false;
  const body = formatRefusal(refusal);
  response.writeHead(refusal.status, {
    ...refusal.headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}
