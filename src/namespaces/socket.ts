/** One client in one namespace: the object that the user's handlers get. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { BroadcastFlags } from '../rooms/adapter.ts';
import { Audience } from '../rooms/audience.ts';
import { BroadcastOperator, type ManagedMember } from '../rooms/broadcast.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { RESERVED_EVENTS, type Packet } from '../socketio/packet.ts';
import { Acks, type Answer } from './acks.ts';
import { AnyListeners } from './any-listeners.ts';
import type { Client, EngineConnection } from './client.ts';
import type {
  AckResult,
  AnyListener,
  ArgumentsBeforeAck,
  DefaultEventsMap,
  EventArguments,
  EventHandler,
  EventNames,
  EventsMap,
} from './event-map.ts';
import { handshakeOf, type Handshake } from './handshake.ts';
import { runMiddleware, type Middleware, type MiddlewareError } from './middleware.ts';
import type { Namespace } from './namespace.ts';
import { SocketOperator } from './socket-operator.ts';

/** Why a socket left, as Socket.IO names it. */
export type DisconnectReason =
  | 'transport error'
  | 'transport close'
  | 'forced close'
  | 'ping timeout'
  | 'parse error'
  | 'slow reader'
  | 'server shutting down'
  | 'forced server close'
  | 'client namespace disconnect'
  | 'server namespace disconnect';

interface SocketEvents {
  disconnecting: (reason: DisconnectReason, description?: unknown) => void;
  disconnect: (reason: DisconnectReason, description?: unknown) => void;
  error: (error: Error) => void;
}

type ListenName<ListenEvents extends EventsMap> = EventNames<ListenEvents> | keyof SocketEvents;
type Listener<ListenEvents extends EventsMap, Name> = Name extends keyof SocketEvents
  ? SocketEvents[Name]
  : Name extends keyof ListenEvents
    ? EventHandler<ListenEvents, Name>
    : never;

export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // As with Socket.IO, `data` is whatever the user makes it unless a type says what.
  // oxlint-disable-next-line typescript/no-explicit-any
  SocketData = any,
>
  extends EventEmitter
  implements ManagedMember
{
  /** Unique and unguessable, but public: not a credential. */
  readonly id: string;
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly client: Client;
  readonly handshake: Handshake;
  /** Yours: whatever should stay with this socket. */
  data: SocketData = {} as SocketData;
  /** Whether an earlier connection's state was restored. Not yet supported: always false. */
  readonly recovered = false;
  /** A client that is being let in may join rooms already; one that has left may not any more. */
  #state: 'entering' | 'connected' | 'left' = 'entering';
  #acks: Acks | undefined;
  #middleware: Middleware<unknown[]>[] | undefined;
  #incoming: AnyListeners | undefined;
  #outgoing: AnyListeners | undefined;

  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    client: Client,
    id: string,
    auth: Record<string, unknown>,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.id = id;
    this.handshake = handshakeOf(client.request, client.conn.remoteAddress, auth);
  }

  get connected(): boolean {
    return this.#state === 'connected';
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms it is in; its own, named by its id, among them. */
  get rooms(): Set<string> {
    return new Set(this.nsp.adapter.socketRooms(this.id));
  }

  get conn(): EngineConnection {
    return this.client.conn;
  }

  /** The request that opened the connection. */
  get request(): IncomingMessage {
    return this.client.request;
  }

  override on<Name extends ListenName<ListenEvents>>(
    event: Name,
    listener: Listener<ListenEvents, Name>,
  ): this {
    return super.on(event, listener as AnyListener);
  }

  override once<Name extends ListenName<ListenEvents>>(
    event: Name,
    listener: Listener<ListenEvents, Name>,
  ): this {
    return super.once(event, listener as AnyListener);
  }

  /**
   * Sends an event to this client. If the last argument is a function, it is called with what the client acknowledges.
   *
   * @returns true, for compatibility: it has been queued, or the client is gone
   * @throws {Error} when the name is reserved
   * @throws {TypeError} when the arguments cannot be serialised
   */
  override emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventArguments<EmitEvents, Name>
  ): true {
    return this.emitWith(event, args, {});
  }

  /** Sends an event and resolves with what the client acknowledges. Never, if it does not: see `timeout`. */
  emitWithAck<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: ArgumentsBeforeAck<EmitEvents, Name>
  ): Promise<AckResult<EmitEvents, Name>> {
    return new Promise((resolve) => {
      this.emitWith(event, [...args, resolve], {});
    });
  }

  /** Sends a `message` event. */
  send(...args: readonly unknown[]): this {
    this.emitWith('message', args, {});
    return this;
  }

  /** The same as `send`. */
  write(...args: readonly unknown[]): this {
    return this.send(...args);
  }

  /** The untyped way out: what `emit` and the operators end in. Not part of Socket.IO's API. */
  emitWith(event: string, args: readonly unknown[], flags: BroadcastFlags): true {
    if (RESERVED_EVENTS.has(event)) throw new Error(`"${event}" is a reserved event name`);
    const answer = args.at(-1);
    const namespace = this.nsp.name;
    if (typeof answer !== 'function') {
      this.#send({ type: 'event', namespace, data: [event, ...args] }, flags);
      return true;
    }
    const id = this.nsp.nextAckId();
    const prepared = PreparedPacket.of({ type: 'event', namespace, id, data: [event, ...args.slice(0, -1)] });
    this.#acks ??= new Acks();
    const after = (ms: number, callback: () => void): (() => void) => this.client.after(ms, callback);
    if (flags.timeout === undefined) this.#acks.wait(id, answer as Answer);
    else this.#acks.waitFor(id, flags.timeout, after, answer as Answer);
    this.deliver(prepared, flags);
    return true;
  }

  /** Queues prepared bytes for this client: the rooms' way in. */
  deliver(packet: PreparedPacket, flags: BroadcastFlags): void {
    if (!this.connected || (flags.volatile === true && !this.client.writable)) return;
    if (packet.event !== undefined) this.#outgoing?.notify(packet.event);
    this.client.send(packet);
  }

  /** Enters rooms. */
  join(rooms: string | readonly string[]): void {
    if (this.#state === 'left') return;
    this.nsp.adapter.addAll(this.id, typeof rooms === 'string' ? [rooms] : rooms);
  }

  /** Leaves a room. */
  leave(room: string): void {
    this.nsp.adapter.del(this.id, room);
  }

  /** Everybody in a room but this socket. */
  to(room: string | readonly string[]): BroadcastOperator<EmitEvents, this> {
    return this.broadcast.to(room);
  }

  /** The same as `to`. */
  in(room: string | readonly string[]): BroadcastOperator<EmitEvents, this> {
    return this.to(room);
  }

  /** Everybody but this socket and who is in a room. */
  except(room: string | readonly string[]): BroadcastOperator<EmitEvents, this> {
    return this.broadcast.except(room);
  }

  /** Everybody in the namespace but this socket. */
  get broadcast(): BroadcastOperator<EmitEvents, this> {
    return new BroadcastOperator(this.nsp, Audience.everybody.except(this.id));
  }

  /** The next event is dropped if the client cannot take it now. */
  get volatile(): SocketOperator<EmitEvents> {
    return new SocketOperator(this, { volatile: true });
  }

  /** The next event's acknowledgement gets an error first, if none comes within `ms` milliseconds. */
  timeout(ms: number): SocketOperator<EmitEvents, true> {
    return new SocketOperator<EmitEvents, true>(this, { timeout: ms });
  }

  /** Says whether the next event may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents> {
    return new SocketOperator(this, { compress });
  }

  /** Adds a function that sees each incoming event (`[name, ...args]`) and lets it pass or not. */
  use(middleware: (event: [name: string, ...args: unknown[]], next: (error?: Error) => void) => void): this {
    (this.#middleware ??= []).push(middleware as Middleware<unknown[]>);
    return this;
  }

  /** Hears every incoming event, before its own listeners. */
  onAny(listener: AnyListener): this {
    (this.#incoming ??= new AnyListeners()).add(listener);
    return this;
  }

  prependAny(listener: AnyListener): this {
    (this.#incoming ??= new AnyListeners()).prepend(listener);
    return this;
  }

  /** Stops an `onAny` listener, or all of them. */
  offAny(listener?: AnyListener): this {
    this.#incoming?.remove(listener);
    return this;
  }

  listenersAny(): AnyListener[] {
    return this.#incoming?.list() ?? [];
  }

  /** Hears every event that is sent to this client, broadcasts among them. Acknowledgements are none. */
  onAnyOutgoing(listener: AnyListener): this {
    (this.#outgoing ??= new AnyListeners()).add(listener);
    return this;
  }

  prependAnyOutgoing(listener: AnyListener): this {
    (this.#outgoing ??= new AnyListeners()).prepend(listener);
    return this;
  }

  /** Stops an `onAnyOutgoing` listener, or all of them. */
  offAnyOutgoing(listener?: AnyListener): this {
    this.#outgoing?.remove(listener);
    return this;
  }

  listenersAnyOutgoing(): AnyListener[] {
    return this.#outgoing?.list() ?? [];
  }

  /** Leaves the namespace, or with `close`, ends the client's whole connection. The client does not reconnect by itself. */
  disconnect(close = false): this {
    if (!this.connected) return this;
    if (close) {
      this.client.disconnect();
    } else {
      this.#send({ type: 'disconnect', namespace: this.nsp.name }, {});
      this.onClose('server namespace disconnect');
    }
    return this;
  }

  /** Enters the namespace and tells the client. Called by the namespace, once its middleware let it in. */
  onConnect(): void {
    this.#state = 'connected';
    this.join(this.id);
    this.#send({ type: 'connect', namespace: this.nsp.name, data: { sid: this.id } }, {});
  }

  /** Takes back what it did while it was being let in. Called by the namespace, which turned it away. */
  onRefused(): void {
    this.#leave();
  }

  /** Takes a packet of the client's. Called by the connection, in the order of the wire. */
  onPacket(packet: Packet): void {
    if (!this.connected) return;
    switch (packet.type) {
      case 'event':
        this.#onEvent([...packet.data], packet.id);
        break;
      case 'ack':
        this.#acks?.answer(packet.id, packet.data);
        break;
      case 'disconnect':
        this.onClose('client namespace disconnect');
        break;
      case 'connect error':
      case 'connect':
        break; // the connection has dealt with both
    }
  }

  /** The one way out of the namespace. Called once by whatever ends the socket; harmless again. */
  onClose(reason: DisconnectReason, description?: unknown): void {
    if (!this.connected) return;
    this.#dispatch(['disconnecting', reason, description]);
    this.#leave();
    this.client.forget(this.nsp.name);
    this.#dispatch(['disconnect', reason, description]);
  }

  /** Tells the user of an error on the connection, which is about to end. */
  onError(error: Error): void {
    this.#dispatch(['error', error]);
  }

  #leave(): void {
    this.#state = 'left';
    this.nsp.forget(this);
  }

  #onEvent(event: unknown[], id: number | undefined): void {
    if (id !== undefined) event.push(this.#acknowledger(id));
    if (this.#middleware === undefined) {
      this.#deliverEvent(event);
      return;
    }
    runMiddleware(this.#middleware, event, (error?: MiddlewareError) => {
      if (!this.connected) return;
      if (error === undefined) this.#deliverEvent(event);
      else this.#dispatch(['error', error]);
    });
  }

  #deliverEvent(event: unknown[]): void {
    this.#incoming?.notify(event);
    this.#dispatch(event);
  }

  /**
   * Runs the user's listeners. What they throw is the user's: it surfaces as an uncaught exception, as with Socket.IO,
   * but not through our loops, which must finish the chunk they are in.
   */
  #dispatch(event: unknown[]): void {
    // An emitter throws on an `error` that nobody hears; a client must not be able to cause that (CVE-2024-38355).
    if (event[0] === 'error' && this.listenerCount('error') === 0) return;
    try {
      super.emit(...(event as [string, ...unknown[]]));
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** The function that a handler calls to acknowledge. Only its first call counts. */
  #acknowledger(id: number): Answer {
    let sent = false;
    return (...data) => {
      if (sent) return;
      sent = true;
      this.#send({ type: 'ack', namespace: this.nsp.name, id, data }, {});
    };
  }

  #send(packet: Packet, flags: BroadcastFlags): void {
    this.deliver(PreparedPacket.of(packet), flags);
  }
}
