import { LIMITS } from '../../shared/events.ts';

/**
 * Makes 16 random bytes in hexadecimal. `crypto.randomUUID` would do, but browsers hide it from pages
 * on plain http, where a chat in a local network lives.
 */
export function makeNonce(random: (bytes: Uint8Array<ArrayBuffer>) => unknown): string {
  const bytes = new Uint8Array(LIMITS.nonceChars / 2);
  random(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
