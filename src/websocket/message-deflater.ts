/** Compresses messages (RFC 7692 §7.2.1, https://www.rfc-editor.org/rfc/rfc7692#section-7.2.1), one call a message. */
import { constants, deflateRawSync } from 'node:zlib';
import { type Opcode } from './frame.ts';
import { encodeFrame } from './frame-encoder.ts';
import { SlidingWindow } from './sliding-window.ts';

/** How hard to try. Nothing that the peer must know. */
export interface DeflateTuning {
  /** Messages of fewer bytes are sent as they are, with a context too. Default 1024. */
  threshold?: number;
  /** zlib's level: 0 (stores) to 9 (smallest), or -1 for zlib's default, 6. Default -1. */
  level?: number;
  /** zlib's memory while it compresses: 1 to 9. Default 8. */
  memLevel?: number;
}

/** zlib's deflate has no window of 2^8 bytes: asked for one it takes 2^9, and the peer's window may be too small. */
export const minDeflateWindowBits = 9;

const defaultThresholdBytes = 1024;

/** @throws {RangeError} when a value is out of range */
export function checkTuning({ threshold = 0, level = -1, memLevel = 8 }: DeflateTuning): void {
  if (!(threshold >= 0)) throw outOfRange('threshold', threshold, '0 or more');
  if (!isBetween(level, -1, 9)) throw outOfRange('level', level, '-1 to 9');
  if (!isBetween(memLevel, 1, 9)) throw outOfRange('memLevel', memLevel, '1 to 9');
}

/**
 * Encodes a server's frame for many connections: a whole message, compressed by itself. Send it only where
 * `WebSocket.sharedWindowBits` is at least `windowBits`; where a context is kept it would put the ends out of step.
 *
 * @returns undefined when the message would not become smaller: send it as it is
 * @throws {RangeError} when an option is out of range; 8 window bits are
 */
export function encodeCompressedFrame(
  opcode: typeof Opcode.text | typeof Opcode.binary,
  payload: Uint8Array | string,
  options: { windowBits: number; level?: number; memLevel?: number },
): Buffer | undefined {
  checkTuning(options);
  checkWindowBits(options.windowBits);
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const compressed = deflate(bytes, options);
  return compressed && encodeFrame(opcode, compressed, { rsv1: true });
}

/** One direction of one connection. Holds no zlib object, and no window before the first message. */
export class MessageDeflater {
  readonly #windowBits: number;
  readonly #tuning: DeflateTuning;
  readonly #window: SlidingWindow | undefined;

  /** @throws {RangeError} when an option is out of range; 8 window bits are */
  constructor(contextTakeover: boolean, windowBits: number, tuning: DeflateTuning) {
    checkTuning(tuning);
    checkWindowBits(windowBits);
    this.#windowBits = windowBits;
    this.#tuning = tuning;
    this.#window = contextTakeover ? new SlidingWindow(windowBits) : undefined;
  }

  /** The window that messages without a context are compressed for, or undefined when a context is kept. */
  get sharedWindowBits(): number | undefined {
    return this.#window === undefined ? this.#windowBits : undefined;
  }

  /** Returns what goes into a frame with RSV1, or undefined to send the message as it is: then it leaves no trace here. */
  deflate(message: Uint8Array | string): Buffer | undefined {
    const { threshold = defaultThresholdBytes, level, memLevel } = this.#tuning;
    const isShort = typeof message === 'string' && message.length * 3 < threshold;
    if (isShort || Buffer.byteLength(message) < threshold) return undefined;
    const bytes = typeof message === 'string' ? Buffer.from(message) : message;
    const compressed = deflate(bytes, { windowBits: this.#windowBits, level, memLevel }, this.#window?.bytes);
    // §7.2.1: the window is that of compressed messages. The peer never inflates the others.
    if (compressed !== undefined) this.#window?.append(bytes);
    return compressed;
  }
}

function deflate(
  bytes: Uint8Array,
  { windowBits, level = -1, memLevel = 8 }: { windowBits: number } & Unset<DeflateTuning>,
  dictionary?: Buffer,
): Buffer | undefined {
  const compressed = deflateRawSync(bytes, {
    windowBits,
    level,
    memLevel,
    // Ends with an empty block, whose last four bytes do not travel (§7.2.1).
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary !== undefined && dictionary.length > 0 && { dictionary }),
  });
  const length = compressed.length - 4;
  return length < bytes.length ? compressed.subarray(0, length) : undefined;
}

type Unset<T> = { [K in keyof T]?: T[K] | undefined };

function checkWindowBits(bits: number): void {
  if (!isBetween(bits, minDeflateWindowBits, 15)) throw outOfRange('windowBits', bits, '9 to 15');
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function outOfRange(name: string, value: number, range: string): RangeError {
  return new RangeError(`Cannot compress with ${name} "${value}": it must be ${range}`);
}
