/** One bare WebSocket of a `WebSocketServer`, as its user sees it. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StateError, throwLater } from '../errors.ts';
import { Timer, type TimerOwner } from './clock.ts';
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
  #scheduled = false;
  #isClosed = false;
  /** What went wrong on our side of the wire, for the `close` event. */
  #fault: { code: number; reason: string } | undefined;
  /** Of messages in the outbox. */
  #waiting: SendCallback[] = [];
  #keepAlive: Timer | undefined;
  #awaitsPong = false;
  #queue: MessageQueue | undefined;

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
    return (this.#outbox?.bytes ?? 0) + this.#connection.unsentBytes;
  }

  /**
   * Sends a message: a string as text, bytes as binary. It leaves at the end of this turn, behind what was sent before.
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
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
    // The pong may stand behind what was not read.
    if (this.#awaitsPong) this.#wakeIn(this.#options.pingTimeoutMs);
  }

  /**
   * The messages, for `for await`; ends when the connection does. Reading waits for the loop: what has arrived and was not
   * taken is at most one chunk of TCP. Several loops share the messages. What a loop that was left had not taken waits for
   * the next loop until another message arrives.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<string | Buffer> {
    this.#queue ??= new MessageQueue(
      () => this.pause(),
      () => this.resume(),
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
    if (this.#outbox !== undefined) this.#schedule();
    else this.#tell('drain');
  }

  onClosing(): void {}

  onFailed(code: number, reason: string): void {
    this.#fault ??= { code, reason };
  }

  onClosed(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.#flushOutbox(); // our close frame may be in it still
    this.#isClosed = true;
    if (this.#keepAlive !== undefined) this.#host.wheel.cancel(this.#keepAlive);
    this.#outbox = undefined;
    this.#settle(
      this.#waiting.splice(0),
      new StateError('Cannot send: the connection closed before the message left'),
    );
    this.#queue?.end();
    this.#host.onSocketClosed(this);
    const end = this.#fault ?? { code, reason };
    this.#tell('close', end.code, end.reason);
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
    const outbox = this.#outbox;
    if (outbox !== undefined && outbox.bytes > this.#options.maxOutboxBytes) {
      this.#giveUp('slow reader');
      return;
    }
    this.#append(message);
  }

  #append(message: Outgoing): void {
    this.#outbox = (this.#outbox ?? this.#host.flush.start).append(message);
    if (!this.#connection.blocked) this.#schedule();
  }

  #flushOutbox(): void {
    const outbox = this.#outbox;
    if (outbox === undefined || this.#connection.blocked) return;
    this.#outbox = undefined;
    if (this.#waiting.length === 0) {
      this.#connection.write(outbox.frames);
    } else {
      const callbacks = this.#waiting.splice(0);
      this.#connection.write(outbox.frames, (error) => this.#settle(callbacks, error ?? undefined));
    }
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
    if (this.#keepAlive !== undefined) this.#host.wheel.set(this.#keepAlive, this.#host.wheel.now() + ms);
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
