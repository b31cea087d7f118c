/** What the client at the other end of a transport speaks: its revision, and what it can read. Chosen at the handshake. */
import { Buffer, isUtf8 } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { formatPacket, parsePacket, type EnginePacket } from './packet.ts';
import { formatPacketV3, formatTextPacketV3, parsePacketV3 } from './packet-v3.ts';
import { formatPayloadPart, PAYLOAD_SEPARATOR, parsePayload } from './payload.ts';
import {
  decodeByteString,
  formatBinaryPart,
  formatTextPart,
  parseBinaryPayload,
  parseTextPayload,
  type PayloadLimits,
} from './payload-v3.ts';

/** How packets become the answer to a poll. There are three, and each is one object: caches use them as keys. */
export interface PayloadForm {
  readonly contentType: string;
  readonly formatPart: (packet: EnginePacket) => Buffer;
  /** Joins parts, or what was joined of them before. */
  readonly join: (parts: readonly Buffer[]) => Buffer;
}

/** Few, and each is one object: caches use them as keys. */
export interface Dialect {
  readonly revision: 3 | 4;
  /** @throws {ProtocolError} when one transport message is malformed */
  readonly parsePacket: (message: string | Buffer) => EnginePacket;
  /** Formats a packet as one transport message. */
  readonly formatPacket: (packet: EnginePacket) => string | Buffer;
  /**
   * Parses the body of a POST request. All or nothing.
   *
   * @param isBinary whether it came as bytes, which revision 4 does not know
   * @throws {ProtocolError} when there are more packets than allowed, or anything is malformed
   */
  readonly parsePayload: (body: Buffer, isBinary: boolean, limits: PayloadLimits) => readonly EnginePacket[];
  /** The form of an answer to a poll, by whether one of its packets is binary. */
  readonly payloadForm: (hasBinary: boolean) => PayloadForm;
}

const TEXT_TYPE = 'text/plain; charset=UTF-8';
const SEPARATOR = Buffer.from(PAYLOAD_SEPARATOR);

export const TEXT_V4: PayloadForm = {
  contentType: TEXT_TYPE,
  formatPart: (packet) => Buffer.from(formatPayloadPart(packet)),
  join: (parts) => joined(parts.flatMap((part, index) => (index === 0 ? [part] : [SEPARATOR, part]))),
};
export const TEXT_V3: PayloadForm = { contentType: TEXT_TYPE, formatPart: formatTextPart, join: joined };
export const BINARY_V3: PayloadForm = {
  contentType: 'application/octet-stream',
  formatPart: formatBinaryPart,
  join: joined,
};

/** Revision 4. Its polling is text in any case. */
export const V4: Dialect = {
  revision: 4,
  parsePacket,
  formatPacket,
  parsePayload(body, isBinary, limits) {
    if (isBinary)
      throw new ProtocolError('Cannot accept payload: it must be text (Engine.IO v4, HTTP long-polling)');
    return parsePayload(textOf(body), limits);
  },
  payloadForm: () => TEXT_V4,
};

/** Revision 4 for a client that reads no binary messages (`b64=1`). */
export const V4_BASE64: Dialect = { ...V4, formatPacket: formatPayloadPart };

/** Revision 3. */
export const V3: Dialect = {
  revision: 3,
  parsePacket: parsePacketV3,
  formatPacket: formatPacketV3,
  parsePayload: (body, isBinary, limits) =>
    isBinary ? parseBinaryPayload(body, limits) : parseTextPayload(textOf(body), limits),
  payloadForm: (hasBinary) => (hasBinary ? BINARY_V3 : TEXT_V3),
};

/** Revision 3 for a client that reads no binary (`b64=1`): old browsers, and some clients in Node. */
export const V3_BASE64: Dialect = { ...V3, formatPacket: formatTextPacketV3, payloadForm: () => TEXT_V3 };

/**
 * Revision 3 as engine.io-client before 1.6 speaks it in a browser: it asks for answers as bytes, and takes a text for
 * bytes too. What it sends as text has its UTF-8 encoded twice.
 */
export const V3_EARLY: Dialect = {
  ...V3,
  parsePayload: (body, isBinary, limits) =>
    isBinary ? parseBinaryPayload(body, limits) : parseTextPayload(textOf(body), limits, decodeByteString),
  payloadForm: () => BINARY_V3,
};

/** Chooses by the query of the request that opens a transport. The last of equal parameters counts. */
export function dialectOf(query: URLSearchParams): Dialect {
  const isV4 = query.getAll('EIO').at(-1) === '4';
  if (query.getAll('b64').at(-1)) return isV4 ? V4_BASE64 : V3_BASE64;
  if (isV4) return V4;
  // Milliseconds, a dash and a counter. From 1.6 on clients send a few characters that look like base64.
  return /^\d{11,}-\d+$/.test(query.getAll('t').at(-1) ?? '') ? V3_EARLY : V3;
}

function joined(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new ProtocolError('Cannot accept payload: it is not UTF-8');
  return body.toString();
}
