/** Takes binary out of a packet's data and puts it back (Socket.IO protocol v5, "Sending and receiving binary"). */

import { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';

/**
 * How deep data to be sent may be nested. Far beyond any real data, far below the end of the stack; a cycle always
 * reaches it.
 */
const MAX_DEPTH = 1000;

/**
 * Says whether data contains a `Buffer`, `ArrayBuffer`, typed array or `DataView`. Looks where `JSON.stringify` would
 * look: own enumerable properties, and the result of `toJSON`.
 *
 * @throws {TypeError} when the data contains a cycle or is nested deeper than 1000 levels
 */
export function hasBinary(data: unknown): boolean {
  return containsBinary(data, 0, true);
}

/**
 * Copies data with each binary value replaced by a numbered placeholder. The attachments share memory with the
 * values: do not change these until they are sent.
 *
 * @throws {TypeError} when the data contains a cycle or is nested deeper than 1000 levels
 */
export function extractAttachments(data: unknown): { data: unknown; attachments: Buffer[] } {
  const attachments: Buffer[] = [];
  return { data: extract(data, attachments, 0, true), attachments };
}

/**
 * Puts attachments in the place of their placeholders, within `data` itself, which must be fresh from the decoder:
 * parsed from JSON, limited in depth, seen by nobody yet. As in Socket.IO, an attachment may be used twice or never.
 *
 * @returns the same data, or the attachment when `data` is itself a placeholder
 * @throws {ProtocolError} when a placeholder has no valid number
 */
export function restoreAttachments(data: unknown, attachments: readonly Buffer[]): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Object.hasOwn(data, '_placeholder') && readOwn(data, '_placeholder') === true) {
    return findAttachment(data, attachments);
  }
  if (Array.isArray(data)) {
    for (let i = 0; i < data.length; i++) data[i] = restoreAttachments(data[i], attachments);
    return data;
  }
  for (const key of Object.keys(data)) {
    const before = readOwn(data, key);
    const after = restoreAttachments(before, attachments);
    if (after !== before) writeOwn(data, key, after);
  }
  return data;
}

function containsBinary(value: unknown, depth: number, mayConvert: boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) {
    for (const item of value) if (containsBinary(item, depth + 1, true)) return true;
    return false;
  }
  if (isBinary(value)) return true;
  // As in JSON.stringify, a result of toJSON is not converted again.
  if (mayConvert && hasToJSON(value)) return containsBinary(value.toJSON(), depth + 1, false);
  for (const key in value) {
    if (Object.hasOwn(value, key) && containsBinary(readOwn(value, key), depth + 1, true)) return true;
  }
  return false;
}

function extract(value: unknown, attachments: Buffer[], depth: number, mayConvert: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) return value.map((item) => extract(item, attachments, depth + 1, true));
  if (isBinary(value)) {
    attachments.push(toBuffer(value));
    return { _placeholder: true, num: attachments.length - 1 };
  }
  if (value instanceof Date) return value;
  if (mayConvert && hasToJSON(value)) return extract(value.toJSON(), attachments, depth + 1, false);
  const copy = {};
  for (const key of Object.keys(value)) {
    writeOwn(copy, key, extract(readOwn(value, key), attachments, depth + 1, true));
  }
  return copy;
}

/** `num` comes from the peer: "length", "__proto__" or 0.5 must find nothing (CVE-2022-2421). */
function findAttachment(placeholder: object, attachments: readonly Buffer[]): Buffer {
  const number = Object.hasOwn(placeholder, 'num') ? readOwn(placeholder, 'num') : undefined;
  const attachment = Number.isInteger(number) ? attachments[number as number] : undefined;
  if (attachment === undefined) {
    throw new ProtocolError(`Cannot restore attachment: no attachment has the number ${describe(number)}`);
  }
  return attachment;
}

function isBinary(value: object): value is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function toBuffer(value: ArrayBuffer | ArrayBufferView): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function hasToJSON(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function readOwn(value: object, key: string): unknown {
  return (value as Record<string, unknown>)[key];
}

/** An assignment to "__proto__" would change the prototype instead of making a property. */
function writeOwn(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (target as Record<string, unknown>)[key] = value;
  }
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `of type ${typeof value}`;
}

function tooDeep(): TypeError {
  return new TypeError(`Cannot send data: it contains a cycle or is nested deeper than ${MAX_DEPTH} levels`);
}
