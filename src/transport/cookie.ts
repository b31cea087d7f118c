/** The cookie that carries a session's id (RFC 6265 §4.1), written as the npm package `cookie` writes it. */
import type { CookieOptions } from '../http-options.ts';

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^("?)[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*\1$/;
const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^\\.?${LABEL}(\\.${LABEL})*$`, 'i');
const PATH = /^[\x20-\x3a\x3d-\x7e]*$/;
const SAME_SITE: Readonly<Record<string, string>> = { lax: 'Lax', strict: 'Strict', none: 'None' };
const PRIORITY: Readonly<Record<string, string>> = { low: 'Low', medium: 'Medium', high: 'High' };

/**
 * Checks the options, and returns what makes the header's value of an id.
 *
 * @throws {TypeError} for what cannot be in a cookie
 */
export function cookieFormat(options: CookieOptions & { readonly name: string }): (value: string) => string {
  const { name, encode = encodeURIComponent } = options;
  const attributes = formatAttributes(options);
  return (value) => `${checked(name, NAME, 'name')}=${checked(encode(value), VALUE, 'value')}${attributes}`;
}

function formatAttributes(options: CookieOptions): string {
  const { maxAge, domain, path, expires, priority, sameSite } = options;
  const parts = [
    maxAge !== undefined && `Max-Age=${checked(String(Math.floor(maxAge)), /^-?\d+$/, 'maxAge')}`,
    domain && `Domain=${checked(domain, DOMAIN, 'domain')}`,
    path && `Path=${checked(path, PATH, 'path')}`,
    expires && `Expires=${checked(new Date(expires).toUTCString(), /GMT$/, 'expires')}`,
    options.httpOnly && 'HttpOnly',
    options.secure && 'Secure',
    options.partitioned && 'Partitioned',
    priority && `Priority=${named(priority, PRIORITY, 'priority')}`,
    sameSite && `SameSite=${sameSite === true ? 'Strict' : named(sameSite, SAME_SITE, 'sameSite')}`,
  ];
  return parts.map((part) => (part ? `; ${part}` : '')).join('');
}

function checked(value: string, pattern: RegExp, what: string): string {
  if (pattern.test(value)) return value;
  throw new TypeError(`Option "cookie" has an invalid ${what}: "${value}"`);
}

function named(value: string, names: Readonly<Record<string, string>>, what: string): string {
  const known = Object.entries(names).find(([name]) => name === value.toLowerCase());
  return known?.[1] ?? checked(value, /^$/, what);
}
