/**
 * Keeps other sites' pages from acting in the name of a visitor: browsers attach our cookie to what any page sends
 * here, but they also say where that page came from. Programs that are no browsers say nothing, carry nobody's
 * cookie by accident, and may pass.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** True if the request comes from a page of this very server, or from no page at all. For sockets. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** The same for requests that change something. Browsers send `Sec-Fetch-Site` over https and to localhost only. */
export function mayChange(request: IncomingMessage): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return isSameOrigin(request);
}

/**
 * True if the visitor's side of the connection is encrypted. The header is what a proxy in front of us sets; anybody
 * else who sets it changes only the attributes of their own cookie.
 */
export function isHttps(request: IncomingMessage): boolean {
  if ('encrypted' in request.socket && request.socket.encrypted === true) return true;
  const forwarded = request.headers['x-forwarded-proto'];
  return typeof forwarded === 'string' && forwarded.split(',', 1)[0]?.trim() === 'https';
}

/** What a passkey belongs to. */
export interface PasskeySite {
  rpId: string;
  origin: string;
}

/**
 * The site of the page that asks, which its browser tells and which is ours. Null where browsers make no passkeys: without
 * https, except on one's own machine, and where the address is a number instead of a name.
 */
export function passkeySite(request: IncomingMessage): PasskeySite | null {
  const { host = '', origin = `${isHttps(request) ? 'https' : 'http'}://${host}` } = request.headers;
  if (!isSameOrigin(request) || !URL.canParse(origin)) return null;
  const { protocol, hostname, origin: normal } = new URL(origin);
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) return null;
  return isIP(hostname) > 0 || hostname.startsWith('[') ? null : { rpId: hostname, origin: normal };
}
