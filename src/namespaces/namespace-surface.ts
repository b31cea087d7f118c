/** What a namespace offers its user, and the server offers for its main one. */
import { EventEmitter } from 'node:events';
import { BroadcastOperator, type BroadcastScope, type ManagedMember } from '../rooms/broadcast.ts';
import type { EventArguments, EventNames, EventsMap } from './event-map.ts';
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

export abstract class NamespaceSurface<
  EmitEvents extends EventsMap,
  Entered extends ManagedMember,
> extends EventEmitter {
  /** Whose rooms these methods are about. */
  protected abstract readonly scope: BroadcastScope;

  override on<Name extends keyof NamespaceEvents<Entered>>(
    event: Name,
    listener: NamespaceEvents<Entered>[Name],
  ): this {
    return super.on(event, listener);
  }

  override once<Name extends keyof NamespaceEvents<Entered>>(
    event: Name,
    listener: NamespaceEvents<Entered>[Name],
  ): this {
    return super.once(event, listener);
  }

  /** Adds a function at the door: it calls `next()` to let the socket in, or `next(error)`, which the client is told. */
  abstract use(middleware: Middleware<Entered>): this;

  /** Sends an event to everybody in the namespace. */
  override emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventArguments<EmitEvents, Name>
  ): true {
    return this.#everybody().emit(event, ...args);
  }

  /** Sends a `message` event to everybody. */
  send(...args: MessageArguments<EmitEvents>): this {
    this.emit('message' as EventNames<EmitEvents>, ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: MessageArguments<EmitEvents>): this {
    return this.send(...args);
  }

  /** Everybody in a room, or in one of several. */
  to(room: Rooms): BroadcastOperator<EmitEvents, Entered> {
    return this.#everybody().to(room);
  }

  /** The same as `to`. */
  in(room: Rooms): BroadcastOperator<EmitEvents, Entered> {
    return this.to(room);
  }

  /** Everybody but who is in a room, or in one of several. */
  except(room: Rooms): BroadcastOperator<EmitEvents, Entered> {
    return this.#everybody().except(room);
  }

  /** The next event is not sent to who cannot take it now. */
  get volatile(): BroadcastOperator<EmitEvents, Entered> {
    return this.#everybody().volatile;
  }

  /** The next event reaches only sockets of this server. */
  get local(): BroadcastOperator<EmitEvents, Entered> {
    return this.#everybody().local;
  }

  /** Says whether the next event may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, Entered> {
    return this.#everybody().compress(compress);
  }

  /** The sockets in the namespace. */
  fetchSockets(): Promise<Entered[]> {
    return this.#everybody().fetchSockets();
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

  #everybody(): BroadcastOperator<EmitEvents, Entered> {
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
