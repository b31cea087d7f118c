/**
 * One upgraded TCP or TLS socket: feeds its bytes to the WebSocket machine, tells its owner what they mean, and writes what
 * the flush gives it. Knows nothing of what messages say: Engine.IO and the bare WebSocket server both stand on it.
 */
import type { Duplex } from 'node:stream';
import { WebSocket, type WebSocketEvent, type WebSocketOptions } from '../websocket/websocket.ts';
import { StateError } from '../errors.ts';
import { Timer, type TimerOwner, type TimerWheel } from './clock.ts';
import { debug } from './debug.ts';
import type { Flush, Flushable } from './flush.ts';
import type { Refusals } from './refusals.ts';

const kWebSocket = Symbol('websocket');
type TcpSocket = Duplex & { [kWebSocket]?: TcpWebSocket };

export interface TcpWebSocketOwner {
  onMessage(message: string | Buffer): void;
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** The peer has taken what it had not: nothing is blocked any more. */
  onWritable(): void;
  /** The peer began to close; the rest of the closing handshake goes by itself. */
  onClosing(code: number, reason: string): void;
  /** The peer broke the protocol (`code` tells which way), or the TCP connection failed (1006). */
  onFailed(code: number, reason: string): void;
  /** The last call: the connection is over, for the protocol. `by` is who began. */
  onClosed(code: number, reason: string, by: 'us' | 'peer'): void;
}

export interface TcpWebSocketOptions {
  readonly maxMessageBytes: number;
  readonly maxFragments: number;
  readonly maxFramesPerTurn: number;
  readonly closeTimeoutMs: number;
  readonly deflate?: WebSocketOptions['deflate'];
}

export interface TcpWebSocketHost {
  readonly flush: Flush;
  readonly wheel: TimerWheel;
  readonly refusals: Refusals;
}

export class TcpWebSocket implements Flushable, TimerOwner {
  readonly #tcp: TcpSocket;
  readonly #owner: TcpWebSocketOwner;
  readonly #websocket: WebSocket;
  readonly #host: TcpWebSocketHost;
  readonly #options: TcpWebSocketOptions;
  /** The kernel has refused bytes: nothing more is written until it has taken them. */
  #blocked = false;
  /** The answer to the latest ping. Earlier ones need none (§5.5.3), so a flood of pings costs one frame a turn. */
  #pong: Buffer | undefined;
  #closeFrame: Buffer | undefined;
  #closeTimer: Timer | undefined;
  #scheduled = false;
  /** Reading stands still: because the owner wants it, or because this turn has had its frames. */
  #paused = false;
  #resting = false;
  #continues = false;

  /** Takes over `tcp`, whose 101 response has been written. Reads nothing before `open`. */
  constructor(tcp: Duplex, owner: TcpWebSocketOwner, host: TcpWebSocketHost, options: TcpWebSocketOptions) {
    this.#tcp = tcp;
    this.#owner = owner;
    this.#host = host;
    this.#options = options;
    const { maxMessageBytes, maxFragments, deflate } = options;
    const core = { role: 'server', maxMessageBytes, maxFragments } as const;
    this.#websocket = new WebSocket(deflate === undefined ? core : { ...core, deflate });
  }

  /** Starts to read. `head` are bytes that came behind the handshake. */
  open(head: Buffer): void {
    this.#tcp[kWebSocket] = this;
    this.#tcp.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
    if (head.length > 0) this.onData(head);
    // Its owner, or very many frames in `head`, may have stopped it already.
    if (!this.#paused && !this.#resting) this.#tcp.resume();
  }

  get state(): 'open' | 'closing' | 'closed' {
    return this.#websocket.state;
  }

  /** The peer keeps up, and may be sent more. */
  get writable(): boolean {
    return !this.#blocked && this.#websocket.state === 'open';
  }

  /** Some of what was written has not left. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Bytes that were written and the kernel has not taken. */
  get unsentBytes(): number {
    return this.#tcp.writableLength;
  }

  /** The machine, for encoding what this connection agreed on. */
  get protocol(): WebSocket {
    return this.#websocket;
  }

  /** Reading stands still because the owner wants it. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Writes whole frames. Only the flush may call it. `done` is called when the kernel has taken them, or never will. */
  write(frames: Buffer, done?: (error?: Error | null) => void): void {
    if (!this.#tcp.writable) {
      done?.(new StateError('Cannot send: the connection closed before the message left'));
      return;
    }
    // `write` says false at the stream's own mark even when the kernel took all at once; only what it refused counts.
    if (this.#tcp.write(frames, done) || this.#tcp.writableLength === 0 || this.#blocked) return;
    this.#blocked = true;
    this.#tcp.once('drain', onDrain);
  }

  /**
   * Begins to close: the close frame leaves at the end of the turn, and the connection ends with the peer's answer, or
   * after `closeTimeoutMs`.
   *
   * @throws {RangeError | TypeError} when the code or the reason may not be sent
   */
  close(code?: number, reason?: string): void {
    this.#sendClose(this.#websocket.close(code, reason));
  }

  /** As `close`, but the caller writes the frame that is returned, behind what it has to send. Undefined: closing already. */
  beginClose(code?: number, reason?: string): Buffer | undefined {
    const frame = this.#websocket.close(code, reason);
    if (frame !== undefined) this.#startCloseTimer();
    this.resume(); // the peer's answer must be read; messages before it are of no interest any more
    return frame;
  }

  /** Cuts the connection, without a word. */
  destroy(): void {
    this.#tcp.destroy();
  }

  /** Delivers no more until `resume`, not even the rest of a chunk, and reads no more, so that the peer's TCP notices. */
  pause(): void {
    if (this.#websocket.state !== 'open') return;
    this.#paused = true;
    // Also in the middle of a chunk: a few compressed bytes can be very many messages.
    this.#websocket.stop();
    this.#tcp.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#resting) this.#continueSoon();
    else this.#tcp.resume();
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#pong !== undefined && !this.#blocked) {
      this.write(this.#pong);
      this.#pong = undefined;
    }
    if (this.#closeFrame === undefined) return;
    this.write(this.#closeFrame);
    this.#closeFrame = undefined;
    if (this.#websocket.state === 'closed') this.#tcp.end();
  }

  onTimer(): void {
    debug('WebSocket peer did not finish the closing handshake in time');
    this.#tcp.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.#websocket.receive(chunk, (event) => this.#onEvent(event), this.#options.maxFramesPerTurn))
      this.#rest();
  }

  onEnd(): void {
    this.#websocket.receiveEnd((event) => this.#onEvent(event));
    this.#tcp.end();
    this.#startCloseTimer();
  }

  onClose(): void {
    if (this.#closeTimer !== undefined) this.#host.wheel.cancel(this.#closeTimer);
    this.#websocket.receiveEnd((event) => this.#onEvent(event));
  }

  onError(error: Error): void {
    debug('TCP error: %s', error.message);
    this.#owner.onFailed(1006, error.message);
  }

  onDrain(): void {
    this.#blocked = false;
    if (this.#pong !== undefined) this.#schedule();
    this.#owner.onWritable();
  }

  /** A chunk of very many frames: others have their turn before the rest of it. */
  #rest(): void {
    this.#resting = true;
    this.#tcp.pause();
    this.#continueSoon();
  }

  /** Takes up the rest of a chunk in another turn; while the owner reads nothing, its `resume` does. */
  #continueSoon(): void {
    if (this.#paused || this.#continues) return;
    this.#continues = true;
    setImmediate(() => {
      this.#continues = false;
      if (this.#paused) return;
      this.#resting = false;
      if (this.#websocket.resume((event) => this.#onEvent(event), this.#options.maxFramesPerTurn))
        this.#rest();
      else if (!this.#paused) this.#tcp.resume();
    });
  }

  #onEvent(event: WebSocketEvent): void {
    switch (event.type) {
      case 'text':
        this.#owner.onMessage(event.text);
        break;
      case 'binary':
        this.#owner.onMessage(event.bytes);
        break;
      case 'ping':
        this.#pong = event.reply;
        this.#schedule();
        this.#owner.onPing(event.payload);
        break;
      case 'pong':
        this.#owner.onPong(event.payload);
        break;
      case 'closing':
        this.#sendClose(event.reply);
        this.#owner.onClosing(event.code, event.reason);
        break;
      case 'failed':
        debug('WebSocket failed with %d: %s', event.code, event.reason);
        this.#host.refusals.count(`close ${event.code}`);
        this.#sendClose(event.reply);
        this.#owner.onFailed(event.code, event.reason);
        break;
      case 'closed':
        this.#owner.onClosed(event.code, event.reason, event.by);
        // §7.1.1: both halves of the closing handshake are done; the server ends the connection.
        if (this.#closeFrame === undefined) this.#tcp.end();
        break;
    }
  }

  #sendClose(frame: Buffer | undefined): void {
    // Nothing to say where a close frame has gone out before.
    if (frame === undefined || frame.length === 0) return;
    this.#closeFrame = frame;
    this.#startCloseTimer();
    this.#schedule();
  }

  #startCloseTimer(): void {
    // Once: a peer that ends in steps gets no more time.
    if (this.#tcp.destroyed || this.#closeTimer !== undefined) return;
    this.#closeTimer = new Timer(this);
    this.#host.wheel.set(this.#closeTimer, this.#host.wheel.now() + this.#options.closeTimeoutMs);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#host.flush.schedule(this);
  }
}

// One function for all sockets, not one closure for each.
function onData(this: TcpSocket, chunk: Buffer): void {
  this[kWebSocket]?.onData(chunk);
}
function onEnd(this: TcpSocket): void {
  this[kWebSocket]?.onEnd();
}
function onClose(this: TcpSocket): void {
  this[kWebSocket]?.onClose();
}
function onDrain(this: TcpSocket): void {
  this[kWebSocket]?.onDrain();
}
function onError(this: TcpSocket, error: Error): void {
  this[kWebSocket]?.onError(error);
}
