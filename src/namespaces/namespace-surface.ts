/** What a namespace offers its user, and the server offers for its main one. */
import { EventEmitter } from 'node:events';
import { BroadcastOperator, type BroadcastScope } from '../rooms/broadcast.ts';
import type { Answers, AskedArguments, BroadcastArguments } from '../rooms/broadcast-types.ts';
import type { PresenceEvents } from '../rooms/presence-watch.ts';
import type { FoundSocket } from '../rooms/remote-socket.ts';
import type { AnyListener, EventArguments, EventHandler, EventNames, EventsMap } from './event-map.ts';
import type { Middleware } from './middleware.ts';

/** What a namespace tells its user. A listener may return anything, a promise for instance. */
export interface NamespaceEvents<Entered> {
  /** A client has entered. */
  connection: (socket: Entered) => unknown;
  /** The same as `connection`. */
  connect: (socket: Entered) => unknown;
  /** Of the main namespace: another was made. */
  new_namespace: (namespace: { readonly name: string }) => unknown;
}

type Rooms = string | readonly string[];
type MessageArguments<EmitEvents extends EventsMap> = EventArguments<
  EmitEvents,
  'message' & keyof EmitEvents
>;

type Told<Entered, ServerSideEvents extends EventsMap> =
  keyof NamespaceEvents<Entered> | EventNames<ServerSideEvents>;
type Listener<Entered, ServerSideEvents extends EventsMap, Name> = Name extends keyof NamespaceEvents<Entered>
  ? NamespaceEvents<Entered>[Name]
  : Name extends keyof ServerSideEvents
    ? EventHandler<ServerSideEvents, Name>
    : never;

/** Events that servers cannot send each other: a namespace tells them itself. */
const NAMESPACE_EVENTS: ReadonlySet<string> = new Set(['connect', 'connection', 'new_namespace']);

export abstract class NamespaceSurface<
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  Entered,
  SocketData,
> extends EventEmitter {
  /** Whose rooms these methods are about. */
  protected abstract readonly scope: BroadcastScope;

  /** Hears the namespace's own events, and those that other servers send with `serverSideEmit`. */
  override on<Name extends Told<Entered, ServerSideEvents>>(
    event: Name,
    listener: Listener<Entered, ServerSideEvents, Name>,
  ): this {
    return super.on(event, listener as AnyListener);
  }

  override once<Name extends Told<Entered, ServerSideEvents>>(
    event: Name,
    listener: Listener<Entered, ServerSideEvents, Name>,
  ): this {
    return super.once(event, listener as AnyListener);
  }

  /** Adds a function at the door: it calls `next()` to let the socket in, or `next(error)`, which the client is told. */
  abstract use(middleware: Middleware<Entered>): this;

  /** Sends an event to everybody in the namespace. An acknowledgement gets the answers of all: see `timeout`. */
  override emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: BroadcastArguments<EmitEvents, Name>
  ): true {
    return this.#everybody().emit(event, ...args);
  }

  /** Sends an event to everybody and resolves with the answers of all: see `timeout`. */
  emitWithAck<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: AskedArguments<EmitEvents, Name>
  ): Promise<Answers<EmitEvents, Name>> {
    return this.#everybody().emitWithAck(event, ...args);
  }

  /** Sends a `message` event to everybody. */
  send(...args: MessageArguments<EmitEvents>): this {
    this.emit('message' as EventNames<EmitEvents>, ...(args as never));
    return this;
  }

  /** The same as `send`. */
  write(...args: MessageArguments<EmitEvents>): this {
    return this.send(...args);
  }

  /** Everybody in a room, or in one of several. */
  to(room: Rooms): BroadcastOperator<EmitEvents, SocketData> {
    return this.#everybody().to(room);
  }

  /** The same as `to`. */
  in(room: Rooms): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** Everybody but who is in a room, or in one of several. */
  except(room: Rooms): BroadcastOperator<EmitEvents, SocketData> {
    return this.#everybody().except(room);
  }

  /** The next event is not sent to who cannot take it now. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#everybody().volatile;
  }

  /** The next event reaches only sockets of this server. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#everybody().local;
  }

  /** Says whether the next event may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#everybody().compress(compress);
  }

  /** How many milliseconds clients have to acknowledge the next event. */
  timeout(ms: number): BroadcastOperator<EmitEvents, SocketData> {
    return this.#everybody().timeout(ms);
  }

  /**
   * Tells who comes to rooms and who goes: `io.presence.on('change', (room, { joined, left, count }) => …)`.
   *
   * @throws {StateError} when the option `presence` is off
   */
  get presence(): EventEmitter<PresenceEvents> {
    return this.scope.expectPresence().events;
  }

  /** The sockets in the namespace, of all servers. */
  fetchSockets(): Promise<FoundSocket<EmitEvents, SocketData>[]> {
    return this.#everybody().fetchSockets();
  }

  /** The ids of all sockets in the namespace. Deprecated by Socket.IO: use `fetchSockets`. */
  allSockets(): Promise<Set<string>> {
    return this.#everybody().allSockets();
  }

  /**
   * Tells the namespace's listeners on all other servers. A function at the end gets their answers, one per server.
   *
   * @throws {Error} when the name is reserved
   */
  serverSideEmit<Name extends EventNames<ServerSideEvents>>(
    event: Name,
    ...args: BroadcastArguments<ServerSideEvents, Name>
  ): true {
    this.#tellServers(event, args);
    return true;
  }

  /** As `serverSideEmit`, and resolves with the other servers' answers. Rejects if one is late, with `error.responses`. */
  serverSideEmitWithAck<Name extends EventNames<ServerSideEvents>>(
    event: Name,
    ...args: AskedArguments<ServerSideEvents, Name>
  ): Promise<Answers<ServerSideEvents, Name>> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, responses: Answers<ServerSideEvents, Name>): void => {
        if (error === null) resolve(responses);
        else reject(Object.assign(error, { responses }));
      };
      this.#tellServers(event, [...args, settle]);
    });
  }

  /** Makes all sockets join rooms. */
  socketsJoin(rooms: Rooms): void {
    this.#everybody().socketsJoin(rooms);
  }

  /** Makes all sockets leave rooms. */
  socketsLeave(rooms: Rooms): void {
    this.#everybody().socketsLeave(rooms);
  }

  /** Disconnects all sockets; with `close`, their whole connections. */
  disconnectSockets(close = false): void {
    this.#everybody().disconnectSockets(close);
  }

  #tellServers(event: string, args: readonly unknown[]): void {
    if (NAMESPACE_EVENTS.has(event)) throw new Error(`"${event}" is a reserved event name`);
    this.scope.adapter.serverSideEmit([event, ...args]);
  }

  #everybody(): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator(this.scope);
  }
}

/**
 * Makes what Node's emitters can do (`on`, `off`, `listeners`…) act on another emitter: `io.on` on the main namespace.
 * Not `emit`, which sends.
 */
export function forwardListening<Self extends EventEmitter>(
  prototype: Self,
  target: (self: Self) => EventEmitter,
): void {
  for (const [name, method] of Object.entries(EventEmitter.prototype)) {
    if (name === 'emit' || typeof method !== 'function') continue;
    const value = function (this: Self, ...args: unknown[]): unknown {
      const emitter = target(this);
      const result: unknown = Reflect.apply(method, emitter, args);
      return result === emitter ? this : result;
    };
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}
