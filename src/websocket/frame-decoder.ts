/**
 * Cuts a stream of bytes into frames (RFC 6455 §5.2, https://www.rfc-editor.org/rfc/rfc6455#section-5.2).
 *
 * A frame that lies whole in one chunk is a view of that chunk, unmasked in place. A header that a chunk boundary
 * splits is put before the next chunk; a split payload is collected in a buffer of its own. So between two chunks
 * we keep at most 13 bytes, or one payload within the limit, and never the chunks themselves.
 */
import { ProtocolError } from '../errors.ts';
import { ByteCollector } from './byte-collector.ts';
import {
  type ArrivingFrame,
  type Frame,
  type Role,
  Opcode,
  isControl,
  isOpcode,
  maxControlPayloadBytes,
} from './frame.ts';
import { applyMask } from './mask.ts';

const noBytes: Buffer = Buffer.alloc(0);

/** Payloads up to this size are allocated once; for larger ones a header alone makes us allocate nothing. */
const firstCapacity = 16 * 1024;

interface Arriving {
  readonly head: Omit<Frame, 'payload'>;
  readonly key: number;
  readonly payloadLength: number;
  readonly payload: ByteCollector;
}

export interface FrameDecoderOptions {
  /** Our end: a server takes masked frames only, a client unmasked ones only (§5.1). */
  role: Role;
  /** The largest payload of one frame. `Infinity` means no limit. */
  maxPayloadBytes: number;
  /** Whether an extension gives RSV1 a meaning on the first frame of a message (RFC 7692 §6). Default false. */
  allowRsv1?: boolean;
}

/** Decodes frames: push() chunks, then take frames with next() until it returns undefined. */
export class FrameDecoder {
  readonly #isServer: boolean;
  readonly #maxPayloadBytes: number;
  readonly #allowRsv1: boolean;
  #chunk = noBytes;
  #position = 0;
  #arriving: Arriving | undefined = undefined;
  /** What the latest chunk brought of it, until somebody has looked at that. */
  #latest: Buffer | undefined = undefined;
  #isDiscarded = false;

  constructor(options: FrameDecoderOptions) {
    this.#isServer = options.role === 'server';
    this.#maxPayloadBytes = options.maxPayloadBytes;
    this.#allowRsv1 = options.allowRsv1 ?? false;
  }

  /** Takes a chunk, which now belongs to the decoder: it is unmasked in place, and frames are views of it. */
  push(chunk: Buffer): void {
    if (this.#isDiscarded) return;
    const isDone = this.#position === this.#chunk.length;
    this.#chunk = isDone ? chunk : join(this.#chunk.subarray(this.#position), chunk);
    this.#position = 0;
  }

  /**
   * Returns the next whole frame.
   *
   * @throws {ProtocolError} when the peer broke the framing; the decoder is of no use then: discard() it
   */
  next(): Frame | undefined {
    if (this.#arriving !== undefined) return this.#collect(this.#arriving);
    const chunk = this.#chunk;
    const start = this.#position;
    const available = chunk.length - start;
    if (available < 2) return this.#keepHeader();
    const first = chunk[start]!;
    const second = chunk[start + 1]!;

    const opcode = this.#checkStart(first, second);
    const head = { fin: (first & 0x80) !== 0, rsv1: (first & 0x40) !== 0, opcode };

    let payloadLength = second & 0x7f;
    let payloadStart = start + 2;
    if (payloadLength === 126) {
      if (available < 4) return this.#keepHeader();
      payloadLength = chunk.readUInt16BE(payloadStart);
      if (payloadLength < 126) throw notMinimal(payloadLength);
      payloadStart += 2;
    } else if (payloadLength === 127) {
      if (available < 10) return this.#keepHeader();
      payloadLength = readLength64(chunk, payloadStart);
      if (payloadLength <= 0xffff) throw notMinimal(payloadLength);
      payloadStart += 8;
    }
    if (payloadLength > this.#maxPayloadBytes) throw tooBig(payloadLength, this.#maxPayloadBytes);

    let key = 0;
    if (this.#isServer) {
      if (chunk.length < payloadStart + 4) return this.#keepHeader();
      key = chunk.readInt32BE(payloadStart);
      payloadStart += 4;
    }

    const payloadEnd = payloadStart + payloadLength;
    if (payloadEnd > chunk.length) {
      const payload = new ByteCollector(payloadLength, payloadLength > firstCapacity ? 0 : payloadLength);
      this.#arriving = { head, key, payloadLength, payload };
      this.#position = payloadStart;
      return this.#collect(this.#arriving);
    }
    const payload = chunk.subarray(payloadStart, payloadEnd);
    if (this.#isServer) applyMask(payload, key);
    this.#consumeTo(payloadEnd);
    return { fin: head.fin, rsv1: head.rsv1, opcode, payload };
  }

  /** What is new of a frame that has arrived in part, once, for those who want to look at it before its end. */
  takeArriving(): ArrivingFrame | undefined {
    const arriving = this.#arriving;
    const latest = this.#latest;
    this.#latest = undefined;
    if (arriving === undefined || latest === undefined) return undefined;
    return { ...arriving.head, latest, payloadLength: arriving.payloadLength };
  }

  /** Drops what is kept and ignores everything from now on. */
  discard(): void {
    this.#isDiscarded = true;
    this.#arriving = this.#latest = undefined;
    this.#chunk = noBytes;
    this.#position = 0;
  }

  #collect(arriving: Arriving): Frame | undefined {
    const { head, key, payloadLength, payload } = arriving;
    const offset = payload.length;
    this.#latest = offset === 0 ? noBytes : undefined;
    const end = Math.min(this.#chunk.length, this.#position + payloadLength - offset);
    if (end > this.#position) {
      this.#latest = payload.append(this.#chunk.subarray(this.#position, end));
      applyMask(this.#latest, key, offset);
    }
    this.#consumeTo(end);
    if (payload.length < payloadLength) return undefined;
    this.#arriving = this.#latest = undefined;
    return { fin: head.fin, rsv1: head.rsv1, opcode: head.opcode, payload: payload.bytes };
  }

  /** Lets the chunk go as soon as nothing of it is left. */
  #consumeTo(position: number): void {
    const isDone = position === this.#chunk.length;
    this.#chunk = isDone ? noBytes : this.#chunk;
    this.#position = isDone ? 0 : position;
  }

  /** Copies the few bytes of an incomplete header, so that they do not hold on to the chunk. */
  #keepHeader(): undefined {
    if (this.#position === this.#chunk.length) return;
    this.#chunk = join(this.#chunk.subarray(this.#position), noBytes);
    this.#position = 0;
  }

  /** Judges all that the first two bytes say but the length, and returns the opcode. */
  #checkStart(first: number, second: number): Opcode {
    const opcode = first & 0x0f;
    if (!isOpcode(opcode)) throw reservedOpcode(opcode);
    if ((first & 0x70) !== 0) this.#checkReservedBits(first, opcode);
    if (isControl(opcode)) checkControl(first, second);
    const isMasked = (second & 0x80) !== 0;
    if (isMasked !== this.#isServer) throw wrongMask(isMasked);
    return opcode;
  }

  #checkReservedBits(first: number, opcode: Opcode): void {
    // RFC 7692 §6.1: RSV1 is never set on control frames and on fragments after the first.
    const mayHaveRsv1 = this.#allowRsv1 && (opcode === Opcode.text || opcode === Opcode.binary);
    if ((first & (mayHaveRsv1 ? 0x30 : 0x70)) === 0) return;
    const bits = ((first & 0x70) >> 4).toString(2).padStart(3, '0');
    throw refusal(`no extension allows the reserved bits "${bits}" (RFC 6455 §5.2)`);
  }
}

function join(left: Buffer, right: Buffer): Buffer {
  const joined = Buffer.allocUnsafeSlow(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

/** §5.2: "the most significant bit MUST be 0". Beyond 2^53 arithmetic would lie, so we look at the halves first. */
function readLength64(bytes: Buffer, start: number): number {
  const high = bytes.readUInt32BE(start);
  if (high >= 0x8000_0000) throw refusal('the top bit of a 64-bit length must be 0 (RFC 6455 §5.2)');
  if (high > 0x1f_ffff) throw refusal('its length is over 2^53 bytes (RFC 6455 §10.4)', 1009);
  return high * 0x1_0000_0000 + bytes.readUInt32BE(start + 4);
}

function checkControl(first: number, second: number): void {
  if ((first & 0x80) === 0) throw refusal('control frames must not be fragmented (RFC 6455 §5.5)');
  if ((second & 0x7f) <= maxControlPayloadBytes) return;
  throw refusal('control frames carry at most 125 bytes (RFC 6455 §5.5)');
}

function reservedOpcode(opcode: number): ProtocolError {
  return refusal(`opcode "0x${opcode.toString(16)}" is reserved (RFC 6455 §5.2)`);
}

function wrongMask(isMasked: boolean): ProtocolError {
  const rule = isMasked ? 'server frames must not be masked' : 'client frames must be masked';
  return refusal(`${rule} (RFC 6455 §5.1)`);
}

function notMinimal(length: number): ProtocolError {
  return refusal(`length "${length}" is not in its shortest form (RFC 6455 §5.2)`);
}

function tooBig(length: number, limit: number): ProtocolError {
  return refusal(`"${length}" bytes are over the limit of ${limit} (RFC 6455 §10.4)`, 1009);
}

function refusal(reason: string, closeCode?: number): ProtocolError {
  return new ProtocolError(`Cannot accept frame: ${reason}`, closeCode);
}
