/** A part of the server with its own name, door and rooms: who may enter, who is in, what a newcomer is told. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Adapter } from '../rooms/adapter.ts';
import { BroadcastOperator } from '../rooms/broadcast.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import type { Client } from './client.ts';
import type { DefaultEventsMap, EventArguments, EventNames, EventsMap } from './event-map.ts';
import { runMiddleware, type MiddlewareError } from './middleware.ts';
import { Socket } from './socket.ts';

/** What a namespace, and for its main one the server, tells its user. */
export interface NamespaceEvents<Entered> {
  connection: (socket: Entered) => void;
  connect: (socket: Entered) => void;
  new_namespace: (namespace: { readonly name: string }) => void;
}

export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
  SocketData = any,
> extends EventEmitter {
  /** With its leading slash; `/` is the main one. */
  readonly name: string;
  /** The connected sockets by id. */
  readonly sockets: Map<string, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> = new Map();
  readonly adapter: Adapter;
  readonly #middleware: ((
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    next: (error?: MiddlewareError) => void,
  ) => void)[] = [];
  #ackId = 0;

  constructor(name: string) {
    super();
    this.name = name;
    this.adapter = new Adapter(this.sockets);
  }

  /** `connection` (or `connect`): a client has entered. `new_namespace`, of the main one: another was made. */
  override on<
    Name extends keyof NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>,
  >(
    event: Name,
    listener: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[Name],
  ): this {
    return super.on(event, listener);
  }

  override once<
    Name extends keyof NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>,
  >(
    event: Name,
    listener: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[Name],
  ): this {
    return super.once(event, listener);
  }

  /** Adds a function at the door: it calls `next()` to let the socket in, or `next(error)`, which the client is told. */
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (error?: MiddlewareError) => void,
    ) => void,
  ): this {
    this.#middleware.push(middleware);
    return this;
  }

  /** Sends an event to everybody in the namespace. */
  override emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventArguments<EmitEvents, Name>
  ): true {
    return this.#everybody().emit(event, ...args);
  }

  /** Sends a `message` event to everybody. */
  send(...args: EventArguments<EmitEvents, 'message' & keyof EmitEvents>): this {
    this.emit('message' as EventNames<EmitEvents>, ...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventArguments<EmitEvents, 'message' & keyof EmitEvents>): this {
    return this.send(...args);
  }

  to(
    room: string | readonly string[],
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#everybody().to(room);
  }

  in(
    room: string | readonly string[],
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.to(room);
  }

  except(
    room: string | readonly string[],
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#everybody().except(room);
  }

  get volatile(): BroadcastOperator<
    EmitEvents,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  > {
    return this.#everybody().volatile;
  }

  get local(): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#everybody().local;
  }

  compress(
    compress: boolean,
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#everybody().compress(compress);
  }

  fetchSockets(): Promise<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>[]> {
    return this.#everybody().fetchSockets();
  }

  socketsJoin(rooms: string | readonly string[]): void {
    this.#everybody().socketsJoin(rooms);
  }

  socketsLeave(rooms: string | readonly string[]): void {
    this.#everybody().socketsLeave(rooms);
  }

  disconnectSockets(close = false): void {
    this.#everybody().disconnectSockets(close);
  }

  /**
   * Brings a client to the door. Without middleware it enters in the same turn.
   *
   * @param outcome `entered` is called with the new socket before the user's `connection` listeners; `refused` after
   *   the client was told
   */
  connect(
    client: Client,
    auth: Record<string, unknown>,
    outcome: {
      entered: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
      refused: () => void;
    },
  ): void {
    const id = randomBytes(15).toString('base64url');
    const socket = new Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(this, client, id, auth);
    runMiddleware(this.#middleware, socket, (error) => {
      if (error === undefined && client.isOpen) {
        this.#enter(socket, outcome.entered);
      } else {
        socket.onRefused();
        // Without an error, the client went away while it waited.
        if (error !== undefined) this.#refuse(client, error);
        outcome.refused();
      }
    });
  }

  /** Takes a socket out. Called by the socket. */
  forget(socket: { readonly id: string }): void {
    this.sockets.delete(socket.id);
    this.adapter.delAll(socket.id);
  }

  /** Tells the listeners of `new_namespace`. Called by the server. */
  announce(namespace: { readonly name: string }): void {
    super.emit('new_namespace', namespace);
  }

  /** Numbers the questions of all sockets of the namespace. */
  nextAckId(): number {
    return this.#ackId++;
  }

  #enter(
    socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    entered: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): void {
    this.sockets.set(socket.id, socket);
    entered(socket);
    socket.onConnect();
    super.emit('connect', socket);
    super.emit('connection', socket);
  }

  #refuse(client: Client, { message, data }: MiddlewareError): void {
    const packet = { type: 'connect error' as const, namespace: this.name };
    client.send(PreparedPacket.of({ ...packet, data: data === undefined ? { message } : { message, data } }));
  }

  #everybody(): BroadcastOperator<
    EmitEvents,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  > {
    return new BroadcastOperator(this);
  }
}
