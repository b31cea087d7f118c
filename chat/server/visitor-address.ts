/** Where a request comes from: whom the limits per address count, and who sits at the server's own machine. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

export type VisitorAddress = (request: IncomingMessage) => string;

/** Behind a proxy that is ours, the last entry of `X-Forwarded-For` is what it saw; anybody else may write what they like. */
export function visitorAddress(trustProxy: boolean): VisitorAddress {
  return (request) => {
    const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
    const last = forwarded?.toString().split(',').at(-1)?.trim() ?? '';
    return isIP(last) === 0 ? plain(request.socket.remoteAddress ?? '') : plain(last);
  };
}

const FORWARDING = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * True if the visitor sits at this machine. A proxy here makes everybody look so, but most say that they are one, or pass
 * on a name of ours that is not this machine's own. Those that do neither speak HTTP/1.0, as nginx did for long, or are
 * given away by browsers, which tell what stands in their address line. One that shows none of this, asked by a program
 * that lies, is not told apart: the chat's README says what to do then.
 */
export function isAtThisMachine(request: IncomingMessage): boolean {
  const { origin, referer } = request.headers;
  return (
    isLoopback(plain(request.socket.remoteAddress ?? '')) &&
    isLocalHost(request) &&
    FORWARDING.every((header) => request.headers[header] === undefined) &&
    request.httpVersion !== '1.0' &&
    [origin, referer].every((page) => page === undefined || isLocalPage(page))
  );
}

/** Whether the address by which they came means this machine on every machine. */
export function isLocalHost({ headers }: IncomingMessage): boolean {
  return LOCAL_HOST.test(headers.host ?? '');
}

function isLocalPage(address: string): boolean {
  return URL.canParse(address) && LOCAL_HOST.test(new URL(address).host);
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** IPv4 on a socket that takes both looks like `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '');
}
