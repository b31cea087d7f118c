/** The bytes of the bench: one opening handshake, and 72-byte text messages with a number in them (RFC 6455 §5). */
import type { Dialect } from './orders.ts';

/** The sample key of RFC 6455 §1.3 for every socket, so that the floor in C needs no SHA-1. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
/** Any key will do: servers must unmask whatever it is. Fixed, so that only the digits change between messages. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export const TEXT_BYTES = 72;
/** A frame to the server: two bytes of header, the mask, the text. */
export const SENT_BYTES: number = 6 + TEXT_BYTES;
/** A frame from the server: not masked. */
export const RECEIVED_BYTES: number = 2 + TEXT_BYTES;

/** A complete Socket.IO event packet. Bare peers carry the same text and do not look inside. */
const PREFIX = '42["m","';
const SUFFIX = '"]';
const TEMPLATE = Buffer.from(
  PREFIX + '0'.repeat(14) + ' the quick brown fox jumps over the lazy dog'.padEnd(48, '.') + SUFFIX,
);
const SENDER_DIGITS = 5;
const SEQUENCE_DIGITS = 9;

export function formatUpgrade(port: number, dialect: Dialect): string {
  const path = dialect === 'socket.io' ? '/socket.io/?EIO=4&transport=websocket' : '/';
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`
  );
}

/** Why this is not the answer to our upgrade request, or nothing. */
export function findUpgradeFault(head: string): string | undefined {
  if (!head.startsWith('HTTP/1.1 101 ')) return `the server answered "${head.slice(0, 40)}"`;
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

/** The text of the frame at the start of `bytes`, and what follows it; nothing while it is not all there. */
export function takeText(bytes: Buffer): { text: string; rest: Buffer } | undefined {
  if (bytes.length < 4) return undefined;
  const short = bytes.readUInt8(1);
  if (bytes[0] !== 0x81 || short > 126)
    throw new Error('The server opens with something else than short text');
  const start = short === 126 ? 4 : 2;
  const end = start + (short === 126 ? bytes.readUInt16BE(2) : short);
  if (bytes.length < end) return undefined;
  return { text: bytes.toString('utf8', start, end), rest: bytes.subarray(end) };
}

/** Some messages in a row: as they leave, masked, and as they must come back. Reused: only the numbers change. */
export class Batch {
  readonly sent: Buffer;
  readonly expected: Buffer;

  constructor(messages: number) {
    const one = Buffer.concat([Buffer.from([0x81, TEXT_BYTES]), TEMPLATE]);
    this.sent = Buffer.concat(Array.from({ length: messages }, () => encodeMasked(TEMPLATE)));
    this.expected = Buffer.concat(Array.from({ length: messages }, () => one));
  }

  /** Numbers the messages from `sequence` on. */
  number(sender: number, sequence: number): void {
    const messages = this.expected.length / RECEIVED_BYTES;
    for (let i = 0; i < messages; i++) {
      this.#digits(i, SENDER_DIGITS, 0, sender);
      this.#digits(i, SEQUENCE_DIGITS, SENDER_DIGITS, sequence + i);
    }
  }

  #digits(message: number, count: number, skipped: number, value: number): void {
    let rest = value;
    for (let digit = count - 1; digit >= 0; digit--) {
      const code = 48 + (rest % 10);
      rest = Math.trunc(rest / 10);
      const at = PREFIX.length + skipped + digit;
      this.expected[message * RECEIVED_BYTES + 2 + at] = code;
      this.sent[message * SENT_BYTES + 6 + at] = code ^ maskAt(at);
    }
  }
}

/** One large binary message (64-bit length), numbered in its first bytes and its last. */
export class LargeBatch {
  readonly sent: Buffer;
  readonly expected: Buffer;

  constructor(payloadBytes: number) {
    const payload = Buffer.alloc(payloadBytes, TEMPLATE);
    const header = Buffer.alloc(10);
    header[0] = 0x82;
    header[1] = 127;
    header.writeUIntBE(payloadBytes, 4, 6);
    this.expected = Buffer.concat([header, payload]);
    header[1] = 0xff;
    for (const [i, byte] of payload.entries()) payload[i] = byte ^ maskAt(i);
    this.sent = Buffer.concat([header, MASK, payload]);
  }

  number(sender: number, sequence: number): void {
    const mark = Buffer.alloc(8);
    mark.writeUInt32BE(sender, 0);
    mark.writeUInt32BE(sequence, 4);
    const length = this.expected.length - 10;
    for (const start of [0, length - 8]) {
      for (const [i, byte] of mark.entries()) {
        this.expected[10 + start + i] = byte;
        this.sent[14 + start + i] = byte ^ maskAt(start + i);
      }
    }
  }
}

function maskAt(index: number): number {
  return MASK[index & 3] ?? 0;
}
