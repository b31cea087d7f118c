/** Masking and unmasking, which are the same (RFC 6455 §5.3, https://www.rfc-editor.org/rfc/rfc6455#section-5.3). */

import { canMaskVectors, maskVectors } from './simd-mask.ts';

/** Below these, what they need first costs more than they save (measured). */
const wordsPayFrom = 256;
const vectorsPayFrom = canMaskVectors ? 512 : Infinity;

/** Turns four bytes into a word in this machine's byte order. */
const keyBytes = new Uint8Array(4);
const keyWord = new Int32Array(keyBytes.buffer);

/**
 * Masks or unmasks the bytes in place.
 *
 * @param key the four bytes, or the same as a big-endian number
 * @param offset how many bytes of the payload came before these
 */
export function applyMask(bytes: Buffer, key: Buffer | number, offset = 0): void {
  const number = typeof key === 'number' ? key : key.readInt32BE(0);
  if (number === 0) return;
  const start = turned(number, offset);
  if (bytes.length < wordsPayFrom) maskBytes(bytes, start, 0, bytes.length);
  else if (bytes.length < vectorsPayFrom) maskWords(bytes, start);
  else maskVectors(bytes, backwards(start));
}

/** The key as seen from `offset` on: its first byte is the one for the next byte. */
function turned(key: number, offset: number): number {
  const bits = (offset & 3) * 8;
  return bits === 0 ? key : (key << bits) | (key >>> (32 - bits));
}

function backwards(key: number): number {
  return (key << 24) | ((key & 0xff00) << 8) | ((key >>> 8) & 0xff00) | (key >>> 24);
}

function maskBytes(bytes: Buffer, key: number, start: number, end: number): void {
  const [a, b, c, d] = [key >>> 24, (key >>> 16) & 0xff, (key >>> 8) & 0xff, key & 0xff];
  let at = start;
  for (const whole = end - 3; at < whole; at += 4) {
    bytes[at]! ^= a;
    bytes[at + 1]! ^= b;
    bytes[at + 2]! ^= c;
    bytes[at + 3]! ^= d;
  }
  if (at < end) bytes[at]! ^= a;
  if (at + 1 < end) bytes[at + 1]! ^= b;
  if (at + 2 < end) bytes[at + 2]! ^= c;
}

/** Bytes up to the first aligned word, then words, then the bytes that are left. */
function maskWords(bytes: Buffer, key: number): void {
  const head = -bytes.byteOffset & 3;
  maskBytes(bytes, key, 0, head);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, (bytes.length - head) >>> 2);
  const aligned = turned(key, head);
  for (let i = 0; i < 4; i++) keyBytes[i] = aligned >>> (24 - 8 * i);
  const word = keyWord[0]!;
  for (let i = 0; i < words.length; i++) words[i]! ^= word;
  maskBytes(bytes, aligned, head + words.length * 4, bytes.length);
}
