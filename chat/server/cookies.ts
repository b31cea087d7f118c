/** Cookies: those that hold a token which no script may read, and those that pages write. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isHttps } from './same-origin.ts';
import { isToken } from './tokens.ts';

/** With `__Host-` no other host, path or plain http can plant the cookie; browsers allow it over https alone. */
function fullName(request: IncomingMessage, name: string): string {
  return isHttps(request) ? `__Host-${name}` : name;
}

export function setCookie(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  token: string,
  maxAgeMs: number,
): void {
  const secure = isHttps(request) ? '; Secure' : '';
  const lifetime = `Max-Age=${maxAgeMs / 1_000}`;
  response.setHeader(
    'Set-Cookie',
    `${fullName(request, name)}=${token}; Path=/; HttpOnly; SameSite=Lax; ${lifetime}${secure}`,
  );
}

/** The first of this name that is a token. */
export function readCookie(request: IncomingMessage, name: string): string | null {
  return cookiesNamed(request, fullName(request, name)).find(isToken) ?? null;
}

/** The values of all cookies of this name: a browser may send several, of other paths or planted by other hosts. */
export function cookiesNamed(request: IncomingMessage, name: string): string[] {
  return (request.headers.cookie?.split(';') ?? []).flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals === -1 || pair.slice(0, equals).trim() !== name ? [] : [pair.slice(equals + 1).trim()];
  });
}
