/** Turns a payload into a frame's bytes (RFC 6455 §5.2, https://www.rfc-editor.org/rfc/rfc6455#section-5.2). */
import { type Opcode, isControl, maxControlPayloadBytes } from './frame.ts';
import { applyMask } from './mask.ts';

export interface EncodeFrameOptions {
  /** Whether this is the last frame of its message. Default true. */
  fin?: boolean;
  /** Set by an extension only (§9). Default false. */
  rsv1?: boolean;
  /** The masking key: four unpredictable bytes from a client, none from a server (§5.1, §5.3). */
  mask?: Buffer;
}

/**
 * Encodes one frame into one allocation.
 *
 * @param payload bytes, which are copied, or a string, which is written as UTF-8 behind the header
 * @throws {RangeError} when a control frame is fragmented or over 125 bytes, or the key has not four bytes
 */
export function encodeFrame(
  opcode: Opcode,
  payload: Uint8Array | string,
  options?: EncodeFrameOptions,
): Buffer {
  const isText = typeof payload === 'string';
  const length = isText ? Buffer.byteLength(payload) : payload.length;
  const fin = options?.fin ?? true;
  const mask = options?.mask;
  if (isControl(opcode)) checkControl(fin, length);
  if (mask !== undefined && mask.length !== 4) {
    throw new RangeError(`Cannot encode frame: the key has "${mask.length}" bytes, not 4 (RFC 6455 §5.3)`);
  }

  const lengthBytes = length < 126 ? 0 : length <= 0xffff ? 2 : 8;
  const headerLength = 2 + lengthBytes + (mask === undefined ? 0 : 4);
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = (fin ? 0x80 : 0) | (options?.rsv1 === true ? 0x40 : 0) | opcode;
  frame[1] = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127;
  if (lengthBytes === 2) frame.writeUInt16BE(length, 2);
  if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  if (isText) frame.write(payload, headerLength, length, 'utf8');
  else frame.set(payload, headerLength);
  if (mask === undefined) return frame;

  frame[1] |= 0x80;
  frame.set(mask, headerLength - 4);
  applyMask(frame.subarray(headerLength), mask);
  return frame;
}

function checkControl(fin: boolean, length: number): void {
  if (!fin) {
    throw new RangeError('Cannot encode frame: control frames must not be fragmented (RFC 6455 §5.5)');
  }
  if (length <= maxControlPayloadBytes) return;
  throw new RangeError(
    `Cannot encode frame: "${length}" bytes are over the 125 of a control frame (RFC 6455 §5.5)`,
  );
}
