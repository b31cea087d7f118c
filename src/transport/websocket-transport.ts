/**
 * One upgraded TCP or TLS socket: feeds its bytes to the WebSocket machine, hands packets to the session, and writes what
 * the flush gives it.
 */
import type { Duplex } from 'node:stream';
import { parsePacket } from '../engineio/packet.ts';
import { ProtocolError } from '../errors.ts';
import { WebSocket, type WebSocketEvent } from '../websocket/websocket.ts';
import { Timer, type TimerOwner, type TimerWheel } from './clock.ts';
import { debug } from './debug.ts';
import type { Flush, Flushable } from './flush.ts';
import type { Outbox } from './outbox.ts';
import type { Transport, TransportFault, TransportOwner } from './transport.ts';

const kTransport = Symbol('transport');
type TcpSocket = Duplex & { [kTransport]?: WebSocketTransport };

export interface WebSocketTransportOptions {
  readonly maxMessageBytes: number;
  readonly maxFragments: number;
  readonly closeTimeoutMs: number;
}

export class WebSocketTransport implements Transport, Flushable, TimerOwner {
  readonly name = 'websocket';
  owner: TransportOwner;
  readonly #tcp: TcpSocket;
  readonly #websocket: WebSocket;
  readonly #flush: Flush;
  readonly #wheel: TimerWheel;
  readonly #closeTimeoutMs: number;
  /** The kernel has refused bytes: nothing more is written until it has taken them. */
  #blocked = false;
  /** The answer to the latest ping. Earlier ones need none (§5.5.3), so a flood of pings costs one frame a turn. */
  #pong: Buffer | undefined;
  #closeFrame: Buffer | undefined;
  #closeTimer: Timer | undefined;
  #scheduled = false;
  /** The owner wants to hear no more. */
  #finished = false;

  /** Takes over `tcp`, whose 101 response has been written. Reads nothing before `open`. */
  constructor(
    tcp: Duplex,
    owner: TransportOwner,
    flush: Flush,
    wheel: TimerWheel,
    options: WebSocketTransportOptions,
  ) {
    this.#tcp = tcp;
    this.owner = owner;
    this.#flush = flush;
    this.#wheel = wheel;
    this.#closeTimeoutMs = options.closeTimeoutMs;
    this.#websocket = new WebSocket({
      role: 'server',
      maxMessageBytes: options.maxMessageBytes,
      maxFragments: options.maxFragments,
    });
  }

  /** Starts to read. `head` are bytes that came behind the handshake. */
  open(head: Buffer): void {
    this.#tcp[kTransport] = this;
    this.#tcp
      .on('data', onData)
      .on('end', onEnd)
      .on('close', onClose)
      .on('drain', onDrain)
      .on('error', onError);
    if (head.length > 0) this.onData(head);
    this.#tcp.resume();
  }

  get writable(): boolean {
    return !this.#blocked && !this.#finished && this.#websocket.state === 'open';
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  write(outbox: Outbox): void {
    this.#write(outbox.frames);
  }

  close(): void {
    if (this.#finished) return;
    this.#finished = true;
    const frame = this.#websocket.close();
    if (frame !== undefined) this.#sendClose(frame);
  }

  discard(): void {
    this.#finished = true;
    this.#tcp.destroy();
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#pong !== undefined && !this.#blocked) {
      this.#write(this.#pong);
      this.#pong = undefined;
    }
    if (this.#closeFrame !== undefined) {
      this.#write(this.#closeFrame);
      this.#closeFrame = undefined;
      if (this.#websocket.state === 'closed') this.#tcp.end();
    }
  }

  onTimer(): void {
    debug('WebSocket peer did not finish the closing handshake in time');
    this.#tcp.destroy();
  }

  onData(chunk: Buffer): void {
    this.#websocket.receive(chunk, this.#onEvent);
  }

  onEnd(): void {
    this.#websocket.receiveEnd(this.#onEvent);
    this.#tcp.end();
    this.#startCloseTimer();
  }

  onClose(): void {
    if (this.#closeTimer !== undefined) this.#wheel.cancel(this.#closeTimer);
    this.#websocket.receiveEnd(this.#onEvent);
  }

  onError(error: Error): void {
    debug('TCP error: %s', error.message);
    this.#end('transport error', error.message);
  }

  onDrain(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    if (this.#pong !== undefined) this.#schedule();
    if (this.writable) this.owner.onWritable(this);
  }

  readonly #onEvent = (event: WebSocketEvent): void => {
    switch (event.type) {
      case 'text':
        this.#onMessage(event.text);
        break;
      case 'binary':
        this.#onMessage(event.bytes);
        break;
      case 'ping':
        this.#pong = event.reply;
        this.#schedule();
        break;
      case 'pong':
        break;
      case 'closing':
        this.#sendClose(event.reply);
        this.#end('transport close');
        break;
      case 'failed':
        debug('WebSocket failed with %d: %s', event.code, event.reason);
        this.#sendClose(event.reply);
        this.#end('transport error', event.reason);
        break;
      case 'closed':
        this.#end('transport close');
        // §7.1.1: both halves of the closing handshake are done; the server ends the connection.
        if (this.#closeFrame === undefined) this.#tcp.end();
        break;
    }
  };

  #onMessage(message: string | Buffer): void {
    if (this.#finished) return;
    let packet;
    try {
      packet = parsePacket(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      debug('Engine.IO packet refused: %s', error.message);
      this.#sendClose(this.#websocket.close());
      this.#end('parse error', error.message);
      return;
    }
    this.owner.onPacket(this, packet);
  }

  #sendClose(frame: Buffer | undefined): void {
    // Nothing to say where a close frame has gone out before.
    if (frame === undefined || frame.length === 0) return;
    this.#closeFrame = frame;
    this.#startCloseTimer();
    this.#schedule();
  }

  #startCloseTimer(): void {
    if (this.#tcp.destroyed) return;
    this.#closeTimer ??= new Timer(this);
    this.#wheel.set(this.#closeTimer, this.#wheel.now() + this.#closeTimeoutMs);
  }

  #end(fault: TransportFault, detail?: string): void {
    if (this.#finished) return;
    this.#finished = true;
    this.owner.onTransportClosed(this, fault, detail);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#flush.schedule(this);
  }

  #write(bytes: Buffer): void {
    if (this.#tcp.destroyed || this.#tcp.writableEnded) return;
    // `write` says false at the stream's own mark even when the kernel took all at once; only what it refused counts.
    if (!this.#tcp.write(bytes) && this.#tcp.writableLength > 0) this.#blocked = true;
  }
}

// One function for all sockets, not one closure for each.
function onData(this: TcpSocket, chunk: Buffer): void {
  this[kTransport]?.onData(chunk);
}
function onEnd(this: TcpSocket): void {
  this[kTransport]?.onEnd();
}
function onClose(this: TcpSocket): void {
  this[kTransport]?.onClose();
}
function onDrain(this: TcpSocket): void {
  this[kTransport]?.onDrain();
}
function onError(this: TcpSocket, error: Error): void {
  this[kTransport]?.onError(error);
}
