/**
 * One WebSocket connection after its handshake: bytes in, events out, and the bytes to send back (RFC 6455).
 *
 * `receive` pulls frames from the decoder, one at a time, and delivers what each of them means. Everything that may
 * throw for the peer's fault happens in #next(), which turns it into an event; every event is delivered with our
 * state already moved on, so that a callback may close us, or throw, at any point.
 */
import { randomBytes } from 'node:crypto';
import { ProtocolError, StateError } from '../errors.ts';
import {
  type ClosingState,
  type ClosingStep,
  advance,
  encodeClosePayload,
  fitReason,
  parseClosePayload,
  CloseCode,
} from './closing.ts';
import { type Frame, type Role, Opcode, isControl } from './frame.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { encodeFrame } from './frame-encoder.ts';
import { type Message, MessageAssembler } from './message-assembler.ts';
import { type DeflateTuning, MessageDeflater } from './message-deflater.ts';
import { MessageInflater } from './message-inflater.ts';
import type { DeflateParameters } from './permessage-deflate.ts';

/** What happened. Bytes may share memory with the chunk that was received: copy what you keep. */
export type WebSocketEvent =
  | Message
  /** `reply` is the pong frame to send. */
  | { type: 'ping'; payload: Buffer; reply: Buffer }
  | { type: 'pong'; payload: Buffer }
  /** The peer began to close: send `reply`; 'closed' follows at once. */
  | { type: 'closing'; code: number; reason: string; reply: Buffer }
  /** The peer broke the protocol: send `reply` (empty if our close frame is out already), then drop the connection;
   * 'closed' follows at once. */
  | { type: 'failed'; code: number; reason: string; reply: Buffer }
  /** Exactly once, the last event. `by` is who began to close. */
  | { type: 'closed'; code: number; reason: string; by: 'us' | 'peer' };

export interface WebSocketOptions {
  role: Role;
  /** The largest message, and the largest frame. `Infinity` means no limit. */
  maxMessageBytes: number;
  /** The most fragments of one message. Default 131,072. */
  maxFragments?: number;
  /** What was agreed on (RFC 7692), and how to compress. Without it no frame is compressed, and none may be. */
  deflate?: DeflateParameters & DeflateTuning;
}

const noBytes: Buffer = Buffer.alloc(0);
/** One for all: most connections are. */
const OPEN: ClosingState = { name: 'open' };

/** The protocol's state for one connection. It sends nothing: it returns what is to be sent. */
export class WebSocket {
  readonly #isClient: boolean;
  readonly #decoder: FrameDecoder;
  readonly #assembler: MessageAssembler;
  readonly #deflater: MessageDeflater | undefined;
  #closing = OPEN;
  /** Frames that this turn may still take. */
  #frameBudget = Infinity;

  /** @throws {RangeError} when we cannot compress as `deflate` says */
  constructor(options: WebSocketOptions) {
    const { role, maxMessageBytes, deflate } = options;
    this.#isClient = role === 'client';
    this.#decoder = new FrameDecoder({
      role,
      maxPayloadBytes: maxMessageBytes,
      allowRsv1: deflate !== undefined,
    });
    this.#assembler = new MessageAssembler({ ...options, ...(deflate && inflaterFor(deflate, options)) });
    this.#deflater = deflate && deflaterFor(deflate, role);
  }

  /**
   * The largest `windowBits` of encodeCompressedFrame() whose frames may be sent here, or undefined when none may: there
   * is no compression, or it keeps a context, which only text() and binary() know.
   */
  get sharedWindowBits(): number | undefined {
    return this.#deflater?.sharedWindowBits;
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#closing.name === 'ending' ? 'closing' : this.#closing.name;
  }

  /**
   * Takes bytes from the peer, which now belong to us, and delivers what they mean. Never throws for what the peer
   * sent; what `deliver` throws passes through, and the rest waits for resume() or the next receive().
   *
   * @param maxFrames stops after so many frames: see resume()
   */
  receive(chunk: Buffer, deliver: (event: WebSocketEvent) => void, maxFrames?: number): boolean {
    this.#decoder.push(chunk);
    return this.resume(deliver, maxFrames);
  }

  /**
   * Delivers what waits after a `deliver` that threw, or behind `maxFrames`.
   *
   * @returns true if it stopped after `maxFrames` frames: there may be more, for the next resume()
   */
  resume(deliver: (event: WebSocketEvent) => void, maxFrames: number = Infinity): boolean {
    this.#frameBudget = maxFrames;
    for (let event = this.#next(); event !== undefined; event = this.#next()) deliver(event);
    return this.#frameBudget === 0;
  }

  /** Makes the receive() or resume() that is under way return behind the event at hand, as behind its `maxFrames`. */
  stop(): void {
    this.#frameBudget = 0;
  }

  /** Takes the end of the TCP stream: without a closing handshake that is code 1006 (§7.1.5). */
  receiveEnd(deliver: (event: WebSocketEvent) => void): void {
    this.resume(deliver);
    this.#move('receiveEnd');
    this.resume(deliver);
  }

  /**
   * Returns the frame to send, compressed when that was agreed on and pays. With a context, a later frame may refer to
   * it: send all frames, in the order in which they were made.
   *
   * @throws {StateError} once closing or closed, as the next three
   */
  text(text: string): Buffer {
    return this.#sendMessage(Opcode.text, text);
  }

  /** Returns the frame to send, as text(); the bytes are copied. */
  binary(bytes: Uint8Array): Buffer {
    return this.#sendMessage(Opcode.binary, bytes);
  }

  /** Returns the frame to send. @throws {RangeError} when the payload is over 125 bytes */
  ping(payload: Uint8Array | string = noBytes): Buffer {
    return this.#send(Opcode.ping, payload);
  }

  /** Returns the frame to send, for a pong that nobody asked for (§5.5.3). @throws as ping() */
  pong(payload: Uint8Array | string = noBytes): Buffer {
    return this.#send(Opcode.pong, payload);
  }

  /**
   * Begins to close and returns the close frame to send, or undefined when that has begun before.
   *
   * @throws {RangeError | TypeError} when the code or the reason may not be sent; nothing has changed then
   */
  close(code?: number, reason?: string): Buffer | undefined {
    if (this.#closing.name !== 'open') return undefined;
    const frame = this.#encode(Opcode.close, encodeClosePayload(code, reason));
    this.#move('sendClose');
    return frame;
  }

  #sendMessage(opcode: Opcode, payload: Uint8Array | string): Buffer {
    this.#checkOpen();
    const compressed = this.#deflater?.deflate(payload);
    return compressed === undefined ? this.#encode(opcode, payload) : this.#encode(opcode, compressed, true);
  }

  #send(opcode: Opcode, payload: Uint8Array | string): Buffer {
    this.#checkOpen();
    return this.#encode(opcode, payload);
  }

  #checkOpen(): void {
    if (this.#closing.name === 'open') return;
    throw new StateError(`Cannot send: the connection is "${this.state}" (RFC 6455 §5.5.1)`);
  }

  #encode(opcode: Opcode, payload: Uint8Array | string, rsv1 = false): Buffer {
    // §5.3: a client takes a fresh and unpredictable key for every frame.
    if (this.#isClient) return encodeFrame(opcode, payload, { rsv1, mask: randomBytes(4) });
    return encodeFrame(opcode, payload, rsv1 ? { rsv1 } : undefined);
  }

  /** The next event, or undefined when more bytes are needed or there is nothing more to come. */
  #next(): WebSocketEvent | undefined {
    try {
      while (this.#closing.name === 'open' || this.#closing.name === 'closing') {
        if (this.#frameBudget === 0) return undefined;
        const frame = this.#decoder.next();
        if (frame === undefined) return this.#inspectArriving();
        this.#frameBudget -= 1;
        const event = this.#receiveFrame(frame);
        if (event !== undefined) return event;
      }
    } catch (error) {
      if (error instanceof ProtocolError) return this.#fail(error);
      throw error;
    }
    if (this.#closing.name !== 'ending') return undefined;
    const { ending } = this.#closing;
    this.#move('report');
    return { type: 'closed', code: ending.code, reason: ending.reason, by: ending.by };
  }

  #receiveFrame(frame: Frame): WebSocketEvent | undefined {
    const { opcode, payload } = frame;
    switch (opcode) {
      case Opcode.ping:
        return { type: 'ping', payload, reply: this.#encode(Opcode.pong, payload) };
      case Opcode.pong:
        return { type: 'pong', payload };
      case Opcode.close:
        return this.#receiveClose(payload);
      case Opcode.text:
      case Opcode.binary:
      case Opcode.continuation:
        break;
    }
    // §1.4: after our close frame, what the peer still sends is of no interest.
    return this.#closing.name === 'open' ? this.#assembler.add(frame) : undefined;
  }

  #receiveClose(payload: Buffer): WebSocketEvent | undefined {
    const { code, reason } = parseClosePayload(payload);
    const isAnswer = this.#closing.name === 'closing';
    this.#move('receiveClose', code, reason);
    if (isAnswer) return undefined;
    // §5.5.1: "the endpoint typically echos the status code it received".
    const reply = encodeClosePayload(code === CloseCode.noStatus ? undefined : code);
    return { type: 'closing', code, reason, reply: this.#encode(Opcode.close, reply) };
  }

  #inspectArriving(): undefined {
    if (this.#closing.name !== 'open') return;
    const arriving = this.#decoder.takeArriving();
    if (arriving !== undefined && !isControl(arriving.opcode)) this.#assembler.inspect(arriving);
  }

  /** §7.1.7, fail the connection. */
  #fail({ closeCode: code, message: reason }: ProtocolError): WebSocketEvent {
    const isCloseSent = this.#closing.name === 'closing';
    this.#move('fail', code, reason);
    const payload = encodeClosePayload(code, fitReason(reason));
    return {
      type: 'failed',
      code,
      reason,
      reply: isCloseSent ? noBytes : this.#encode(Opcode.close, payload),
    };
  }

  /** Once there is nothing more to receive, the decoder lets go of what it keeps. */
  #move(step: ClosingStep, code?: number, reason?: string): void {
    this.#closing = advance(this.#closing, step, code, reason);
    if (this.#closing.name === 'ending') this.#decoder.discard();
  }
}

type Deflate = NonNullable<WebSocketOptions['deflate']>;

/** We inflate what the peer sends. */
function inflaterFor(deflate: Deflate, options: WebSocketOptions): { inflater: MessageInflater } {
  const isServer = options.role === 'server';
  return {
    inflater: new MessageInflater({
      contextTakeover: !(isServer ? deflate.clientNoContextTakeover : deflate.serverNoContextTakeover),
      windowBits: isServer ? deflate.clientMaxWindowBits : deflate.serverMaxWindowBits,
      maxMessageBytes: options.maxMessageBytes,
    }),
  };
}

/** We compress what we send. */
function deflaterFor(deflate: Deflate, role: Role): MessageDeflater {
  return role === 'server'
    ? new MessageDeflater(!deflate.serverNoContextTakeover, deflate.serverMaxWindowBits, deflate)
    : new MessageDeflater(!deflate.clientNoContextTakeover, deflate.clientMaxWindowBits, deflate);
}
