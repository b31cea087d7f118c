/** A socket of another server, as `fetchSockets` finds it. */
import type { SocketDetails } from './adapter.ts';
import type { BroadcastOperator } from './broadcast.ts';
import type { Arguments, AskedArguments, BroadcastArguments } from './broadcast-types.ts';
import type { Room, SocketId } from './membership.ts';

/** What can be done with any socket that `fetchSockets` finds, wherever it is. */
export interface FoundSocket<EmitEvents extends object, SocketData> {
  readonly id: SocketId;
  // oxlint-disable-next-line typescript/no-explicit-any -- plain data from another server, of a `Handshake`'s shape
  readonly handshake: any;
  readonly rooms: Set<Room>;
  /** On this server the socket's own; of another server's a copy. */
  readonly data: SocketData;
  join(rooms: Room | Room[]): Promise<void> | void;
  leave(room: Room): Promise<void> | void;
  disconnect(close?: boolean): this;
  emit<Name extends keyof EmitEvents & string>(event: Name, ...args: Arguments<EmitEvents, Name>): boolean;
}

export class RemoteSocket<EmitEvents extends object, SocketData> implements FoundSocket<
  EmitEvents,
  SocketData
> {
  readonly id: SocketId;
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  readonly handshake: any;
  readonly rooms: Set<Room>;
  readonly data: SocketData;
  readonly #operator: BroadcastOperator<EmitEvents, SocketData>;

  /** @param operator for this socket alone */
  constructor(details: SocketDetails, operator: BroadcastOperator<EmitEvents, SocketData>) {
    this.id = details.id;
    this.handshake = details.handshake;
    this.rooms = new Set(details.rooms);
    this.data = details.data as SocketData;
    this.#operator = operator;
  }

  /** Sends it an event. */
  emit<Name extends keyof EmitEvents & string>(event: Name, ...args: Arguments<EmitEvents, Name>): boolean {
    // One socket gives one answer, so an acknowledgement is called as a socket's.
    return this.#operator.emit(event, ...(args as unknown as BroadcastArguments<EmitEvents, Name>));
  }

  /** Sends it an event and resolves with its answer. */
  emitWithAck<Name extends keyof EmitEvents & string>(
    event: Name,
    ...args: AskedArguments<EmitEvents, Name>
  ): Promise<unknown> {
    return this.#operator.emitWithAck(event, ...args);
  }

  /** How many milliseconds it has for its acknowledgement. */
  timeout(ms: number): BroadcastOperator<EmitEvents, SocketData> {
    return this.#operator.timeout(ms);
  }

  /** Makes it join rooms. */
  join(rooms: Room | Room[]): void {
    this.#operator.socketsJoin(rooms);
  }

  /** Makes it leave a room. */
  leave(room: Room): void {
    this.#operator.socketsLeave(room);
  }

  /** Disconnects it; with `close`, its whole connection. */
  disconnect(close = false): this {
    this.#operator.disconnectSockets(close);
    return this;
  }
}
