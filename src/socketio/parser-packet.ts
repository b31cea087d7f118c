/** Packets in the shape of `socket.io-parser`: what custom parsers and Socket.IO's adapters are given. */
import { ProtocolError } from '../errors.ts';
import type { EventData, Packet } from './packet.ts';

export interface ParserPacket {
  /** 0 to 6, in the order of `TYPES`. */
  type: number;
  nsp: string;
  id?: number;
  data?: unknown;
}

export type PacketType = Packet['type'];

const TYPES = ['connect', 'disconnect', 'event', 'ack', 'connect error', 'event', 'ack'] as const;
const NUMBERS: Readonly<Record<PacketType, number>> = {
  connect: 0,
  disconnect: 1,
  event: 2,
  ack: 3,
  'connect error': 4,
};

export function formatParserPacket(packet: Packet): ParserPacket {
  const { type, namespace } = packet;
  const formatted: ParserPacket = { type: NUMBERS[type], nsp: namespace };
  if ('data' in packet) formatted.data = packet.data;
  if ('id' in packet) formatted.id = packet.id;
  return formatted;
}

/** A packet that our own side made: an adapter's, say. What a peer sent goes through `checkPacket`. */
export function parseParserPacket({ type, nsp: namespace, id, data }: ParserPacket): Packet {
  const name = parserPacketType(type);
  switch (name) {
    case 'connect':
      return { type: name, namespace, data };
    case 'disconnect':
      return { type: name, namespace };
    case 'connect error':
      return { type: name, namespace, data };
    case 'event':
      return id === undefined
        ? { type: name, namespace, data: data as EventData }
        : { type: name, namespace, id, data: data as EventData };
    case 'ack':
      break;
  }
  return { type: name, namespace, id: id ?? 0, data: data as readonly unknown[] };
}

/** @throws {ProtocolError} for a number without a meaning */
export function parserPacketType(number: unknown): PacketType {
  const type = typeof number === 'number' ? TYPES[number] : undefined;
  if (type === undefined) throw new ProtocolError(`Unknown packet type "${String(number)}"`);
  return type;
}
