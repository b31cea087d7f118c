/** The WebSocket transport of Engine.IO: one packet is one message. The bytes are `tcp-websocket.ts`'s affair. */
import type { Duplex } from 'node:stream';
import type { Dialect } from '../engineio/dialect.ts';
import { ProtocolError } from '../errors.ts';
import type { FrameForm } from '../rooms/prepared-packet.ts';
import { debug } from './debug.ts';
import type { Outbox } from './outbox.ts';
import {
  TcpWebSocket,
  type TcpWebSocketHost,
  type TcpWebSocketOptions,
  type TcpWebSocketOwner,
} from './tcp-websocket.ts';
import type { Transport, TransportFault, TransportOwner } from './transport.ts';

export class WebSocketTransport implements Transport, TcpWebSocketOwner {
  readonly name = 'websocket';
  owner: TransportOwner;
  readonly dialect: Dialect;
  /** Of what is sent. Undefined: the one that most have. */
  readonly #form: FrameForm | undefined;
  readonly #connection: TcpWebSocket;
  /** The owner wants to hear no more. */
  #finished = false;

  /** Takes over `tcp`, whose 101 response has been written. Reads nothing before `open`. */
  constructor(
    tcp: Duplex,
    owner: TransportOwner,
    dialect: Dialect,
    form: FrameForm | undefined,
    host: TcpWebSocketHost,
    options: TcpWebSocketOptions,
  ) {
    this.owner = owner;
    this.dialect = dialect;
    this.#form = form;
    this.#connection = new TcpWebSocket(tcp, this, host, options);
  }

  /** Starts to read. `head` are bytes that came behind the handshake. */
  open(head: Buffer): void {
    this.#connection.open(head);
  }

  get writable(): boolean {
    return !this.#finished && this.#connection.writable;
  }

  get blocked(): boolean {
    return this.#connection.blocked;
  }

  get unsentBytes(): number {
    return this.#connection.unsentBytes;
  }

  write(outbox: Outbox): void {
    this.#connection.write(this.#form === undefined ? outbox.frames : outbox.framesIn(this.#form));
  }

  close(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#connection.close();
  }

  discard(): void {
    this.#finished = true;
    this.#connection.destroy();
  }

  onMessage(message: string | Buffer): void {
    if (this.#finished) return;
    let packet;
    try {
      packet = this.dialect.parsePacket(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      debug('Engine.IO packet refused: %s', error.message);
      this.#connection.close();
      this.#end('parse error', error.message);
      return;
    }
    this.owner.onPacket(this, packet);
  }

  onWritable(): void {
    if (!this.#finished) this.owner.onWritable(this);
  }

  // Engine.IO has heartbeats of its own.
  onPing(): void {}
  onPong(): void {}

  onClosing(): void {
    this.#end('transport close');
  }

  onFailed(code: number, reason: string): void {
    // A reset is an end without a Close frame (1006), as with `ws`: nobody broke a rule.
    this.#end(code === 1006 ? 'transport close' : 'transport error', reason);
  }

  onClosed(): void {
    this.#end('transport close');
  }

  #end(fault: TransportFault, detail?: string): void {
    if (this.#finished) return;
    this.#finished = true;
    this.owner.onTransportClosed(this, fault, detail);
  }
}
