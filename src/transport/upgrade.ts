/** From an HTTP upgrade request to a WebSocket transport, or to a refusal that says why (RFC 6455 §4.2). */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { checkUpgrade, formatAcceptResponse, formatRefusal } from '../websocket/handshake.ts';
import { debug } from './debug.ts';

/**
 * Answers the handshake: with 101 and `true`, or with a refusal, after which the connection is ending.
 *
 * @param headers extra response headers, as `name: value` pairs
 */
export function acceptUpgrade(
  request: IncomingMessage,
  tcp: Duplex,
  headers: Record<string, string> = {},
): boolean {
  const outcome = checkUpgrade({
    method: request.method ?? '',
    httpVersion: request.httpVersion,
    headers: request.headers,
  });
  if (outcome.type === 'refused') {
    debug('upgrade refused with %d: %s', outcome.status, outcome.reason);
    endUpgrade(tcp, formatRefusal(outcome));
    return false;
  }
  tcp.write(formatAcceptResponse(outcome, { headers }), 'latin1');
  return true;
}

/** Refuses an upgrade for a reason of Engine.IO's, said as its clients expect it. */
export function refuseUpgrade(tcp: Duplex, status: number, message: string): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: text/plain\r\n`;
  endUpgrade(tcp, `${head}Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`);
}

/**
 * Ends a connection that was not upgraded. Node's HTTP server has let go of it, with its timeouts: a peer that kept its
 * own half open would keep the whole of it.
 */
export function endUpgrade(tcp: Duplex, lastWords = ''): void {
  tcp.once('finish', () => tcp.destroy());
  tcp.resume().end(lastWords);
}
