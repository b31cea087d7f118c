/** Inflates messages (RFC 7692 §7.2.2, https://www.rfc-editor.org/rfc/rfc7692#section-7.2.2), one call a message. */
import { constants } from 'node:buffer';
import { type Inflate, inflateRawSync } from 'node:zlib';
import { ProtocolError } from '../errors.ts';
import { SlidingWindow } from './sliding-window.ts';

const noBytes: Buffer = Buffer.alloc(0);

/**
 * §7.2.2: "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end". The two bytes behind them are ours: an empty final
 * block, without which zlib would take a message that ends in the middle of a block for a whole one. (A broken message
 * can be made whose last block takes all six for data of its own: it gets them, and nothing else.)
 */
const tail: Buffer = Buffer.from('0000ffff0300', 'hex');

/** Each costs a new zlib stream, as a message does; a sender that ends with such blocks needs one. */
const maxFinalBlocks = 16;

/** What zlib allocates for output at a time; also how far over the limit it may come before it stops. */
const chunkBytes = 16 * 1024;
/** For small messages less, which comes from Node's pool. */
const smallChunkBytes = 2 * 1024;

/** Types of Node give no name to what `info: true` returns. */
interface Inflated {
  buffer: Buffer;
  engine: Inflate;
}

export interface MessageInflaterOptions {
  /** Whether messages may refer to earlier ones: the sender has not agreed to no_context_takeover. */
  contextTakeover: boolean;
  /** The sender's window, 8 to 15. */
  windowBits: number;
  /** The most that a message may inflate to. `Infinity` means no limit. */
  maxMessageBytes: number;
}

/** One direction of one connection. Holds no zlib object, and no window before the first message. */
export class MessageInflater {
  readonly #maxMessageBytes: number;
  readonly #window: SlidingWindow | undefined;

  constructor({ contextTakeover, windowBits, maxMessageBytes }: MessageInflaterOptions) {
    this.#maxMessageBytes = Math.min(maxMessageBytes, constants.MAX_LENGTH);
    this.#window = contextTakeover ? new SlidingWindow(windowBits) : undefined;
  }

  /**
   * Returns the message, in memory of its own.
   *
   * @throws {ProtocolError} 1007 when the data are not whole DEFLATE blocks, 1009 over the limit
   */
  inflate(payload: Buffer): Buffer {
    // Not whole blocks, but what senders send whose zlib has nothing to flush, and it can mean nothing else.
    if (payload.length === 0) return noBytes;
    const input = Buffer.concat([payload, tail]);
    const message = this.#inflateBlocks(input, this.#window?.bytes ?? noBytes, this.#maxMessageBytes);
    const bytes = message.consumed === input.length ? message.bytes : this.#inflateRest(input, message);
    this.#window?.append(bytes);
    return bytes;
  }

  /**
   * §7.2.1 lets a block be final that is not the last of its message: "The next DEFLATE block follows the padded data if
   * any." For zlib that is another stream, whose window is what came before it.
   */
  #inflateRest(input: Buffer, { bytes, consumed }: { bytes: Buffer; consumed: number }): Buffer {
    const window = new SlidingWindow(15);
    if (this.#window !== undefined) window.append(this.#window.bytes);
    const parts = [bytes];
    let [length, at] = [bytes.length, consumed];
    while (at < input.length) {
      if (parts.length > maxFinalBlocks) {
        throw new ProtocolError(
          `Cannot accept message: over "${maxFinalBlocks}" of its DEFLATE blocks are final (RFC 7692 §7.2.1)`,
          1007,
        );
      }
      window.append(parts.at(-1) ?? noBytes);
      const next = this.#inflateBlocks(input.subarray(at), window.bytes, this.#maxMessageBytes - length);
      parts.push(next.bytes);
      length += next.bytes.length;
      at += next.consumed;
    }
    return Buffer.concat(parts, length);
  }

  /** Inflates up to a final block. zlib stops as soon as the output passes the limit, whatever the input would give. */
  #inflateBlocks(input: Buffer, dictionary: Buffer, limit: number): { bytes: Buffer; consumed: number } {
    try {
      const inflated: unknown = inflateRawSync(input, {
        info: true,
        chunkSize: input.length < smallChunkBytes / 4 ? smallChunkBytes : chunkBytes,
        maxOutputLength: Math.max(limit, 1),
        ...(dictionary.length > 0 && { dictionary }),
      });
      const { buffer, engine } = inflated as Inflated;
      // zlib's least limit is one byte.
      if (buffer.length > limit) throw this.#tooBig();
      return { bytes: buffer, consumed: engine.bytesWritten };
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      throw this.#refusal(error);
    }
  }

  #refusal(error: unknown): ProtocolError {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return this.#tooBig();
    const text = error instanceof Error ? error.message : String(error);
    // What is not about the data, as a lack of memory, is not the peer's fault (RFC 6455 §7.4.1).
    if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR') {
      return new ProtocolError(`Cannot inflate message: zlib says "${text}" (RFC 7692 §7.2.2)`, 1007);
    }
    return new ProtocolError(`Cannot inflate message: "${text}"`, 1011);
  }

  #tooBig(): ProtocolError {
    const limit = this.#maxMessageBytes;
    return new ProtocolError(
      `Cannot accept message: it inflates to over the limit of "${limit}" bytes (RFC 6455 §10.4)`,
      1009,
    );
  }
}
