/** One bare WebSocket of a `WebSocketServer`, as its user sees it. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StateError, throwLater } from '../errors.ts';
import { heartbeatSlackMs, Timer, type TimerOwner } from './clock.ts';
import { debug } from './debug.ts';
import type { Flushable } from './flush.ts';
import { MessageQueue } from './message-queue.ts';
import type { Outbox, Outgoing } from './outbox.ts';
import { type PreparedMessage, ReadyFrames } from './prepared-message.ts';
import {
  TcpWebSocket,
  type TcpWebSocketHost,
  type TcpWebSocketOptions,
  type TcpWebSocketOwner,
} from './tcp-websocket.ts';

/** As the browser's WebSocket numbers them. */
export const ReadyState = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;
export type ReadyState = (typeof ReadyState)[keyof typeof ReadyState];

/** Called with nothing when the kernel has taken the message, with an error when it never will. */
export type SendCallback = (error?: Error) => void;

export interface ServerWebSocketEvents {
  /** A text as a string, a binary as a Buffer. */
  message: [data: string | Buffer];
  /** Once. 1006: without a closing handshake. `reason` is the peer's, or says what was wrong. */
  close: [code: number, reason: string];
  /** The peer's ping; the pong goes by itself. */
  ping: [payload: Buffer];
  pong: [payload: Buffer];
  /** All that waited has been taken by the kernel. */
  drain: [];
}

export interface ServerWebSocketOptions extends TcpWebSocketOptions {
  readonly maxOutboxBytes: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
}

/** Frames on their way to the kernel, and whom to tell when the last of them is there or never will be. */
interface Leaving {
  readonly frames: Buffer;
  readonly done: ((error?: Error | null) => void) | undefined;
}

export interface ServerWebSocketHost extends TcpWebSocketHost {
  onSocketClosed(socket: ServerWebSocket): void;
}

export class ServerWebSocket
  extends EventEmitter<ServerWebSocketEvents>
  implements TcpWebSocketOwner, Flushable, TimerOwner
{
  /** The request that opened it. */
  readonly request: IncomingMessage;
  /** The chosen subprotocol, or ''. */
  readonly protocol: string;
  /** The peer's IP address, as TCP knows it. */
  readonly remoteAddress: string;
  readonly #host: ServerWebSocketHost;
  readonly #options: ServerWebSocketOptions;
  readonly #connection: TcpWebSocket;
  #outbox: Outbox | undefined;
  /** What the kernel gets next, of a flush that it did not take whole. Stands before the outbox. */
  #rest: Leaving | undefined;
  /** Of what waits. */
  #largestBytes = 0;
  /** The kernel had refused something, and takes again. */
  #owesDrain = false;
  #scheduled = false;
  #isClosed = false;
  /** What went wrong on our side of the wire, for the `close` event. */
  #fault: { code: number; reason: string } | undefined;
  /** Of messages in the outbox. */
  #waiting: SendCallback[] = [];
  #keepAlive: Timer | undefined;
  #awaitsPong = false;
  #queue: MessageQueue | undefined;
  /** Two reasons to stand still: the user's, and that a `for await` loop has not taken what there is. */
  #pausedByUser = false;
  #pausedByLoop = false;

  /** Made by the server. Reads nothing before `open`. */
  constructor(
    tcp: Duplex,
    request: IncomingMessage,
    protocol: string,
    host: ServerWebSocketHost,
    options: ServerWebSocketOptions,
  ) {
    super();
    this.request = request;
    this.protocol = protocol;
    this.remoteAddress = request.socket.remoteAddress ?? '';
    this.#host = host;
    this.#options = options;
    this.#connection = new TcpWebSocket(tcp, this, host, options);
  }

  get readyState(): ReadyState {
    return this.#isClosed ? ReadyState.closed : ReadyState[this.#connection.state];
  }

  /** Bytes that were sent and the kernel has not taken. */
  get bufferedAmount(): number {
    const { unsentBytes } = this.#connection;
    return (this.#outbox?.bytes ?? 0) + (this.#rest?.frames.length ?? 0) + unsentBytes;
  }

  /**
   * Sends a message: a string as text, bytes as binary. It leaves by the end of this turn, behind what was sent before.
   * Bytes must not change until then.
   *
   * After `close`, nothing is sent and `callback` gets a `StateError`.
   */
  send(data: string | Uint8Array | ArrayBuffer, callback?: SendCallback): void {
    if (!this.#canSend(callback)) return;
    const { protocol } = this.#connection;
    const frames =
      typeof data === 'string'
        ? protocol.text(data)
        : protocol.binary(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    this.#enqueue(new ReadyFrames(frames), callback);
  }

  /** Sends a message that others get too: `WebSocketServer.prepare` frames it once. */
  sendPrepared(message: PreparedMessage, callback?: SendCallback): void {
    if (!this.#canSend(callback)) return;
    this.#enqueue(message.framesFor(this.#connection.protocol.sharedWindowBits), callback);
  }

  /** Sends a ping. @throws {RangeError} when the payload is over 125 bytes (§5.5) */
  ping(payload: string | Uint8Array = ''): void {
    if (this.#canSend()) this.#enqueue(new ReadyFrames(this.#connection.protocol.ping(payload)));
  }

  /** Sends a pong that nobody asked for (§5.5.3). @throws {RangeError} when the payload is over 125 bytes */
  pong(payload: string | Uint8Array = ''): void {
    if (this.#canSend()) this.#enqueue(new ReadyFrames(this.#connection.protocol.pong(payload)));
  }

  /**
   * Begins the closing handshake, behind what was sent: that, and the peer's answer, have `closeTimeoutMs`. Harmless again.
   *
   * @throws {RangeError | TypeError} when the code or the reason (at most 123 bytes) may not be sent (§7.4)
   */
  close(code?: number, reason?: string): void {
    const frame = this.#connection.beginClose(code, reason);
    if (frame !== undefined) this.#append(new ReadyFrames(frame));
  }

  /** Cuts the connection. What was not sent is lost; `close` is emitted with 1006. */
  terminate(): void {
    this.#connection.destroy();
  }

  /** Reads no more until `resume`: the peer's TCP notices. */
  pause(): void {
    this.#pausedByUser = true;
    this.#connection.pause();
  }

  /** Reads again; behind a `for await` loop, when that has taken what there is. */
  resume(): void {
    this.#pausedByUser = false;
    this.#resumeIfWanted();
  }

  /**
   * The messages, for `for await`; ends when the connection does. Reading waits for the loop: what has arrived and was not
   * taken is at most one chunk of TCP. Several loops share the messages. What a loop that was left had not taken waits for
   * the next loop until another message arrives.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Buffer> {
    this.#queue ??= new MessageQueue(
      () => this.#pauseForLoop(),
      () => this.#resumeForLoop(),
    );
    if (this.#isClosed) this.#queue.end();
    return this.#queue.enter();
  }

  /** Starts to read. Called by the server, after its `connection` listeners. */
  open(head: Buffer): void {
    if (this.#options.pingIntervalMs !== Infinity) {
      this.#keepAlive = new Timer(this);
      this.#wakeIn(this.#options.pingIntervalMs);
    }
    this.#connection.open(head);
  }

  flush(): void {
    this.#scheduled = false;
    this.#flushOutbox();
    if (this.#owesDrain && !this.#connection.blocked) this.#tellDrain();
  }

  /** The keep-alive: a ping, or the peer did not answer the last one. */
  onTimer(): void {
    if (this.#connection.state !== 'open') return; // the closing handshake has its own deadline
    if (this.#awaitsPong && this.#connection.paused) {
      // Nobody could hear the pong: we do not read.
      this.#wakeIn(this.#options.pingTimeoutMs);
    } else if (this.#awaitsPong) {
      this.#giveUp('ping timeout');
    } else {
      this.#awaitsPong = true;
      this.ping();
      this.#wakeIn(this.#options.pingTimeoutMs);
    }
  }

  onMessage(data: string | Buffer): void {
    this.#queue?.push(data);
    this.#tell('message', data);
  }

  onPing(payload: Buffer): void {
    this.#tell('ping', payload);
  }

  onPong(payload: Buffer): void {
    if (this.#awaitsPong) {
      this.#awaitsPong = false;
      this.#wakeIn(this.#options.pingIntervalMs);
    }
    this.#tell('pong', payload);
  }

  onWritable(): void {
    if (this.#isClosed) return;
    this.#owesDrain = true;
    if (this.#outbox !== undefined || this.#rest !== undefined) this.#schedule();
    else this.#tellDrain();
  }

  onClosing(): void {}

  onFailed(code: number, reason: string): void {
    this.#fault ??= { code, reason };
  }

  onClosed(code: number, reason: string): void {
    if (this.#isClosed) return;
    // What was sent before goes before the last frame, and our close frame may be in it still. The peer has
    // `closeTimeoutMs` to take it, if there is a connection left; else the callbacks hear of that.
    this.#writeAll();
    this.#isClosed = true;
    if (this.#keepAlive !== undefined) this.#host.wheel.cancel(this.#keepAlive);
    this.#queue?.end();
    this.#host.onSocketClosed(this);
    const end = this.#fault ?? { code, reason };
    this.#tell('close', end.code, end.reason);
  }

  #tellDrain(): void {
    this.#owesDrain = false;
    this.#tell('drain');
  }

  #pauseForLoop(): void {
    this.#pausedByLoop = true;
    this.#connection.pause();
  }

  #resumeForLoop(): void {
    this.#pausedByLoop = false;
    this.#resumeIfWanted();
  }

  #resumeIfWanted(): void {
    if (this.#pausedByUser || this.#pausedByLoop || !this.#connection.paused) return;
    this.#connection.resume();
    // The pong may stand behind what was not read.
    if (this.#awaitsPong) this.#wakeIn(this.#options.pingTimeoutMs);
  }

  #canSend(callback?: SendCallback): boolean {
    if (this.#connection.state === 'open' && this.#fault === undefined) return true;
    if (callback !== undefined) {
      // Not from inside `send`: a callback that sends again would recurse without end.
      const error = new StateError(`Cannot send: the connection is "${this.#connection.state}"`);
      queueMicrotask(() => this.#settle([callback], error));
    }
    return false;
  }

  #enqueue(message: Outgoing, callback?: SendCallback): void {
    if (callback !== undefined) this.#waiting.push(callback);
    if (this.#outbox === undefined && !this.#connection.blocked) this.#largestBytes = 0; // nothing waits
    this.#largestBytes = Math.max(this.#largestBytes, message.size);
    const { bytes } = this.#append(message);
    // Not what one turn sends is too much, but what the peer does not take: the kernel shows, asked early.
    if (bytes >= this.#pieceBytes && !this.#connection.blocked) this.#flushOutbox();
    // One message may be of any size: it is the user's, who has made it already.
    if (this.#connection.blocked && this.bufferedAmount - this.#largestBytes > this.#options.maxOutboxBytes) {
      this.#giveUp('slow reader');
    }
  }

  #append(message: Outgoing): Outbox {
    const outbox = (this.#outbox ?? this.#host.flush.start).append(message);
    this.#outbox = outbox;
    if (!this.#connection.blocked) this.#schedule();
    return outbox;
  }

  /** What the kernel is given at once: what it refuses of that counts whole until it has taken all of it. */
  get #pieceBytes(): number {
    return this.#options.maxOutboxBytes / 4;
  }

  #flushOutbox(): void {
    if (this.#connection.blocked) return;
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#writePieces(rest);
    if (this.#outbox !== undefined && !this.#connection.blocked)
      this.#writePieces(this.#takeOutbox(this.#outbox));
  }

  #writePieces({ frames, done }: Leaving): void {
    const size = Math.ceil(this.#pieceBytes);
    let from = 0;
    for (; frames.length - from > size && !this.#connection.blocked; from += size) {
      this.#connection.write(frames.subarray(from, from + size));
    }
    const last = from === 0 ? frames : frames.subarray(from);
    if (this.#connection.blocked) this.#rest = { frames: last, done };
    else this.#connection.write(last, done);
  }

  /** The end: the stream holds what the kernel does not take, and nothing comes behind it. */
  #writeAll(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#connection.write(rest.frames, rest.done);
    if (this.#outbox === undefined) return;
    const { frames, done } = this.#takeOutbox(this.#outbox);
    this.#connection.write(frames, done);
  }

  #takeOutbox(outbox: Outbox): Leaving {
    this.#outbox = undefined;
    if (this.#waiting.length === 0) return { frames: outbox.frames, done: undefined };
    const callbacks = this.#waiting.splice(0);
    return { frames: outbox.frames, done: (error) => this.#settle(callbacks, error ?? undefined) };
  }

  #giveUp(reason: string): void {
    debug('WebSocket given up: %s', reason);
    this.#fault ??= { code: 1006, reason };
    this.#host.refusals.count(reason);
    this.#connection.destroy();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#host.flush.schedule(this);
  }

  #wakeIn(ms: number): void {
    const { wheel } = this.#host;
    if (this.#keepAlive !== undefined)
      wheel.set(this.#keepAlive, wheel.now() + ms, heartbeatSlackMs(this.#options));
  }

  #settle(callbacks: readonly SendCallback[], error?: Error): void {
    for (const callback of callbacks) {
      try {
        callback(error);
      } catch (thrown) {
        throwLater(thrown);
      }
    }
  }

  #tell<Name extends keyof ServerWebSocketEvents>(name: Name, ...args: ServerWebSocketEvents[Name]): void {
    try {
      (this as EventEmitter).emit(name, ...args);
    } catch (thrown) {
      throwLater(thrown);
    }
  }
}
