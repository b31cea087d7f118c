/**
 * READ THIS FIRST. One client, and the way of its messages.
 *
 * In, one call inside the other, in the turn of the chunk that carried the message:
 *
 *   transport/tcp-websocket        onData      bytes → WebSocket message
 *   transport/websocket-transport  onMessage   message → Engine.IO packet
 *   transport/engine-socket        onPacket    the session: heartbeats, upgrade, or a message
 *   connection                     onMessage   message → Socket.IO packet, and the namespace it is for
 *   namespaces/socket              onPacket    packet → event, and the user's handler
 *
 * Out, gathered until the end of the turn:
 *
 *   namespaces/socket emit, rooms/broadcast emit → rooms/prepared-packet (encoded once) → connection send
 *   → transport/engine-socket enqueue → transport/outbox → transport/flush: one write
 */
import type { IncomingMessage } from 'node:http';
import type { Leaver } from './drain.ts';
import type { Client } from './namespaces/client.ts';
import type { Namespace } from './namespaces/namespace.ts';
import type { Socket } from './namespaces/socket.ts';
import { PreparedPacket } from './rooms/prepared-packet.ts';
import type { BroadcastFlags } from './rooms/audience.ts';
import type { Codec, EngineMessages, MessageDecoder } from './socketio/codec.ts';
import type { Packet } from './socketio/packet.ts';
import { Timer, type TimerOwner, type TimerWheel } from './transport/clock.ts';
import { debug } from './transport/debug.ts';
import type { CloseReason, EngineReceiver } from './transport/engine-host.ts';
import type { EngineSocket } from './transport/engine-socket.ts';

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly wheel: TimerWheel;
  readonly codec: Codec;
  readonly connectTimeoutMs: number;
  readonly maxNamespaces: number;
  /** Calls back once, with nothing if there is none of that name and none may be made. */
  findNamespace(
    name: string,
    auth: Record<string, unknown>,
    found: (namespace: Namespace | undefined) => void,
  ): void;
}

const NONE: readonly string[] = [];
const preparedFor = new WeakMap<EngineMessages, PreparedPacket>();

export class Connection implements EngineReceiver, Client, Leaver, TimerOwner {
  readonly conn: EngineSocket;
  readonly #host: ConnectionHost;
  readonly #decoder: MessageDecoder;
  /** The client's sockets, one for each namespace. A new list for each change; a map would weigh more than the rest of this. */
  #sockets: readonly Socket[] = [];
  /** Namespaces at whose door the client stands. */
  #entering: readonly string[] = NONE;
  #connectTimer: Timer | undefined;

  constructor(conn: EngineSocket, host: ConnectionHost) {
    this.conn = conn;
    this.#host = host;
    this.#decoder = host.codec.openDecoder();
    this.#connectTimer = new Timer(this);
    host.wheel.set(this.#connectTimer, host.wheel.now() + host.connectTimeoutMs);
    conn.receiver = this;
    // Clients of revision 3 are in the main namespace without asking.
    if (conn.protocol === 3) this.#connect('/', {});
  }

  get id(): string {
    return this.conn.id;
  }

  get request(): IncomingMessage {
    return this.conn.request;
  }

  get isOpen(): boolean {
    return this.conn.readyState === 'open';
  }

  get writable(): boolean {
    return this.conn.writable;
  }

  onMessage(message: string | Buffer): void {
    const packet = this.#decoder.receive(message);
    switch (packet.type) {
      case 'incomplete':
        break;
      case 'invalid':
        this.#onInvalidPacket(packet.reason);
        break;
      case 'connect': {
        const { name, auth } = this.#addressOf(packet);
        this.#connect(name, auth);
        break;
      }
      case 'connect error':
        this.#refusePacket('a connect error is for the server to send');
        break;
      case 'disconnect':
      case 'event':
      case 'ack':
        this.#dispatch(packet, this.#addressOf(packet).name);
    }
  }

  onClose(reason: CloseReason, detail?: string): void {
    this.#endSockets(reason, detail);
  }

  onPinged(): void {
    if (this.conn.protocol === 4) for (const socket of this.#sockets) socket.onPinged();
  }

  onPong(): void {
    for (const socket of this.#sockets) socket.onPong();
  }

  send(packet: PreparedPacket): void {
    this.conn.enqueue(packet);
  }

  get isFull(): boolean {
    return this.conn.isFull;
  }

  afterWriting(callback: () => void): void {
    this.conn.afterWriting(callback);
  }

  endSlowReader(): void {
    this.conn.endSlowReader();
  }

  discard(): void {
    this.conn.close(true);
  }

  get isOwed(): boolean {
    return this.#sockets.some((socket) => socket.isOwed);
  }

  /** The server closes. The client comes back by itself, as it is not told to leave its namespaces. */
  leave(): void {
    this.#endSockets('server shutting down');
    this.conn.close();
  }

  writeToEngine(messages: EngineMessages, { volatile, compress }: BroadcastFlags): void {
    if (volatile === true && !this.writable) return;
    // An adapter gives the same list to all who receive the packet: they share what is made of it.
    let prepared = preparedFor.get(messages);
    if (prepared === undefined) {
      prepared = PreparedPacket.ofMessages(messages, compress);
      preparedFor.set(messages, prepared);
    }
    this.send(prepared);
  }

  disconnect(): void {
    // Each namespace's client is told; the connection closes behind the last word.
    for (const socket of this.#sockets) socket.disconnect();
    this.#close();
  }

  forget(namespace: string): void {
    this.#sockets = this.#sockets.filter(({ nsp }) => nsp.name !== namespace);
  }

  after(ms: number, callback: () => void): () => void {
    const { wheel } = this.#host;
    const timer = new Timer({ onTimer: callback });
    wheel.set(timer, wheel.now() + ms);
    return () => wheel.cancel(timer);
  }

  /** The client has had `connectTimeout` to join a namespace. */
  onTimer(): void {
    if (this.#sockets.length > 0) return;
    debug('client joined no namespace in time');
    this.conn.close();
  }

  #connect(name: string, data: unknown): void {
    // A second request for the same namespace would give one client two sockets under one name.
    if (this.#socketIn(name) !== undefined || this.#entering.includes(name)) {
      this.#refusePacket(`already connected to "${name}"`);
      return;
    }
    if (this.#sockets.length + this.#entering.length >= this.#host.maxNamespaces) {
      this.#refuse(name, 'Too many namespaces');
      return;
    }
    this.#entering = this.#entering.concat(name);
    const auth = isRecord(data) ? data : {};
    this.#host.findNamespace(name, auth, (namespace) => {
      if (namespace !== undefined) {
        if (this.isOpen) this.#enter(namespace, auth);
        return;
      }
      this.#stopEntering(name);
      this.#refuse(name, 'Invalid namespace');
    });
  }

  #refuse(name: string, message: string): void {
    debug('client may not join %s: %s', name, message);
    const packet = { type: 'connect error', namespace: name, data: { message } } as const;
    this.send(PreparedPacket.ofMessages(this.#host.codec.encode(packet)));
  }

  #enter(namespace: Namespace, auth: Record<string, unknown>): void {
    const { name } = namespace;
    namespace.connect(this, auth, {
      entered: (socket) => {
        this.#stopEntering(name);
        this.#sockets = this.#sockets.concat(socket);
        this.#stopConnectTimer();
      },
      refused: () => this.#stopEntering(name),
    });
  }

  #stopEntering(name: string): void {
    const others = this.#entering.filter((other) => other !== name);
    this.#entering = others.length === 0 ? NONE : others;
  }

  #socketIn(namespace: string): Socket | undefined {
    return this.#sockets.find(({ nsp }) => nsp.name === namespace);
  }

  /** Clients of revision 3 say their `auth` behind the namespace, in each packet: `/admin?token=abc`. */
  #addressOf(packet: Packet): { name: string; auth: unknown } {
    const { namespace } = packet;
    const query = this.conn.protocol === 3 ? namespace.indexOf('?') : -1;
    if (query === -1) return { name: namespace, auth: 'data' in packet ? packet.data : undefined };
    return {
      name: namespace.slice(0, query),
      auth: Object.fromEntries(new URLSearchParams(namespace.slice(query))),
    };
  }

  #dispatch(packet: Packet, namespace: string): void {
    const socket = this.#socketIn(namespace);
    if (socket !== undefined) {
      socket.onPacket(packet);
    } else {
      this.#refusePacket(`the client has not joined "${packet.namespace}"`);
    }
  }

  /** A packet that is sound, but not now. As with Socket.IO, no `error` tells of it. */
  #refusePacket(reason: string): void {
    debug('packet refused: %s', reason);
    // Its closing is what ends them where the last word can be written at once.
    this.#endSockets(this.writable ? 'forced close' : 'forced server close');
    this.conn.close();
  }

  #close(): void {
    this.#endSockets('forced server close');
    this.conn.close();
  }

  #onInvalidPacket(reason: string): void {
    debug('Socket.IO packet refused: %s', reason);
    this.#decoder.discard();
    const error = new Error('invalid packet format');
    for (const socket of this.#sockets) socket.onError(error);
    this.conn.close();
  }

  #stopConnectTimer(): void {
    if (this.#connectTimer === undefined) return;
    this.#host.wheel.cancel(this.#connectTimer);
    this.#connectTimer = undefined;
  }

  #endSockets(reason: CloseReason | 'forced server close' | 'server shutting down', detail?: string): void {
    this.#stopConnectTimer();
    this.#decoder.discard();
    for (const socket of this.#sockets) socket.onClose(reason, detail);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
