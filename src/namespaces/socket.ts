/** One client in one namespace: the object that the user's handlers get. */
import { throwLater } from '../errors.ts';
import type { RestoredSession } from '../rooms/adapter.ts';
import { type BroadcastFlags, EVERYBODY, listRooms } from '../rooms/audience.ts';
import { BroadcastOperator } from '../rooms/broadcast.ts';
import { CatchUp } from '../rooms/catch-up.ts';
import type { Joined, JoinOptions } from '../rooms/history-query.ts';
import type { Member } from '../rooms/memory-adapter.ts';
import type { PreparedPacket } from '../rooms/prepared-packet.ts';
import { RESERVED_EVENTS, type EventData, type Packet } from '../socketio/packet.ts';
import { Acks, type Answer, onlyOnce } from './acks.ts';
import type { Client } from './client.ts';
import type { AnyListener, DefaultEventsMap, EventsMap } from './event-map.ts';
import { handshakeOf, type Handshake } from './handshake.ts';
import { runMiddleware, type Middleware, type MiddlewareError, type Next } from './middleware.ts';
import type { Namespace } from './namespace.ts';
import type { DisconnectReason, Listener, ListenName } from './socket-events.ts';
import { DELIBERATE, descriptionOf, RECOVERABLE } from './socket-events.ts';
import { SocketSurface } from './socket-surface.ts';

export class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as with Socket.IO, `data` is what the user makes it
  SocketData = any,
>
  extends SocketSurface<EmitEvents, SocketData>
  implements Member
{
  /** Unique and unguessable, but public: not a credential. */
  override readonly id: string;
  override readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  override readonly client: Client;
  /** Yours: whatever should stay with this socket. */
  data: SocketData = {} as SocketData;
  /** Whether an earlier connection's rooms, data and missed events were restored (`connectionStateRecovery`). */
  readonly recovered: boolean;
  /** Who is entering may join rooms and be sent events already; who is leaving is still in its rooms. */
  #state: 'entering' | 'connected' | 'leaving' | 'left' = 'entering';
  readonly #auth: Readonly<Record<string, unknown>>;
  /** By which the client proves, when it comes back, that it is the same; and what it gets then. */
  readonly #privateId: string | undefined;
  #restored: RestoredSession | undefined;
  /** While the client gets what it missed: what is sent to it goes through here. */
  #catchUp: CatchUp | undefined;
  readonly #arrivedAt: number = new Date().getTime();
  #handshake: Handshake | undefined;
  #acks: Acks | undefined;
  /** Answers that its handlers have not given yet. */
  #owed = 0;
  #middleware: readonly Middleware<unknown[]>[] | undefined;

  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    client: Client,
    ids: { readonly id: string; readonly privateId: string | undefined },
    auth: Record<string, unknown>,
    restored?: RestoredSession,
  ) {
    super();
    this.nsp = nsp;
    this.client = client;
    this.id = ids.id;
    this.#privateId = ids.privateId;
    this.#auth = auth;
    this.#restored = restored;
    this.recovered = restored !== undefined;
    if (restored === undefined) return;
    this.data = restored.data as SocketData;
    void this.join(restored.rooms);
  }

  override get connected(): boolean {
    return this.#state === 'connected' || this.#state === 'leaving';
  }

  /** What the client said when it came. Put together when first asked for: most sockets are never asked. */
  get handshake(): Handshake {
    const { request, conn } = this.client;
    return (this.#handshake ??= handshakeOf(request, conn.remoteAddress, this.#auth, this.#arrivedAt));
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

  /** The untyped way out: what `emit` and the operators end in. Not part of Socket.IO's API. */
  override emitWith(event: string, args: readonly unknown[], flags: BroadcastFlags): true {
    if (RESERVED_EVENTS.has(event)) throw new Error(`"${event}" is a reserved event name`);
    const answer = args.at(-1);
    const namespace = this.nsp.name;
    if (typeof answer !== 'function') {
      const data: EventData = [event, ...args];
      // By way of its own room, where the event is kept until the client comes back.
      if (this.nsp.keepsEvents) this.nsp.sendToRoom(this.id, data, flags);
      else this.#emit(this.nsp.prepare({ type: 'event', namespace, data }, flags.compress), data, flags);
      return true;
    }
    const data: EventData = [event, ...args.slice(0, -1)];
    const id = this.nsp.nextAckId();
    // Before it waits for an answer: this throws for what cannot be sent.
    const packet = this.nsp.prepare({ type: 'event', namespace, id, data }, flags.compress);
    this.#waitForAnswer(id, answer as Answer, flags.timeout);
    this.#emit(packet, data, flags);
    return true;
  }

  /** Queues prepared bytes for this client: the rooms' way in. */
  deliver(packet: PreparedPacket, flags: BroadcastFlags): void {
    if (this.#state === 'left') return;
    if (this.#catchUp !== undefined) this.#catchUp.hold(packet, flags);
    else if (this.client.isFull && this.server.spills) this.#spill(packet, flags);
    else if (flags.volatile !== true || this.client.writable) this.client.send(packet);
  }

  /** Those who wait for its answers, in the shape that Socket.IO's adapters use. */
  get acks(): Acks {
    return (this.#acks ??= new Acks());
  }

  /** Whether an answer is still to come: the client's, or one of its handlers'. */
  get isOwed(): boolean {
    return this.#owed > 0 || (this.#acks?.size ?? 0) > 0;
  }

  /** Calls back once, if the client answers. Who has left does not. */
  awaitAnswer(id: number, onAnswer: Answer): void {
    if (this.#state !== 'left') this.acks.set(id, onAnswer);
  }

  /** Waits for that answer no longer. */
  forgetAnswer(id: number): void {
    this.#acks?.delete(id);
  }

  /** Enters rooms. A promise only with an adapter that has to ask other servers. */
  join(rooms: string | readonly string[]): Promise<void> | void;
  /**
   * Enters rooms, and sends what was said in them since a position that the client knows: what it got last behind an event's
   * arguments, or from an earlier `join`. It comes before everything that is said from now on.
   *
   * @throws {StateError} when there is no history
   */
  join(rooms: string | readonly string[], options: JoinOptions): Promise<Joined>;
  join(rooms: string | readonly string[], options?: JoinOptions): Promise<Joined | void> | void {
    const names = new Set(listRooms(rooms));
    if (options !== undefined) return this.#joinSince(names, options.since ?? undefined);
    if (this.#state === 'left') return;
    return this.nsp.adapter.addAll(this.id, names);
  }

  /** Leaves a room. A promise as with `join`. */
  leave(room: string): Promise<void> | void {
    return this.nsp.adapter.del(this.id, room);
  }

  /** What `broadcast` and the operators end in. Not part of Socket.IO's API. */
  override broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.nsp, { ...EVERYBODY, except: new Set([this.id]), flags });
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
    void this.join(this.id);
    const namespace = this.nsp.name;
    // Before the client knows that it is connected: it keeps them until then.
    for (const data of this.#restored?.missedPackets ?? [])
      this.#send({ type: 'event', namespace, data: data as unknown as EventData });
    this.#restored = undefined;
    const data = { sid: this.id, pid: this.#privateId };
    // Clients of revision 3 know their id from the engine.
    const connect =
      this.conn.protocol === 3
        ? ({ type: 'connect', namespace } as const)
        : ({ type: 'connect', namespace, data } as const);
    const from = this.nsp.history?.begin(this.id, this.#privateId, this.#auth['offset']);
    if (from === undefined) this.#send(connect);
    else this.#comeBack(from, this.nsp.prepare(connect));
  }

  /** Takes back what it did while it was being let in. Called by the namespace, which turned it away. */
  onRefused(then: 'come back' | 'stay away'): void {
    if (then === 'come back') this.#keepSession('transport close');
    this.#leave();
  }

  /** Its client has come back before this connection was known to be dead. */
  onSuperseded(): void {
    this.onClose('transport close', 'the client has come back on another connection');
    this.client.discard();
  }

  /** A heartbeat goes out. */
  onPinged(): void {
    this.nsp.history?.onPinged(this.id, this.#catchUp?.through);
  }

  onPong(): void {
    this.nsp.history?.onPong(this.id);
  }

  /** Takes a packet of the client's. Called by the connection, in the order of the wire. */
  onPacket(packet: Packet): void {
    if (!this.connected) return;
    this.nsp.history?.onHeard(this.id);
    switch (packet.type) {
      case 'event':
        this.#onEvent(packet.data as unknown as unknown[], packet.id); // the decoder's, and nobody else's
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
  onClose(reason: DisconnectReason, detail?: string): void {
    if (this.#state !== 'connected') return;
    this.#state = 'leaving';
    const description = descriptionOf(reason, detail);
    this.#dispatch(['disconnecting', reason, description]);
    this.#keepSession(reason);
    this.#leave(!DELIBERATE.has(reason));
    this.client.forget(this.nsp.name);
    this.#dispatch(['disconnect', reason, description]);
  }

  /** Tells the user of an error on the connection, which is about to end. */
  onError(error: Error): void {
    this.#dispatch(['error', error]);
  }

  /** So that a client that was lost, and did not leave, may come back. */
  #keepSession(reason: DisconnectReason): void {
    if (this.#privateId === undefined || !RECOVERABLE.has(reason)) return;
    const { id: sid, data } = this;
    this.nsp.adapter.persistSession({ sid, pid: this.#privateId, rooms: [...this.rooms], data });
  }

  /**
   * Tells the client that it is connected, and what it missed. In that order, since official clients keep what comes before,
   * and would keep it for good if the connection broke just then, and get it twice. An answer to a poll comes whole or not at
   * all: there the order is Socket.IO's.
   */
  #comeBack(from: number, connect: PreparedPacket): void {
    const { transport, upgrading } = this.conn;
    const isAtOnce = transport.name === 'polling' && !upgrading;
    const catchUp = this.#startCatchUp(from);
    if (isAtOnce) catchUp.go();
    this.client.send(connect);
    if (!isAtOnce) catchUp.goInTurn();
  }

  async #joinSince(rooms: ReadonlySet<string>, since: string | undefined): Promise<Joined> {
    const history = this.nsp.expectHistory();
    const { position, head } = history;
    const after = since === undefined ? head : history.offsetIn(rooms, since);
    const complete = after !== undefined && (after === head || this.connected);
    if (complete && after < head) {
      const isLive = this.#catchUp === undefined;
      const catchUp = this.#catchUp ?? this.#startCatchUp(head);
      catchUp.addExcerpt(rooms, after);
      void this.join([...rooms]);
      if (isLive) catchUp.goInTurn();
    } else {
      void this.join([...rooms]);
    }
    return { position, complete };
  }

  /** From here on, what is kept comes from the log, when the client reads again. */
  #spill(packet: PreparedPacket, flags: BroadcastFlags): void {
    const { head } = this.nsp.expectHistory();
    const catchUp = this.#startCatchUp(packet.offset === undefined ? head : packet.offset - 1);
    catchUp.hold(packet, flags);
    this.client.afterWriting(() => catchUp.goInTurn());
  }

  #startCatchUp(after: number): CatchUp {
    const history = this.nsp.expectHistory();
    return (this.#catchUp = new CatchUp(this.client, history.keptFor(this.id), after, {
      maxHeldBytes: this.server.maxOutboxBytes,
      onCaughtUp: () => (this.#catchUp = undefined),
    }));
  }

  #leave(isLost = false): void {
    this.#state = 'left';
    this.#catchUp?.stop();
    this.#catchUp = undefined;
    // Nobody will answer any more. Those who gave a time still hear that it is over, from the clock.
    this.#acks = undefined;
    this.nsp.forget(this, isLost);
  }

  #onEvent(event: unknown[], id: number | undefined): void {
    const answer = id === undefined ? undefined : this.#acknowledger(id);
    const { receivedOnce } = this.nsp;
    if (receivedOnce === undefined) this.#handle(event, answer, () => {});
    else receivedOnce.receive(this, event, answer, (...how) => this.#handle(event, ...how));
  }

  /** Runs the handlers of an event, if its middleware lets it pass. */
  #handle(event: unknown[], answer: Answer | undefined, done: (isHandled: boolean) => void): void {
    if (answer !== undefined) event.push(answer);
    const pass = (error?: MiddlewareError): void => {
      if (error !== undefined && this.connected) this.#dispatch(['error', error]);
      done(error === undefined && this.connected && this.#dispatch(event));
    };
    if (!this.notifyIncoming(event)) done(false);
    else if (this.#middleware === undefined) pass();
    else runMiddleware(this.#middleware, event, pass);
  }

  /**
   * Runs the user's listeners. What they throw is the user's: it surfaces as an uncaught exception, as with Socket.IO,
   * but not through our loops, which must finish the chunk they are in.
   *
   * @returns false if they threw
   */
  #dispatch(event: unknown[]): boolean {
    // An emitter throws on an `error` that nobody hears; a client must not be able to cause that (CVE-2024-38355).
    if (event[0] === 'error' && this.listenerCount('error') === 0) return true;
    try {
      this.tell(event);
      return true;
    } catch (error) {
      throwLater(error);
      return false;
    }
  }

  /** The function that a handler calls to acknowledge. Only its first call counts. */
  #acknowledger(id: number): Answer {
    this.#owed += 1;
    return onlyOnce((data) => {
      this.#send({ type: 'ack', namespace: this.nsp.name, id, data });
      this.#owed -= 1;
    });
  }

  #waitForAnswer(id: number, answer: Answer, timeoutMs: number | undefined): void {
    const call = answer.bind(this);
    if (timeoutMs === undefined) this.awaitAnswer(id, call);
    else this.acks.waitFor(id, timeoutMs, (ms, callback) => this.client.after(ms, callback), call);
  }

  #emit(packet: PreparedPacket, event: EventData, flags: BroadcastFlags): void {
    this.notifyOutgoing(event);
    this.deliver(packet, flags);
  }

  #send(packet: Packet): void {
    this.deliver(this.nsp.prepare(packet), {});
  }
}
