/** The bytes of the bench: one opening handshake, and 72-byte text messages with a number in them (RFC 6455 §5). */
import type { Dialect, Link, Shape } from './orders.ts';

/** The sample key of RFC 6455 §1.3 for every socket, so that the floor in C needs no SHA-1. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
/** So that what a server sends to one client can be compared with what it sends to another. */
const OFFER = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
/** Any key will do: servers must unmask whatever it is. Fixed, so that only the digits change between messages. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** Of the short text: what the floor in C and the study of write paths know. */
export const TEXT_BYTES = 72;
export const SENT_BYTES: number = 6 + TEXT_BYTES;

/** Sender and sequence, in every message; written anew for each. */
const SENDER_DIGITS = 5;
const SEQUENCE_DIGITS = 9;
const DIGITS = '0'.repeat(SENDER_DIGITS + SEQUENCE_DIGITS);

/** Between the packets of an HTTP body. */
export const SEPARATOR = '\x1e';

export function formatUpgrade(port: number, dialect: Dialect, link: Link, index: number): string {
  const room = link.roomSize === undefined ? '' : `r${Math.trunc(index / link.roomSize)}`;
  const path = dialect === 'socket.io' ? `/socket.io/?EIO=4&transport=websocket&room=${room}` : `/${room}`;
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n` +
    (link.deflate === true ? `Sec-WebSocket-Extensions: ${OFFER}\r\n` : '') +
    '\r\n'
  );
}

/** What comes is not known byte by byte: the first client reads it, and the others must have got the same. */
export function isSampled({ deflate, positions }: Link): boolean {
  return deflate === true || positions === true;
}

/** An event without the position behind its arguments; as it is, if there is none, and so not what is due. */
export function withoutPosition(event: Buffer): Buffer {
  const text = event.toString();
  const position = /,"[\w-]+\.[\da-z]+"\]$/.exec(text);
  return position === null ? event : Buffer.from(`${text.slice(0, position.index)}]`);
}

/** Why this is not the answer to our upgrade request, or nothing. */
export function findUpgradeFault(head: string, deflate: boolean): string | undefined {
  if (!head.startsWith('HTTP/1.1 101 ')) return `the server answered "${head.slice(0, 40)}"`;
  if (deflate && !/^sec-websocket-extensions:.*permessage-deflate/im.test(head))
    return 'it does not compress';
  const accept = /^sec-websocket-accept:[ \t]*(\S+)/im.exec(head)?.[1];
  return accept === ACCEPT ? undefined : `the server accepted with "${accept ?? ''}"`;
}

/** One short masked text frame. */
export function encodeMasked(text: Uint8Array): Buffer {
  const frame = Buffer.alloc(6 + text.length);
  frame[0] = 0x81;
  frame[1] = 0x80 | text.length;
  frame.set(MASK, 2);
  for (const [i, byte] of text.entries()) frame[6 + i] = byte ^ maskAt(i);
  return frame;
}

/** The frame at the start of `bytes`, and what follows it; nothing while it is not all there. */
export function takeFrame(bytes: Buffer): { head: Buffer; payload: Buffer; rest: Buffer } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1);
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return undefined;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUIntBE(4, 6);
  const end = start + length;
  if (bytes.length < end) return undefined;
  return { head: bytes.subarray(0, start), payload: bytes.subarray(start, end), rest: bytes.subarray(end) };
}

/** The text of the frame at the start of `bytes`, and what follows it; nothing while it is not all there. */
export function takeText(bytes: Buffer): { text: string; rest: Buffer } | undefined {
  const frame = takeFrame(bytes);
  if (frame === undefined) return undefined;
  if (frame.head[0] !== 0x81) throw new Error('The server opens with something else than text');
  return { text: frame.payload.toString(), rest: frame.rest };
}

const FILLER = ' the quick brown fox jumps over the lazy dog.';
const SUFFIX = '"]';

interface Packet {
  readonly opcode: 1 | 2;
  readonly payload: Buffer;
}

/** What goes to the server, and what must come back, in each dialect. Bare peers carry what is text as plain text. */
function packetsOf(
  { kind, payloadBytes }: Shape,
  dialect: Dialect,
  { namespace }: Link,
): { sent: Packet[]; received: Packet[] } {
  const address = namespace === undefined ? '' : `${namespace},`;
  if (kind === 'binary') {
    // Numbered at both ends: a large message may lose its tail.
    const filler = Buffer.alloc(payloadBytes - 2 * DIGITS.length, FILLER);
    const packet = {
      opcode: 2,
      payload: Buffer.concat([Buffer.from(DIGITS), filler, Buffer.from(DIGITS)]),
    } as const;
    const head = {
      opcode: 1,
      payload: Buffer.from(`451-${address}["m",{"_placeholder":true,"num":0}]`),
    } as const;
    const packets = dialect === 'socket.io' ? [head, packet] : [packet];
    return { sent: packets, received: packets };
  }
  const event = `42${address}["m","`;
  const [prefix, answer] = kind === 'ack' ? [`42${address}0["m","`, `43${address}0["`] : [event, event];
  const length = payloadBytes - prefix.length - DIGITS.length - SUFFIX.length;
  const rest = DIGITS + FILLER.repeat(length / FILLER.length + 1).slice(0, length) + SUFFIX;
  const packet = (start: string): Packet => ({ opcode: 1, payload: Buffer.from(start + rest) });
  return { sent: [packet(prefix)], received: [packet(answer)] };
}

function headerOf(opcode: number, length: number, maskBit: 0 | 0x80): Buffer {
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const header = Buffer.alloc(size);
  header[0] = 0x80 | opcode;
  header[1] = maskBit | (size === 2 ? length : size === 4 ? 126 : 127);
  if (size === 4) header.writeUInt16BE(length, 2);
  if (size === 10) header.writeUIntBE(length, 4, 6);
  return header;
}

/** Where digits stand: in the whole, and in their payload, which the mask goes by. */
interface Mark {
  readonly at: number;
  readonly inPayload: number;
}

/** How messages lie in the bytes: as frames of a client, as frames of a server, or as one payload of HTTP long-polling. */
type Framing = 'masked' | 'unmasked' | 'payload';

/** Some messages in a row: as they leave, masked, and as they must come back. Reused: only the numbers change. */
export class Batch {
  readonly sent: Buffer;
  readonly expected: Buffer;
  readonly messages: number;
  readonly #sentMarks: Mark[] = [];
  readonly #expectedMarks: Mark[] = [];
  readonly #mask: (at: number) => number;

  constructor(messages: number, shape: Shape, dialect: Dialect, link: Link) {
    this.messages = messages;
    const { sent, received } = packetsOf(shape, dialect, link);
    const times = <T>(packets: readonly T[]): T[] => Array.from({ length: messages }, () => packets).flat();
    const isPolling = link.polling === true;
    this.#mask = isPolling ? noMask : maskAt;
    this.sent = join(times(sent), isPolling ? 'payload' : 'masked', this.#sentMarks);
    this.expected = join(times(received), isPolling ? 'payload' : 'unmasked', this.#expectedMarks);
  }

  /** Numbers the messages from `sequence` on. */
  number(sender: number, sequence: number): void {
    const each = this.#sentMarks.length / this.messages;
    for (const [at, mark] of this.#sentMarks.entries()) {
      write(this.sent, mark, sender, sequence + Math.trunc(at / each), this.#mask);
    }
    for (const [at, mark] of this.#expectedMarks.entries()) {
      write(this.expected, mark, sender, sequence + Math.trunc(at / each), noMask);
    }
  }
}

function join(packets: readonly Packet[], framing: Framing, marks: Mark[]): Buffer {
  let length = 0;
  const parts: Buffer[] = [];
  for (const { opcode, payload } of packets) {
    const head = headOf(framing, opcode, payload.length, length === 0);
    for (let at = payload.indexOf(DIGITS); at >= 0; at = payload.indexOf(DIGITS, at + DIGITS.length)) {
      marks.push({ at: length + head.length + at, inPayload: at });
    }
    parts.push(
      head,
      framing === 'masked' ? (payload.map((byte, at) => byte ^ maskAt(at)) as Buffer) : payload,
    );
    length += head.length + payload.length;
  }
  return Buffer.concat(parts);
}

function headOf(framing: Framing, opcode: number, length: number, isFirst: boolean): Buffer {
  if (framing === 'payload') return Buffer.from(isFirst ? '' : SEPARATOR);
  if (framing === 'unmasked') return headerOf(opcode, length, 0);
  return Buffer.concat([headerOf(opcode, length, 0x80), MASK]);
}

function write(
  bytes: Buffer,
  { at, inPayload }: Mark,
  sender: number,
  sequence: number,
  mask: (at: number) => number,
): void {
  const put = (count: number, skipped: number, value: number): void => {
    let rest = value;
    for (let digit = skipped + count - 1; digit >= skipped; digit--) {
      bytes[at + digit] = (48 + (rest % 10)) ^ mask(inPayload + digit);
      rest = Math.trunc(rest / 10);
    }
  };
  put(SENDER_DIGITS, 0, sender);
  put(SEQUENCE_DIGITS, SENDER_DIGITS, sequence);
}

function noMask(): number {
  return 0;
}

function maskAt(index: number): number {
  return MASK[index & 3] ?? 0;
}
