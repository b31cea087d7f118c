/** Payloads of HTTP long-polling: packets joined by a separator (Engine.IO protocol v4, "HTTP long-polling"). */

import { ProtocolError } from '../errors.ts';
import { formatPacket, parsePacket } from './packet.ts';
import type { EnginePacket } from './packet.ts';

/** The record separator. It needs no escape: JSON never contains it, and binary travels as base64. */
export const PAYLOAD_SEPARATOR = '\x1e';

/**
 * Parses the body of a POST request. All or nothing: when one packet is malformed, none is returned.
 *
 * @param body the whole body, whose size the transport has limited
 * @param limits `maxPackets`: how many packets a body may hold; `Infinity` for no limit
 * @throws {ProtocolError} when there are more packets than allowed, or one of them is malformed
 */
export function parsePayload(body: string, limits: { maxPackets: number }): readonly EnginePacket[] {
  checkPacketCount(body, limits.maxPackets);
  const packets: EnginePacket[] = [];
  let start = 0;
  let end: number;
  while ((end = body.indexOf(PAYLOAD_SEPARATOR, start)) !== -1) {
    packets.push(parsePacket(body.slice(start, end)));
    start = end + 1;
  }
  packets.push(parsePacket(body.slice(start)));
  return packets;
}

/** Formats one packet as a part of a payload: text in any case, binary as `b` and base64. */
export function formatPayloadPart(packet: EnginePacket): string {
  const part = formatPacket(packet);
  return typeof part === 'string' ? part : 'b' + part.toString('base64');
}

/** Formats the body of a response to a poll. */
export function formatPayload(packets: readonly EnginePacket[]): string {
  return packets.map(formatPayloadPart).join(PAYLOAD_SEPARATOR);
}

/** Counts before anything is built: a megabyte of separators must not become a million objects. */
function checkPacketCount(body: string, maxPackets: number): void {
  let count = 1;
  for (let at = body.indexOf(PAYLOAD_SEPARATOR); at !== -1; at = body.indexOf(PAYLOAD_SEPARATOR, at + 1)) {
    count++;
    if (count > maxPackets) {
      throw new ProtocolError(`Cannot accept payload: it has more than ${maxPackets} packets`);
    }
  }
}
