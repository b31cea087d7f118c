/** One client in one namespace: the object that the user's handlers get. */
import type { IncomingMessage } from 'node:http';
import type { BroadcastFlags } from '../rooms/adapter.ts';
import { throwLater } from '../errors.ts';
import { Audience } from '../rooms/audience.ts';
import { BroadcastOperator, type ManagedMember } from '../rooms/broadcast.ts';
import { listRooms } from '../rooms/membership.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { RESERVED_EVENTS, type EventData, type Packet } from '../socketio/packet.ts';
import { Acks, type Answer } from './acks.ts';
import { CatchAll } from './catch-all.ts';
import type { Client, EngineConnection } from './client.ts';
import type {
  AckResult,
  AnyListener,
  ArgumentsBeforeAck,
  DefaultEventsMap,
  EventArguments,
  EventNames,
  EventNamesWithAck,
  EventsMap,
} from './event-map.ts';
import { handshakeOf, type Handshake } from './handshake.ts';
import { runMiddleware, type Middleware, type MiddlewareError, type Next } from './middleware.ts';
import type { Namespace } from './namespace.ts';
import type { DisconnectReason, Listener, ListenName } from './socket-events.ts';
import { SocketOperator } from './socket-operator.ts';

export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // As with Socket.IO, `data` is whatever the user makes it unless a type says what.
  // oxlint-disable-next-line typescript/no-explicit-any
  SocketData = any,
>
  extends CatchAll
  implements ManagedMember
{
  /** Unique and unguessable, but public: not a credential. */
  readonly id: string;
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly client: Client;
  /** Yours: whatever should stay with this socket. */
  data: SocketData = {} as SocketData;
  /** Whether an earlier connection's state was restored. Not yet supported: always false. */
  readonly recovered: boolean = false;
  /**
   * Who is being let in may join rooms and be sent events already; who has left, no more. Who is leaving is still in its
   * rooms, while `disconnecting` is told.
   */
  #state: 'entering' | 'connected' | 'leaving' | 'left' = 'entering';
  readonly #auth: Readonly<Record<string, unknown>>;
  /** In milliseconds since 1970. */
  readonly #arrivedAt: number = new Date().getTime();
  #handshake: Handshake | undefined;
  #acks: Acks | undefined;
  #middleware: readonly Middleware<unknown[]>[] | undefined;

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
    this.#auth = auth;
  }

  get connected(): boolean {
    return this.#state === 'connected' || this.#state === 'leaving';
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms it is in; its own, named by its id, among them. */
  get rooms(): Set<string> {
    return new Set(this.nsp.adapter.socketRooms(this.id));
  }

  /** What the client said when it came. Put together when first asked for: most sockets are never asked. */
  get handshake(): Handshake {
    const { request, conn } = this.client;
    return (this.#handshake ??= handshakeOf(request, conn.remoteAddress, this.#auth, this.#arrivedAt));
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
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
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
      const data: EventData = [event, ...args];
      this.#emit(PreparedPacket.of({ type: 'event', namespace, data }), data, flags);
      return true;
    }
    const data: EventData = [event, ...args.slice(0, -1)];
    const id = this.nsp.nextAckId();
    // Before it waits for an answer: this throws for what cannot be sent.
    const packet = PreparedPacket.of({ type: 'event', namespace, id, data });
    this.#waitForAnswer(id, answer as Answer, flags.timeout);
    this.#emit(packet, data, flags);
    return true;
  }

  /** Queues prepared bytes for this client: the rooms' way in. */
  deliver(packet: PreparedPacket, flags: BroadcastFlags): boolean {
    if (this.#state === 'left' || (flags.volatile === true && !this.client.writable)) return false;
    this.client.send(packet);
    return this.hasOutgoingListeners;
  }

  /** Enters rooms. */
  join(rooms: string | readonly string[]): void {
    if (this.#state === 'left') return;
    this.nsp.adapter.addAll(this.id, listRooms(rooms));
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
    return this.broadcastWith({});
  }

  /** Everybody of this server in the namespace but this socket. */
  get local(): BroadcastOperator<EmitEvents, this> {
    return this.broadcastWith({ local: true });
  }

  /** What `broadcast` and the operators end in. Not part of Socket.IO's API. */
  broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, this> {
    return new BroadcastOperator(this.nsp, Audience.everybody.except(this.id), flags);
  }

  /** The next event is dropped if the client cannot take it now. */
  get volatile(): SocketOperator<EmitEvents, this> {
    return new SocketOperator(this, { volatile: true });
  }

  /** The next event's acknowledgement gets an error first, if none comes within `ms` milliseconds. */
  timeout(ms: number): SocketOperator<EmitEvents, this, true> {
    return new SocketOperator(this, {}).timeout(ms);
  }

  /** Says whether the next event may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents, this> {
    return new SocketOperator(this, { compress });
  }

  /** Adds a function that sees each incoming event (`[name, ...args]`) and lets it pass or not. */
  use(middleware: (event: [name: string, ...args: unknown[]], next: Next) => unknown): this {
    // A copy: an event that is on its way keeps the chain it began with.
    this.#middleware = [...(this.#middleware ?? []), middleware as Middleware<unknown[]>];
    return this;
  }

  /** Leaves the namespace, or with `close`, ends the client's whole connection. The client does not reconnect by itself. */
  disconnect(close = false): this {
    if (!this.connected) return this;
    if (close) {
      this.client.disconnect();
    } else if (this.#state === 'connected') {
      this.#send({ type: 'disconnect', namespace: this.nsp.name });
      this.onClose('server namespace disconnect');
    }
    return this;
  }

  /** Enters the namespace and tells the client. Called by the namespace, once its middleware let it in. */
  onConnect(): void {
    this.#state = 'connected';
    this.join(this.id);
    this.#send({ type: 'connect', namespace: this.nsp.name, data: { sid: this.id } });
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
    if (this.#state !== 'connected') return;
    this.#state = 'leaving';
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
    // Nobody will answer any more. Those who gave a time still hear that it is over, from the clock.
    this.#acks = undefined;
    this.nsp.forget(this);
  }

  #onEvent(event: unknown[], id: number | undefined): void {
    if (id !== undefined) event.push(this.#acknowledger(id));
    if (!this.notifyIncoming(event)) return;
    if (this.#middleware === undefined) {
      if (this.connected) this.#dispatch(event);
      return;
    }
    runMiddleware(this.#middleware, event, (error?: MiddlewareError) => {
      if (this.connected) this.#dispatch(error === undefined ? event : ['error', error]);
    });
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
      throwLater(error);
    }
  }

  /** The function that a handler calls to acknowledge. Only its first call counts. */
  #acknowledger(id: number): Answer {
    let sent = false;
    return (...data) => {
      if (sent) return;
      this.#send({ type: 'ack', namespace: this.nsp.name, id, data });
      sent = true; // and not before: who is told that an answer cannot be serialised may give another one
    };
  }

  #waitForAnswer(id: number, answer: Answer, timeoutMs: number | undefined): void {
    // Who has left is not answered: without a time to wait, nothing is left to wait for.
    if (timeoutMs === undefined && this.#state === 'left') return;
    const acks = (this.#acks ??= new Acks());
    const guarded: Answer = (...args) => {
      try {
        Reflect.apply(answer, this, args);
      } catch (error) {
        throwLater(error);
      }
    };
    if (timeoutMs === undefined) acks.wait(id, guarded);
    else acks.waitFor(id, timeoutMs, (ms, callback) => this.client.after(ms, callback), guarded);
  }

  #emit(packet: PreparedPacket, event: EventData, flags: BroadcastFlags): void {
    if (this.deliver(packet, flags)) this.notifyOutgoing(event);
  }

  #send(packet: Packet): void {
    this.deliver(PreparedPacket.of(packet), {});
  }
}
