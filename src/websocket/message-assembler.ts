/**
 * Makes messages of data frames (RFC 6455 §5.4 and §8.1, https://www.rfc-editor.org/rfc/rfc6455#section-5.4).
 *
 * The fragments of a message are copied into one growing buffer, so that a fragment costs its bytes and nothing
 * else, however many there are. Text is checked as it arrives: one bad byte ends the connection at once. A compressed
 * message (RFC 7692 §6.2) is inflated when it is complete; limits count its bytes on the wire, then what they inflate to.
 */
import { constants, isUtf8 } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { ByteCollector } from './byte-collector.ts';
import { type ArrivingFrame, type Frame, Opcode } from './frame.ts';
import type { MessageInflater } from './message-inflater.ts';
import { Utf8Check } from './utf8-check.ts';

/**
 * Twice what a message of 4 MiB in fragments of 64 bytes needs. A fragment costs us no memory, only time, so this
 * ends messages of endless empty fragments, which no limit on bytes would end.
 */
export const defaultMaxFragments = 131_072;

const maxTextBytes = constants.MAX_STRING_LENGTH;

/** A binary message's bytes may share memory with the chunk they came in: copy what you keep. */
export type Message = { type: 'text'; text: string } | { type: 'binary'; bytes: Buffer };

interface Begun {
  readonly isText: boolean;
  readonly isCompressed: boolean;
  readonly payload: ByteCollector;
  fragments: number;
}

/** Assembles messages: add() each whole data frame, inspect() one that is still arriving. */
export class MessageAssembler {
  readonly #maxMessageBytes: number;
  readonly #maxFragments: number;
  readonly #inflater: MessageInflater | undefined;
  #begun: Begun | undefined = undefined;
  /** The check of the text that is arriving, and how much of its latest frame it has seen. */
  #utf8: Utf8Check | undefined = undefined;
  #checked = 0;

  /** @param options the inflater is there when RSV1 may be: it means compressed (RFC 7692 §6) */
  constructor(options: { maxMessageBytes: number; maxFragments?: number; inflater?: MessageInflater }) {
    this.#maxMessageBytes = options.maxMessageBytes;
    this.#maxFragments = options.maxFragments ?? defaultMaxFragments;
    this.#inflater = options.inflater;
  }

  /**
   * Returns the message that this frame completes.
   *
   * @throws {ProtocolError} 1002 out of order, 1007 not UTF-8 or not to be inflated, 1009 too big or too many fragments
   */
  add(frame: Frame): Message | undefined {
    const { payload } = frame;
    this.#checkHead(frame, payload.length);
    if (this.#begun === undefined && frame.fin) {
      this.#endText();
      const bytes = frame.rsv1 ? this.#inflate(payload) : payload;
      if (frame.opcode === Opcode.text) return { type: 'text', text: decodeText(bytes) };
      return { type: 'binary', bytes };
    }

    const begun = (this.#begun ??= {
      isText: frame.opcode === Opcode.text,
      isCompressed: frame.rsv1,
      payload: new ByteCollector(this.#maxMessageBytes, payload.length * 2),
      fragments: 0,
    });
    if (begun.isText && !begun.isCompressed) this.#checkText(payload.subarray(this.#checked));
    this.#checked = 0;
    begun.fragments += 1;
    begun.payload.append(payload);
    if (!frame.fin) return undefined;

    this.#begun = undefined;
    const bytes = begun.isCompressed ? this.#inflate(begun.payload.bytes) : begun.payload.bytes;
    if (!begun.isText) return { type: 'binary', bytes };
    if (begun.isCompressed) return { type: 'text', text: decodeText(bytes) };
    if (this.#utf8?.isComplete === false) throw notUtf8();
    this.#endText();
    return { type: 'text', text: toText(bytes) };
  }

  /**
   * Looks at what is new of a frame that has arrived in part, so that a wrong one ends the connection before the rest has come.
   *
   * @throws {ProtocolError} as add()
   */
  inspect(frame: ArrivingFrame): void {
    this.#checkHead(frame, frame.payloadLength);
    const begun = this.#begun;
    // What is compressed is not text yet.
    if (begun?.isCompressed ?? frame.rsv1) return;
    if (begun?.isText ?? frame.opcode === Opcode.text) this.#checkText(frame.latest);
  }

  #inflate(payload: Buffer): Buffer {
    return this.#inflater?.inflate(payload) ?? payload;
  }

  #checkHead(frame: Pick<Frame, 'opcode'>, payloadLength: number): void {
    const begun = this.#begun;
    const isContinuation = frame.opcode === Opcode.continuation;
    if (begun === undefined) {
      if (isContinuation) {
        throw new ProtocolError('Cannot accept frame: there is no message to continue (RFC 6455 §5.4)');
      }
      if (payloadLength > this.#maxMessageBytes) throw this.#tooBig(payloadLength);
      return;
    }
    if (!isContinuation) {
      throw new ProtocolError(
        'Cannot accept frame: the fragments of another message are not complete (RFC 6455 §5.4)',
      );
    }
    if (begun.fragments >= this.#maxFragments) {
      throw new ProtocolError(
        `Cannot accept message: over the limit of ${this.#maxFragments} fragments (RFC 6455 §10.4)`,
        1009,
      );
    }
    const length = begun.payload.length + payloadLength;
    if (length > this.#maxMessageBytes) throw this.#tooBig(length);
  }

  #checkText(bytes: Buffer): void {
    this.#utf8 ??= new Utf8Check();
    if (!this.#utf8.accept(bytes)) throw notUtf8();
    this.#checked += bytes.length;
  }

  #endText(): void {
    this.#utf8 = undefined;
    this.#checked = 0;
  }

  #tooBig(length: number): ProtocolError {
    const text = `Cannot accept message: "${length}" bytes are over the limit of ${this.#maxMessageBytes} (RFC 6455 §10.4)`;
    return new ProtocolError(text, 1009);
  }
}

/** Decoding puts U+FFFD in the place of what is not UTF-8. Few texts have one, so few are checked besides. */
function decodeText(payload: Buffer): string {
  const text = toText(payload);
  if (text.includes('\ufffd') && !isUtf8(payload)) throw notUtf8();
  return text;
}

/** A peer must not make us throw, even with a limit over what a string can hold (512 MiB). */
function toText(bytes: Buffer): string {
  if (bytes.length <= maxTextBytes) return bytes.toString('utf8');
  throw new ProtocolError(`Cannot accept text: "${bytes.length}" bytes are over the limit of a string`, 1009);
}

function notUtf8(): ProtocolError {
  return new ProtocolError('Cannot accept text: its bytes are not UTF-8 (RFC 6455 §8.1)', 1007);
}
