/** Engine.IO packets: one transport message is one packet (Engine.IO protocol v4, "Packet encoding"). */

import { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';

/** One Engine.IO packet. A `Buffer` as data is the transport's own memory, not a copy: do not change it. */
export type EnginePacket =
  | { type: 'open'; data: string }
  | { type: 'close' }
  | { type: 'ping'; data: string }
  | { type: 'pong'; data: string }
  | { type: 'message'; data: string | Buffer }
  | { type: 'upgrade' }
  | { type: 'noop' };

const MESSAGE = 0x34; // '4'

const DIGITS = {
  open: '0',
  close: '1',
  ping: '2',
  pong: '3',
  upgrade: '5',
  noop: '6',
} as const satisfies Record<Exclude<EnginePacket['type'], 'message'>, string>;

/**
 * Parses one transport message.
 *
 * @param message text, or a `Buffer` for a binary message, which is always a `message` packet
 * @throws {ProtocolError} when the text is empty, its type is unknown, or its base64 is malformed
 */
export function parsePacket(message: string | Buffer): EnginePacket {
  if (typeof message !== 'string') return { type: 'message', data: message };
  if (message.charCodeAt(0) === MESSAGE) return { type: 'message', data: message.slice(1) };
  switch (message[0]) {
    case '0':
      return { type: 'open', data: message.slice(1) };
    case '1':
      return { type: 'close' };
    case '2':
      return { type: 'ping', data: message.slice(1) };
    case '3':
      return { type: 'pong', data: message.slice(1) };
    case '5':
      return { type: 'upgrade' };
    case '6':
      return { type: 'noop' };
    // Usual in polling payloads; clients with `forceBase64` send it in WebSocket text too.
    case 'b':
      return { type: 'message', data: parseBase64(message.slice(1)) };
    case undefined:
      throw new ProtocolError('Cannot parse packet: it is empty (Engine.IO v4, packet encoding)');
    default:
      throw new ProtocolError(`Unknown packet type "${message[0]}" (Engine.IO v4, packet encoding)`);
  }
}

/**
 * Formats a packet as one transport message, for a transport that carries binary. A binary message is returned as
 * it is, not copied.
 */
export function formatPacket(packet: EnginePacket): string | Buffer {
  if (packet.type === 'message') return typeof packet.data === 'string' ? '4' + packet.data : packet.data;
  const digit = DIGITS[packet.type];
  return 'data' in packet ? digit + packet.data : digit;
}

/**
 * `Buffer.from` skips what it does not know and so would deliver other bytes than were sent: check first.
 *
 * @throws {ProtocolError} when it is not base64
 */
export function parseBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new ProtocolError('Cannot parse binary packet: malformed base64 (RFC 4648 §4)');
  }
  return Buffer.from(text, 'base64');
}
