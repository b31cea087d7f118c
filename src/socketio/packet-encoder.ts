/** Encodes packets as engine messages: one text, then its attachments (Socket.IO protocol v5, "Packet encoding"). */

import type { Buffer } from 'node:buffer';
import { extractAttachments, hasBinary } from './attachments.ts';
import type { Packet } from './packet.ts';

/** One text message, followed by one binary message per attachment, in this order and with nothing in between. */
export interface EncodedPacket {
  readonly text: string;
  /** Shares memory with what the user gave: not to be changed until it is sent. */
  readonly attachments: readonly Buffer[];
}

const DIGITS = { connect: '0', disconnect: '1', 'connect error': '4' } as const;
const NO_ATTACHMENTS: readonly Buffer[] = Object.freeze([]);

/**
 * Encodes a packet. Whether an event or ack travels as a binary packet is decided by what its data contains. Names
 * and ids are not checked here.
 *
 * @throws {TypeError} when the data contains a cycle, a BigInt, or is nested deeper than 1000 levels
 */
export function encodePacket(packet: Packet): EncodedPacket {
  if (packet.type === 'event') return encodeData('2', '5', packet.namespace, packet.id, packet.data);
  if (packet.type === 'ack') return encodeData('3', '6', packet.namespace, packet.id, packet.data);
  const digit = DIGITS[packet.type];
  return encodeText(digit, packet.namespace, 'data' in packet ? packet.data : undefined);
}

function encodeData(
  type: string,
  binaryType: string,
  namespace: string,
  id: number | undefined,
  data: readonly unknown[],
): EncodedPacket {
  const address = formatNamespace(namespace) + (id ?? '');
  if (!hasBinary(data)) return { text: type + address + JSON.stringify(data), attachments: NO_ATTACHMENTS };
  const extracted = extractAttachments(data);
  const { attachments } = extracted;
  return {
    text: `${binaryType}${attachments.length}-${address}${JSON.stringify(extracted.data)}`,
    attachments,
  };
}

/** These packets carry no binary: what is sent in them is what `JSON.stringify` makes of it. */
function encodeText(type: string, namespace: string, data: unknown): EncodedPacket {
  const json = data === undefined || data === null ? '' : JSON.stringify(data);
  return { text: type + formatNamespace(namespace) + json, attachments: NO_ATTACHMENTS };
}

function formatNamespace(namespace: string): string {
  return namespace === '/' ? '' : namespace + ',';
}
