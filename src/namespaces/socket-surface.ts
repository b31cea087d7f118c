/** What a socket offers its user: where it is, its connection, and to send with, to its own client and to everybody else. */
import type { IncomingMessage } from 'node:http';
import type { Adapter } from '../rooms/adapter.ts';
import type { BroadcastFlags } from '../rooms/audience.ts';
import type { BroadcastOperator } from '../rooms/broadcast.ts';
import { CatchAll } from './catch-all.ts';
import type { Client, EngineConnection } from './client.ts';
import type {
  AckResult,
  ArgumentsBeforeAck,
  EventArguments,
  EventNames,
  EventNamesWithAck,
  EventsMap,
} from './event-map.ts';
import type { NamespaceHost } from './namespace.ts';
import { type SocketEmitter, SocketOperator } from './socket-operator.ts';

export abstract class SocketSurface<EmitEvents extends EventsMap, SocketData>
  extends CatchAll
  implements SocketEmitter<EmitEvents, SocketData>
{
  abstract readonly id: string;
  abstract readonly nsp: { readonly adapter: Adapter; readonly server: NamespaceHost };
  abstract readonly client: Client;
  abstract get connected(): boolean;

  /** The untyped way out: what `emit` and the operators end in. */
  abstract emitWith(event: string, args: readonly unknown[], flags: BroadcastFlags): true;

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms it is in; its own, named by its id, among them. */
  get rooms(): Set<string> {
    return new Set(this.nsp.adapter.socketRooms(this.id));
  }

  /** The server that it is connected to. */
  get server(): NamespaceHost {
    return this.nsp.server;
  }

  get conn(): EngineConnection {
    return this.client.conn;
  }

  /** The request that opened the connection. */
  get request(): IncomingMessage {
    return this.client.request;
  }

  /** Calls the listeners of an incoming event: `emit`, for emitters. */
  protected tell(event: unknown[]): void {
    super.emit(...(event as [string, ...unknown[]]));
  }

  /** What `broadcast` and the operators end in. */
  abstract broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData>;

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

  /** Everybody in a room but this socket. */
  to(room: string | readonly string[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** The same as `to`. */
  in(room: string | readonly string[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** Everybody but this socket and who is in a room. */
  except(room: string | readonly string[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.except(room);
  }

  /** Everybody in the namespace but this socket. */
  get broadcast(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastWith({});
  }

  /** Everybody of this server in the namespace but this socket. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcastWith({ local: true });
  }

  /** The next event is dropped if the client cannot take it now. */
  get volatile(): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator(this, { volatile: true });
  }

  /** The next event's acknowledgement gets an error first, if none comes within `ms` milliseconds. */
  timeout(ms: number): SocketOperator<EmitEvents, SocketData, true> {
    return new SocketOperator(this, {}).timeout(ms);
  }

  /** Says whether the next event may be compressed. */
  compress(compress: boolean): SocketOperator<EmitEvents, SocketData> {
    return new SocketOperator(this, { compress });
  }
}
