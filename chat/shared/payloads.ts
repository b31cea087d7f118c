/**
 * Checks what arrives from the other side: wrong types are refused, unknown fields are dropped, and nothing here
 * throws. Fields are read only if they are the object's own, so a `__proto__` in the JSON supplies none.
 */
import { type Failure, LIMITS } from './events.ts';

export type Parsed<T> = { ok: true; value: T } | Failure;

export interface EnterAsk {
  room: string;
  rev: number | null;
}

export interface SendAsk {
  room: string;
  nonce: string;
  body: string;
}

export interface HistoryAsk {
  room: string;
  before: number;
  limit: number;
}

const NONCE = new RegExp(`^[0-9a-fA-F]{${LIMITS.nonceChars}}$`);
const MAX_SLUG_CHARS = 64;

export function parseEnter(ask: unknown): Parsed<EnterAsk> {
  const room = parseRoom(ask);
  if (!room.ok) return room;
  const rev = field(ask, 'rev');
  if (rev === undefined) return { ok: true, value: { room: room.value, rev: null } };
  if (!isCount(rev)) return invalid('"rev" must be a whole number, 0 or more.');
  return { ok: true, value: { room: room.value, rev } };
}

export function parseSend(ask: unknown): Parsed<SendAsk> {
  const room = parseRoom(ask);
  if (!room.ok) return room;
  const nonce = field(ask, 'nonce');
  if (typeof nonce !== 'string' || !NONCE.test(nonce)) {
    return invalid(`"nonce" must be ${LIMITS.nonceChars} hexadecimal digits.`);
  }
  const body = parseBody(field(ask, 'body'));
  if (!body.ok) return body;
  return { ok: true, value: { room: room.value, nonce, body: body.value } };
}

/** Parses the ask of `history`; a `limit` above the page size means the page size. */
export function parseHistory(ask: unknown): Parsed<HistoryAsk> {
  const room = parseRoom(ask);
  if (!room.ok) return room;
  const before = field(ask, 'before');
  if (!isCount(before) || before < 1) return invalid('"before" must be a whole number, 1 or more.');
  const limit = field(ask, 'limit') ?? LIMITS.pageSize;
  if (!isCount(limit) || limit < 1) return invalid('"limit" must be a whole number, 1 or more.');
  return { ok: true, value: { room: room.value, before, limit: Math.min(limit, LIMITS.pageSize) } };
}

/** Parses a message's text. Half a surrogate pair cannot be stored as UTF-8 and becomes U+FFFD. */
export function parseBody(body: unknown): Parsed<string> {
  if (typeof body !== 'string') return invalid('A message must be a text.');
  if (body.length > LIMITS.bodyChars) {
    const text = `A message can have at most ${LIMITS.bodyChars} characters; this one has ${body.length}.`;
    return { ok: false, code: 'too long', text };
  }
  if (body.trim() === '') return invalid('A message needs some text.');
  return { ok: true, value: body.replace(/\p{Surrogate}/gu, '\uFFFD') };
}

function parseRoom(ask: unknown): Parsed<string> {
  const room = field(ask, 'room');
  if (typeof room !== 'string' || room === '' || room.length > MAX_SLUG_CHARS) {
    return invalid('"room" must be the short name of a room.');
  }
  return { ok: true, value: room };
}

/** Reads an own field of whatever this is. */
export function field(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return undefined;
  return (from as Record<string, unknown>)[name];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function invalid(text: string): Failure {
  return { ok: false, code: 'invalid', text };
}
