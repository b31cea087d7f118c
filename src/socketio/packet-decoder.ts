/**
 * Decodes engine messages as packets (Socket.IO protocol v5, "Packet encoding").
 *
 * Theory of operation. A text message is a whole packet, or the beginning of one whose attachments follow, one binary
 * message each. Nothing else may come in between, so the decoder holds at most one unfinished packet.
 */

import type { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { restoreAttachments } from './attachments.ts';
import { checkEventData, checkPacket } from './check-packet.ts';
import type { Packet } from './packet.ts';

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

// Where these stand in the list, they stand on the wire.
const WIRE_TYPES = ['connect', 'disconnect', 'event', 'ack', 'connect error', 'event', 'ack'] as const;
const BINARY_EVENT = 5;
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
  const number = text.charCodeAt(0) - DIGIT_0;
  const type = WIRE_TYPES[number];
  if (type === undefined) throw new ProtocolError(`Unknown packet type "${text.slice(0, 1)}"`);
  let at = 1;

  let attachmentCount = 0;
  if (number >= BINARY_EVENT) {
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
  const id = idEnd > at ? Number(text.slice(at, idEnd)) : undefined;
  const data = idEnd < text.length ? parseJson(text.slice(idEnd)) : undefined;
  return { packet: checkPacket(type, namespace, id, data), attachmentCount };
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
