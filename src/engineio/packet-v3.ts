/**
 * Engine.IO packets of revision 3: text as in revision 4; a binary packet names its type too, in its first byte or, as
 * base64, in the digit behind `b` (Engine.IO protocol v3, "Packet").
 */
import { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { formatPacket, parseBase64, parsePacket, type EnginePacket } from './packet.ts';

const MESSAGE = 4;
/** By number. */
const TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const;

/**
 * Parses one transport message.
 *
 * @throws {ProtocolError} when it is empty, its type is unknown, or its base64 is malformed
 */
export function parsePacketV3(message: string | Buffer): EnginePacket {
  if (typeof message !== 'string') return binaryPacket(message[0], message.subarray(1));
  if (!message.startsWith('b')) return parsePacket(message);
  // Not `Number`, for which a space is 0.
  return binaryPacket(message.charCodeAt(1) - 0x30, parseBase64(message.slice(2)));
}

/** Formats a packet as one transport message, for a transport that carries binary. */
export function formatPacketV3(packet: EnginePacket): string | Buffer {
  const message = formatPacket(packet);
  return typeof message === 'string' ? message : Buffer.concat([Buffer.from([MESSAGE]), message]);
}

/** Formats a packet as text in any case: binary as `b4` and base64. */
export function formatTextPacketV3(packet: EnginePacket): string {
  const message = formatPacket(packet);
  return typeof message === 'string' ? message : `b${MESSAGE}${message.toString('base64')}`;
}

function binaryPacket(number: number | undefined, data: Buffer): EnginePacket {
  const type = number === undefined ? undefined : TYPES[number];
  if (type === undefined) {
    throw new ProtocolError(`Unknown type "${number}" of a binary packet (Engine.IO v3, Packet)`);
  }
  if (type === 'message') return { type, data };
  // No client sends the others as bytes. What they carry is text.
  if (type === 'open' || type === 'ping' || type === 'pong') return { type, data: data.toString() };
  return { type };
}
