import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { cookieOf, type CookieOptions } from '../http-options.ts';
import { cookieFormat } from './cookie.ts';

// It brings no types of use here.
const { serialize } = createRequire(import.meta.url)('cookie') as {
  serialize: (name: string, value: string, options: object) => string;
};

/** What both make of the options, or that they refuse them. */
function both(options: CookieOptions, value: string): [ours: string, theirs: string] {
  const given = cookieOf(options);
  assert.ok(given !== undefined);
  const attempt = (make: () => string): string => {
    try {
      return make();
    } catch (error) {
      return (error as Error).name;
    }
  };
  return [attempt(() => cookieFormat(given)(value)), attempt(() => serialize(given.name, value, given))];
}

describe('the cookie, as the package "cookie" writes it', () => {
  const options: CookieOptions[] = [
    {},
    { name: 'sid', path: '/a', domain: '.example.com' },
    { maxAge: 0 },
    { maxAge: -1.5 },
    { maxAge: Infinity },
    { maxAge: NaN },
    { expires: new Date(0), secure: true, partitioned: true, httpOnly: false },
    { expires: new Date(NaN) },
    { sameSite: true },
    { sameSite: false },
    { sameSite: 'Strict' as 'strict' },
    { sameSite: 'toString' as 'strict' },
    { priority: 'high' },
    { priority: 'urgent' as 'high' },
    { name: 'a b' },
    { name: '' },
    { domain: 'a b' },
    { domain: 'a..b' },
    { path: '/a;b' },
    { path: '/\r\nx: y' },
    { encode: (value) => value },
    { encode: (value) => `"${value}"` },
  ];
  for (const given of options) {
    it(JSON.stringify(given), () => {
      for (const value of ['abc', 'a b', 'é;,', 'a\r\nb', '']) {
        const [ours, theirs] = both(given, value);
        assert.equal(ours, theirs, value);
      }
    });
  }
});
