/**
 * Decodes engine messages as packets (Socket.IO protocol v5, "Packet encoding").
 *
 * Theory of operation. A text message is a whole packet, or the beginning of one whose attachments follow, one binary
 * message each. Nothing else may come in between, so the decoder holds at most one unfinished packet.
 */

import type { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { restoreAttachments } from './attachments.ts';
import { RESERVED_EVENTS } from './packet.ts';
import type { EventData, Packet } from './packet.ts';

/**
 * A packet; or `incomplete`, when attachments are still to come; or `invalid`, after which the connection should be
 * closed. The `reason` is for logs.
 */
export type Decoded = Packet | { type: 'incomplete' } | { type: 'invalid'; reason: string };

type DataPacket = Extract<Packet, { type: 'event' | 'ack' }>;

interface Unfinished {
  readonly packet: DataPacket;
  readonly attachmentCount: number;
  readonly attachments: Buffer[];
}

/**
 * How deep a peer may nest its data. `JSON.parse` takes any depth, but whoever walks the data afterwards, to send it on
 * for instance, would run out of stack. Half of what the encoder takes, so that a handler can wrap it.
 */
const MAX_DEPTH = 500;

const INCOMPLETE: Decoded = Object.freeze({ type: 'incomplete' });

// Where these stand in the string, they stand on the wire: types 0 to 6.
const WIRE_TYPES = [
  'connect',
  'disconnect',
  'event',
  'ack',
  'connect error',
  'binary event',
  'binary ack',
] as const;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
const EVENT = 0x32; // '2'
const BRACKET = 0x5b; // '['

/** Decodes the messages of one connection, from clients and from servers alike. */
export class PacketDecoder {
  readonly #maxAttachments: number;
  #unfinished: Unfinished | undefined;

  /** @param limits `maxAttachments`: how many attachments a packet may announce; `Infinity` for no limit */
  constructor(limits: { maxAttachments: number }) {
    this.#maxAttachments = limits.maxAttachments;
  }

  /** Whether attachments are still to come. */
  get pending(): boolean {
    return this.#unfinished !== undefined;
  }

  /** Receives one engine message, and never throws for what a peer sent. Buffers are kept, not copied. */
  receive(message: string | Buffer): Decoded {
    try {
      return typeof message === 'string' ? this.#receiveText(message) : this.#receiveAttachment(message);
    } catch (error) {
      this.discard();
      if (error instanceof ProtocolError) return { type: 'invalid', reason: error.message };
      throw error;
    }
  }

  /** Forgets an unfinished packet. Called when the connection is gone; doing so twice is harmless. */
  discard(): void {
    this.#unfinished = undefined;
  }

  #receiveText(text: string): Decoded {
    if (this.#unfinished !== undefined) {
      throw new ProtocolError('Cannot accept text: attachments of the last packet are missing');
    }
    // By far the most usual packet: an event of the main namespace that asks for no ack.
    if (text.charCodeAt(0) === EVENT && text.charCodeAt(1) === BRACKET) {
      return { type: 'event', namespace: '/', data: checkEventData(parseJson(text.slice(1))) };
    }
    const { packet, attachmentCount } = parseText(text, this.#maxAttachments);
    if (attachmentCount === 0) return packet;
    this.#unfinished = { packet: packet as DataPacket, attachmentCount, attachments: [] };
    return INCOMPLETE;
  }

  #receiveAttachment(attachment: Buffer): Decoded {
    const unfinished = this.#unfinished;
    if (unfinished === undefined) {
      throw new ProtocolError('Cannot accept binary: the last packet announced no attachments');
    }
    unfinished.attachments.push(attachment);
    if (unfinished.attachments.length < unfinished.attachmentCount) return INCOMPLETE;
    this.#unfinished = undefined;
    restoreAttachments(unfinished.packet.data, unfinished.attachments);
    return unfinished.packet;
  }
}

/** `<type>[<attachments>-][<namespace>,][<id>][<JSON>]`; the packet of a binary type still has its placeholders. */
function parseText(text: string, maxAttachments: number): { packet: Packet; attachmentCount: number } {
  const type = WIRE_TYPES[text.charCodeAt(0) - DIGIT_0];
  if (type === undefined) throw new ProtocolError(`Unknown packet type "${text.slice(0, 1)}"`);
  let at = 1;

  let attachmentCount = 0;
  if (type === 'binary event' || type === 'binary ack') {
    const end = skipDigits(text, at);
    attachmentCount = parseAttachmentCount(text.slice(at, end), maxAttachments);
    if (text[end] !== '-') throw new ProtocolError('Cannot parse packet: its attachment count has no end');
    at = end + 1;
  }

  let namespace = '/';
  if (text[at] === '/') {
    const comma = text.indexOf(',', at);
    const end = comma === -1 ? text.length : comma;
    namespace = text.slice(at, end);
    at = end + 1;
  }

  const idEnd = skipDigits(text, at);
  const id = idEnd > at ? parseId(text.slice(at, idEnd)) : undefined;
  const data = idEnd < text.length ? parseJson(text.slice(idEnd)) : undefined;
  return { packet: checkPacket(type, namespace, id, data), attachmentCount };
}

/** Each type takes certain data only; what passes here cannot surprise the layers above (CVE-2023-32695). */
function checkPacket(
  type: (typeof WIRE_TYPES)[number],
  namespace: string,
  id: number | undefined,
  data: unknown,
): Packet {
  switch (type) {
    case 'connect':
      if (data === undefined) return { type, namespace };
      if (!isObject(data)) throw new ProtocolError('Cannot accept connect: its data is not an object');
      return { type, namespace, data };
    case 'disconnect':
      if (data !== undefined) throw new ProtocolError('Cannot accept disconnect: it has data');
      return { type, namespace };
    case 'connect error':
      return { type, namespace, data: checkConnectError(data) };
    case 'event':
    case 'binary event': {
      const event = checkEventData(data);
      return id === undefined
        ? { type: 'event', namespace, data: event }
        : { type: 'event', namespace, id, data: event };
    }
    case 'ack':
    case 'binary ack':
      break;
  }
  if (id === undefined) throw new ProtocolError('Cannot accept ack: it has no id');
  if (!Array.isArray(data)) throw new ProtocolError('Cannot accept ack: its data is not an array');
  return { type: 'ack', namespace, id, data };
}

function checkEventData(data: unknown): EventData {
  if (!Array.isArray(data)) throw new ProtocolError('Cannot accept event: its data is not an array');
  const name: unknown = data[0];
  if (typeof name !== 'string' && typeof name !== 'number') {
    throw new ProtocolError('Cannot accept event: its name is neither a string nor a number');
  }
  if (RESERVED_EVENTS.has(name as string))
    throw new ProtocolError(`Cannot accept event: "${name}" is reserved`);
  return data as unknown as EventData;
}

/** A bare string is how servers before v5 refused a connection. */
function checkConnectError(data: unknown): { message: string; data?: unknown } {
  if (typeof data === 'string') return { message: data };
  if (!isObject(data) || typeof data['message'] !== 'string') {
    throw new ProtocolError('Cannot accept connect error: its data has no message');
  }
  const message = data['message'];
  return Object.hasOwn(data, 'data') ? { message, data: data['data'] } : { message };
}

/** Checked before anything is kept: neither none at all nor any number of attachments is a binary packet. */
function parseAttachmentCount(digits: string, maxAttachments: number): number {
  const count = Number(digits);
  if (count < 1) throw new ProtocolError('Cannot accept binary packet: it announces no attachments');
  if (count > maxAttachments) {
    throw new ProtocolError(
      `Cannot accept binary packet: it announces more than ${maxAttachments} attachments`,
    );
  }
  return count;
}

function parseId(digits: string): number {
  const id = Number(digits);
  if (!Number.isSafeInteger(id))
    throw new ProtocolError('Cannot accept packet: its id is not a safe integer');
  return id;
}

function parseJson(text: string): unknown {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ProtocolError('Cannot parse packet: its data is not JSON');
  }
  // Each level takes two characters, so that short packets need no look.
  if (text.length > 2 * MAX_DEPTH && isDeeperThan(MAX_DEPTH, data)) {
    throw new ProtocolError(`Cannot accept packet: its data is nested deeper than ${MAX_DEPTH} levels`);
  }
  return data;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return items.some((item) => isDeeperThan(levels - 1, item));
}

function skipDigits(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) >= DIGIT_0 && text.charCodeAt(at) <= DIGIT_9) at++;
  return at;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
