/** One event, many sockets: what `io.to(…)`, `socket.broadcast` and their like return. Immutable; keep it or chain it. */
import { RESERVED_EVENTS } from '../socketio/packet.ts';
import type { Adapter, BroadcastFlags, Member } from './adapter.ts';
import { Audience } from './audience.ts';
import { listRooms, type Room } from './membership.ts';

/** What a broadcast needs of its namespace. */
export interface BroadcastScope {
  readonly name: string;
  readonly adapter: Adapter;
}

/** What can be done to a socket of an audience from outside. */
export interface ManagedMember extends Member {
  join(rooms: Room | readonly Room[]): void;
  leave(room: Room): void;
  disconnect(close?: boolean): unknown;
}

type Arguments<Map, Name extends keyof Map> = Map[Name] extends (...args: infer Args) => unknown
  ? Args
  : never;

export class BroadcastOperator<EmitEvents extends object, Socket extends ManagedMember = ManagedMember> {
  readonly #scope: BroadcastScope;
  readonly #audience: Audience;
  readonly #flags: BroadcastFlags;

  constructor(scope: BroadcastScope, audience: Audience = Audience.everybody, flags: BroadcastFlags = {}) {
    this.#scope = scope;
    this.#audience = audience;
    this.#flags = flags;
  }

  /** Adds the sockets of a room, or of each of several. Who is in more than one still gets the event once. */
  to(room: Room | readonly Room[]): BroadcastOperator<EmitEvents, Socket> {
    return this.#with(this.#audience.to(room));
  }

  /** The same as `to`. */
  in(room: Room | readonly Room[]): BroadcastOperator<EmitEvents, Socket> {
    return this.to(room);
  }

  /** Leaves out everybody who is in a room, or in one of several. */
  except(room: Room | readonly Room[]): BroadcastOperator<EmitEvents, Socket> {
    return this.#with(this.#audience.except(room));
  }

  /** Leaves out who cannot take it now. */
  get volatile(): BroadcastOperator<EmitEvents, Socket> {
    return this.#with(this.#audience, { ...this.#flags, volatile: true });
  }

  /** Reaches only sockets of this server. */
  get local(): BroadcastOperator<EmitEvents, Socket> {
    return this.#with(this.#audience, { ...this.#flags, local: true });
  }

  /** Says whether the event may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, Socket> {
    return this.#with(this.#audience, { ...this.#flags, compress });
  }

  /**
   * Sends an event to the audience, encoded once.
   *
   * @throws {Error} when the name is reserved
   * @throws {TypeError} when the arguments cannot be serialised, or end in an acknowledgement
   */
  emit<Name extends keyof EmitEvents & string>(event: Name, ...args: Arguments<EmitEvents, Name>): true {
    if (RESERVED_EVENTS.has(event)) throw new Error(`"${event}" is a reserved event name`);
    if (typeof args.at(-1) === 'function') {
      throw new TypeError('Cannot broadcast with an acknowledgement: it is not supported yet');
    }
    const { adapter, name } = this.#scope;
    adapter.broadcast(name, [event, ...args], this.#audience, this.#flags);
    return true;
  }

  /** The matching sockets. */
  // Asynchronous, since with several servers the answer comes from all of them.
  fetchSockets(): Promise<Socket[]> {
    return Promise.resolve(this.#sockets());
  }

  /** Makes the matching sockets join rooms. */
  socketsJoin(rooms: Room | readonly Room[]): void {
    for (const socket of this.#sockets()) socket.join(rooms);
  }

  /** Makes the matching sockets leave rooms. */
  socketsLeave(rooms: Room | readonly Room[]): void {
    for (const socket of this.#sockets()) {
      for (const room of listRooms(rooms)) socket.leave(room);
    }
  }

  /** Disconnects the matching sockets; with `close`, their whole connections. */
  disconnectSockets(close = false): void {
    for (const socket of this.#sockets()) socket.disconnect(close);
  }

  #sockets(): Socket[] {
    // The adapter holds what its namespace put in: sockets of this operator's kind.
    return this.#scope.adapter.membersOf(this.#audience) as Socket[];
  }

  #with(audience: Audience, flags: BroadcastFlags = this.#flags): BroadcastOperator<EmitEvents, Socket> {
    return new BroadcastOperator<EmitEvents, Socket>(this.#scope, audience, flags);
  }
}
