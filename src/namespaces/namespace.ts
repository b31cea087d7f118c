/** A part of the server with its own name, door and rooms: who may enter, who is in, what a newcomer is told. */
import { EventEmitter } from 'node:events';
import { StateError, throwLater } from '../errors.ts';
import type { ResolvedReceiveOnce } from '../options.ts';
import { randomId } from '../random-id.ts';
import type { Adapter, RestoredSession } from '../rooms/adapter.ts';
import { type BroadcastFlags, EVERYBODY } from '../rooms/audience.ts';
import type { BroadcastScope } from '../rooms/broadcast.ts';
import { HistoryAdapter, type HistoryScope } from '../rooms/history-adapter.ts';
import { type PresenceSettings, PresenceWatch } from '../rooms/presence-watch.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import type { Codec, EngineMessages } from '../socketio/codec.ts';
import type { EventData, Packet } from '../socketio/packet.ts';
import type { Client } from './client.ts';
import type { DefaultEventsMap, EventsMap } from './event-map.ts';
import { runMiddleware, type Middleware, type MiddlewareError } from './middleware.ts';
import { NamespaceSurface } from './namespace-surface.ts';
import { ReceivedOnce } from './received-once.ts';
import { Socket } from './socket.ts';

/** What becomes of a client at the door. */
export interface Outcome<Entered> {
  /** Called with the new socket, before the user's `connection` listeners. */
  entered: (socket: Entered) => void;
  /** Called before the client is told why. */
  refused: () => void;
}

/** What a namespace needs of its server. */
export interface NamespaceHost {
  readonly codec: Codec;
  /** Whether clients may come back as the same, and whether they pass the middleware then. */
  readonly recovery: { readonly skipMiddlewares: boolean } | undefined;
  /** Whether it is watched who is in which room, and how. */
  readonly presenceSettings: PresenceSettings | undefined;
  /** How what clients repeat is known, if it is. */
  readonly receiveOnce?: ResolvedReceiveOnce | undefined;
  openAdapter(namespace: Namespace): Adapter;
  /** Milliseconds, on a clock that never goes back. */
  now(): number;
  /** Calls back once, later. Returns a function that calls it off. */
  after(ms: number, callback: () => void): () => void;
  /** Bytes that may wait for one client. */
  readonly maxOutboxBytes: number;
  /** What is sent to a client that does not read waits in the log. */
  readonly spills: boolean;
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Calls back once, at the end of this turn, before the first byte of it leaves. */
  beforeFlush(callback: () => void): void;
  /** Calls back once, at the end of this turn; from there, at the end of the next one. */
  nextTurn(callback: () => void): void;
  /** Nobody is in the namespace any more, nor at its door. */
  onEmptied(namespace: Namespace): void;
}

export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
  SocketData = any,
>
  extends NamespaceSurface<
    EmitEvents,
    ServerSideEvents,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    SocketData
  >
  implements BroadcastScope, HistoryScope
{
  /** With its leading slash; `/` is the main one. */
  readonly name: string;
  /** The server that it is a part of. */
  readonly server: NamespaceHost;
  /** The connected sockets by id. */
  readonly sockets: Map<string, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> = new Map();
  protected override readonly scope: BroadcastScope = this;
  #adapter: Adapter;
  #history: HistoryAdapter | undefined;
  readonly #presence: PresenceWatch | undefined;
  #receivedOnce: ReceivedOnce | undefined;
  #middleware: readonly Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[] = [];
  #ackId = 0;
  #entering = 0;
  /** Who has come back and stands at the door, by id: how to turn it away. */
  readonly #returning = new Map<string, () => void>();

  constructor(name: string, server: NamespaceHost) {
    super();
    this.name = name;
    this.server = server;
    const { presenceSettings } = server;
    this.#presence = presenceSettings && new PresenceWatch(this, presenceSettings);
    this.#adapter = this.#initAdapter();
  }

  /** Who knows the rooms. */
  get adapter(): Adapter {
    return this.#adapter;
  }

  /** The rooms' memory, if they have one. */
  get history(): HistoryAdapter | undefined {
    return this.#history;
  }

  /** Who knows what clients repeat, if somebody does. */
  get receivedOnce(): ReceivedOnce | undefined {
    return this.#receivedOnce;
  }

  /** Takes another adapter, before anybody has entered. Called by the server. */
  renewAdapter(): void {
    this.#adapter = this.#initAdapter();
  }

  protected openAdapter(): Adapter {
    return this.server.openAdapter(this);
  }

  use(middleware: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>): this {
    // A copy: who is at the door already passes the chain that stood there when it came.
    this.#middleware = [...this.#middleware, middleware];
    return this;
  }

  /** What stands at the door. */
  protected get middleware(): readonly Middleware<
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >[] {
    return this.#middleware;
  }

  /** Brings a client to the door. Without middleware and recovery it enters in the same turn. */
  connect(
    client: Client,
    auth: Record<string, unknown>,
    outcome: Outcome<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>,
  ): void {
    this.#entering += 1;
    const restoring = this.#restore(auth);
    if (restoring instanceof Promise) {
      void restoring.then((restored) => this.#knock(client, auth, restored, outcome));
    } else {
      this.#knock(client, auth, restoring, outcome);
    }
  }

  /** Takes a socket out, which left or was lost. Called by the socket. */
  forget(socket: { readonly id: string }, isLost: boolean): void {
    this.sockets.delete(socket.id);
    this.#presence?.forget(socket.id, isLost);
    this.#adapter.delAll(socket.id);
    this.#tellIfEmptied();
  }

  /** Tells the listeners of `new_namespace`. Called by the server. */
  announce(namespace: { readonly name: string }): void {
    this.#tell('new_namespace', namespace);
  }

  /** @throws {StateError} when nothing is kept */
  expectHistory(): HistoryAdapter {
    if (this.#history !== undefined) return this.#history;
    throw new StateError('Cannot look back: the option "history" is off, or the adapter is not our own');
  }

  /** @throws {StateError} when it is off */
  expectPresence(): PresenceWatch {
    if (this.#presence !== undefined) return this.#presence;
    throw new StateError('Cannot tell who is present: the option "presence" is off');
  }

  /** Lets go of the rooms. Called by the server. */
  async closeRooms(): Promise<void> {
    this.#presence?.close();
    await this.#adapter.close();
  }

  /** Whether what is sent to one client is kept, too. */
  get keepsEvents(): boolean {
    return this.server.recovery !== undefined || this.history !== undefined;
  }

  supersede(id: string): void {
    this.#returning.get(id)?.();
    this.sockets.get(id)?.onSuperseded();
  }

  sendToRoom(room: string, event: EventData, flags: BroadcastFlags): void {
    const packet = { type: 2, nsp: this.name, data: [...event] };
    this.#adapter.broadcast(packet, { ...EVERYBODY, rooms: new Set([room]), flags });
  }

  encode(packet: Packet): EngineMessages {
    return this.server.codec.encode(packet);
  }

  decode(messages: EngineMessages): EventData | undefined {
    const decoder = this.server.codec.openDecoder();
    for (const message of messages) {
      const packet = decoder.receive(message);
      if (packet.type === 'event') return packet.data;
    }
    return undefined;
  }

  /** Encodes a packet with the server's parser. */
  prepare(packet: Packet, compress?: boolean): PreparedPacket {
    return PreparedPacket.ofMessages(this.server.codec.encode(packet), compress);
  }

  /** Numbers the questions of all sockets of the namespace. */
  nextAckId(): number {
    return this.#ackId++;
  }

  forgetAnswers(id: number): void {
    for (const socket of this.sockets.values()) socket.forgetAnswer(id);
  }

  now(): number {
    return this.server.now();
  }

  after(ms: number, callback: () => void): () => void {
    return this.server.after(ms, callback);
  }

  wallNow(): number {
    return this.server.wallNow();
  }

  beforeFlush(callback: () => void): void {
    this.server.beforeFlush(callback);
  }

  nextTurn(callback: () => void): void {
    this.server.nextTurn(callback);
  }

  /** The next number of a question, under the name that Socket.IO's adapters read and write. */
  get _ids(): number {
    return this.#ackId;
  }

  set _ids(id: number) {
    this.#ackId = id;
  }

  /** Hears an event of another server, under the name that Socket.IO's adapters call. */
  _onServerSideEmit(event: [name: string, ...args: unknown[]]): void {
    this.#tell(...event);
  }

  #initAdapter(): Adapter {
    const adapter = this.openAdapter();
    this.#history = adapter instanceof HistoryAdapter ? adapter : undefined;
    this.#presence?.watch(adapter);
    const { receiveOnce } = this.server;
    this.#receivedOnce =
      this.#history && receiveOnce && new ReceivedOnce(this, this.#history.answers, receiveOnce);
    Promise.resolve(adapter.init()).catch(throwLater);
    return adapter;
  }

  #restore(
    auth: Record<string, unknown>,
  ): Promise<RestoredSession | undefined> | RestoredSession | undefined {
    // Official clients say no offset until they have heard an event.
    const { pid, offset = '' } = auth;
    if (this.server.recovery === undefined || typeof pid !== 'string' || typeof offset !== 'string')
      return undefined;
    // Without it, the client begins anew.
    const failed = (): undefined => undefined;
    try {
      const found = this.#adapter.restoreSession(pid, offset);
      if (found instanceof Promise) return found.then((session) => session ?? undefined, failed);
      return found ?? undefined;
    } catch {
      return failed();
    }
  }

  #knock(
    client: Client,
    auth: Record<string, unknown>,
    restored: RestoredSession | undefined,
    outcome: Outcome<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>,
  ): void {
    const ids =
      restored === undefined
        ? { id: this.#socketId(client), privateId: this.server.recovery && randomId() }
        : { id: restored.sid, privateId: restored.pid };
    const socket = new Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this,
      client,
      ids,
      auth,
      restored,
    );
    const isKnown = restored !== undefined && this.server.recovery?.skipMiddlewares === true;
    let isTurnedAway = false;
    const turnAway = (): void => {
      isTurnedAway = true;
      this.#returning.delete(socket.id);
      this.#entering -= 1;
      socket.onRefused('come back');
      outcome.refused();
      client.discard();
    };
    if (restored !== undefined) this.#returning.set(socket.id, turnAway);
    runMiddleware(isKnown ? [] : this.#middleware, socket, (error) => {
      if (isTurnedAway) return;
      this.#returning.delete(socket.id);
      this.#entering -= 1;
      if (error === undefined && client.isOpen) {
        this.sockets.set(socket.id, socket);
        outcome.entered(socket);
        socket.onConnect();
        this.#presence?.enter(socket.id, socket.rooms);
        this.#tell('connect', socket);
        this.#tell('connection', socket);
      } else {
        socket.onRefused(error === undefined ? 'come back' : 'stay away');
        outcome.refused();
        // Without an error, the client went away while it waited.
        if (error !== undefined) this.#refuse(client, error);
      }
    });
  }

  /** Clients of revision 3 take their connection's id for their own. */
  #socketId(client: Client): string {
    if (client.conn.protocol !== 3) return randomId();
    return this.name === '/' ? client.id : `${this.name}#${client.id}`;
  }

  #refuse(client: Client, { message, data }: MiddlewareError): void {
    const packet = { type: 'connect error' as const, namespace: this.name };
    const told = data === undefined ? { message } : { message, data };
    let prepared;
    try {
      // Clients of revision 3 are told either, as it is.
      prepared = this.prepare({ ...packet, data: client.conn.protocol === 3 ? data || message : told });
    } catch (error) {
      throwLater(error); // the user's `data` cannot be serialised; the client is refused all the same
      prepared = this.prepare({ ...packet, data: { message } });
    }
    client.send(prepared);
  }

  #tellIfEmptied(): void {
    if (this.sockets.size === 0 && this.#entering === 0) this.server.onEmptied(this);
  }

  /** Past `emit`, which sends. */
  #tell(event: string, ...about: unknown[]): void {
    try {
      EventEmitter.prototype.emit.call(this, event, ...about);
    } catch (error) {
      throwLater(error);
    }
  }
}
