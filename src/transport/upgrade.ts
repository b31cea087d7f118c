/** From an HTTP upgrade request to a WebSocket, or to a refusal that says why (RFC 6455 §4.2). */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from '../node-http.ts';
import {
  type AcceptResponseOptions,
  checkUpgrade,
  formatAcceptResponse,
  formatHeaders,
  formatRefusal,
  type UpgradeAccepted,
} from '../websocket/handshake.ts';
import { debug } from './debug.ts';

export interface RefusedUpgrade {
  readonly type: 'refused';
  readonly status: number;
  readonly reason: string;
}

/** What the response may say besides the handshake; its kinds of header as `formatAcceptResponse` takes them. */
export type UpgradeResponse = AcceptResponseOptions;

/**
 * Answers the handshake: with 101, or with a refusal, after which the connection is ending.
 *
 * @param respond asked for the rest of the response once the request is known to be sound
 */
export function acceptUpgrade(
  request: IncomingMessage,
  tcp: Duplex,
  maxHeaderBytes: number,
  respond: (accepted: UpgradeAccepted) => UpgradeResponse = () => ({}),
): UpgradeAccepted | RefusedUpgrade {
  if (headerBytes(request) > maxHeaderBytes) {
    refuseUpgrade(tcp, 431, 'Request header fields too large');
    return { type: 'refused', status: 431, reason: `more than ${maxHeaderBytes} bytes of headers` };
  }
  const { method = '', httpVersion, headers } = request;
  const outcome = checkUpgrade({ method, httpVersion, headers });
  if (outcome.type === 'refused') {
    debug('upgrade refused with %d: %s', outcome.status, outcome.reason);
    endUpgrade(tcp, formatRefusal(outcome));
  } else {
    tcp.write(formatAcceptResponse(outcome, respond(outcome)), 'latin1');
  }
  return outcome;
}

/**
 * Refuses an upgrade for a reason that is not the handshake's.
 *
 * @throws {TypeError} when a header is not valid; nothing has been written then
 */
export function refuseUpgrade(
  tcp: Duplex,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  debug('upgrade refused with %d: %s', status, message);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(message)}`,
    ...formatHeaders(headers),
  ];
  endUpgrade(tcp, `${lines.join('\r\n')}\r\n\r\n${message}`);
}

/**
 * Ends a connection that was not upgraded. Node's HTTP server has let go of it, with its timeouts: a peer that kept its
 * own half open would keep the whole of it.
 */
export function endUpgrade(tcp: Duplex, lastWords = ''): void {
  tcp.once('finish', () => tcp.destroy());
  tcp.resume().end(lastWords);
}

function headerBytes({ url = '', rawHeaders }: IncomingMessage): number {
  let bytes = url.length;
  for (const part of rawHeaders) bytes += part.length + 2;
  return bytes;
}
