/**
 * Payloads of revision 3: packets with their lengths before them, as text or as bytes (Engine.IO protocol v3, "Payload").
 *
 * As text, `<length>:<packet>`, the length in UTF-16 units. As bytes, 0 for a text packet or 1 for a binary one, the
 * decimal digits of the length as bytes of that value, 255, and the packet; the length in bytes. No separator: a payload's
 * parts simply follow each other.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { formatPacketV3, formatTextPacketV3, parsePacketV3 } from './packet-v3.ts';
import type { EnginePacket } from './packet.ts';

/** Ten digits are more than any body that is accepted. */
const MAX_DIGITS = 10;
const TEXT = 0;
const BINARY = 1;
const END_OF_LENGTH = 0xff;

export interface PayloadLimits {
  /** How many packets a body may hold; `Infinity` for no limit. */
  readonly maxPackets: number;
}

/**
 * Parses a body of text. All or nothing: when one packet is malformed, none is returned.
 *
 * @param decodeText what clients older than engine.io-client 2 need: see `decodeByteString`
 * @throws {ProtocolError} when there are more packets than allowed, or anything is malformed
 */
export function parseTextPayload(
  body: string,
  { maxPackets }: PayloadLimits,
  decodeText: (packet: string) => string = (packet) => packet,
): readonly EnginePacket[] {
  const packets: EnginePacket[] = [];
  let at = 0;
  do {
    const colon = endOfDigits(body.length, at, (index) => body.charCodeAt(index) - 0x30);
    const length = Number(body.slice(at, colon));
    if (body[colon] !== ':') throw malformed('no colon behind a length');
    if (colon + 1 + length > body.length) throw malformed('a length is over the rest of it');
    at = colon + 1 + length;
    const packet = body.slice(colon + 1, at);
    // Official clients send "0:" for nothing at all.
    if (packet !== '') add(packets, decodeText(packet), maxPackets);
  } while (at < body.length);
  return packets;
}

/** As `parseTextPayload`, of a body of bytes. */
export function parseBinaryPayload(body: Buffer, { maxPackets }: PayloadLimits): readonly EnginePacket[] {
  const packets: EnginePacket[] = [];
  let at = 0;
  do {
    const kind = body[at];
    if (kind !== TEXT && kind !== BINARY) throw malformed('a packet is neither text nor binary');
    const end = endOfDigits(body.length, at + 1, (index) => body[index] ?? 0);
    const length = Number(body.subarray(at + 1, end).join(''));
    if (body[end] !== END_OF_LENGTH) throw malformed('no byte 255 behind a length');
    if (end + 1 + length > body.length) throw malformed('a length is over the rest of it');
    at = end + 1 + length;
    const packet = body.subarray(end + 1, at);
    add(packets, kind === TEXT ? textOf(packet) : packet, maxPackets);
  } while (at < body.length);
  return packets;
}

/** Formats one packet as a part of a payload of text. */
export function formatTextPart(packet: EnginePacket): Buffer {
  const text = formatTextPacketV3(packet);
  return Buffer.from(`${text.length}:${text}`);
}

/** Formats one packet as a part of a payload of bytes. */
export function formatBinaryPart(packet: EnginePacket): Buffer {
  const message = formatPacketV3(packet);
  const data = typeof message === 'string' ? Buffer.from(message) : message;
  const digits = Array.from(String(data.length), Number);
  const head = [typeof message === 'string' ? TEXT : BINARY, ...digits, END_OF_LENGTH];
  return Buffer.concat([Buffer.from(head), data]);
}

/**
 * Undoes what clients older than engine.io-client 2 do to text payloads: they send each byte of a packet's UTF-8 as a
 * character of its own, which the HTTP body then encodes as UTF-8 again. Base64 is ASCII, and stays as it is.
 *
 * @throws {ProtocolError} when it is not that
 */
export function decodeByteString(packet: string): string {
  const bytes = Buffer.from(packet, 'latin1');
  if (bytes.toString('latin1') !== packet) throw malformed('a character is not a byte');
  return textOf(bytes);
}

/** Before a packet is built, so that a body of short ones stays small. */
function add(packets: EnginePacket[], message: string | Buffer, maxPackets: number): void {
  if (packets.length >= maxPackets) {
    throw new ProtocolError(`Cannot accept payload: it has more than ${maxPackets} packets`);
  }
  packets.push(parsePacketV3(message));
}

/** Where the digits of a length end. @throws {ProtocolError} when there are none, or too many */
function endOfDigits(bodyLength: number, start: number, digitAt: (index: number) => number): number {
  let end = start;
  while (end < bodyLength && digitAt(end) >= 0 && digitAt(end) <= 9) {
    end += 1;
    if (end - start > MAX_DIGITS) throw malformed(`a length has more than ${MAX_DIGITS} digits`);
  }
  if (end === start) throw malformed('a packet without its length');
  return end;
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformed('text that is not UTF-8');
  return bytes.toString();
}

function malformed(what: string): ProtocolError {
  return new ProtocolError(`Cannot accept payload: ${what} (Engine.IO v3, Payload)`);
}
