/** A part of the server with its own name, door and rooms: who may enter, who is in, what a newcomer is told. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { throwLater } from '../errors.ts';
import { Adapter } from '../rooms/adapter.ts';
import type { BroadcastScope } from '../rooms/broadcast.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import type { Client } from './client.ts';
import type { DefaultEventsMap, EventsMap } from './event-map.ts';
import { runMiddleware, type Middleware, type MiddlewareError } from './middleware.ts';
import { NamespaceSurface } from './namespace-surface.ts';
import { Socket } from './socket.ts';

/** What becomes of a client at the door. */
export interface Outcome<Entered> {
  /** Called with the new socket, before the user's `connection` listeners. */
  entered: (socket: Entered) => void;
  /** Called before the client is told why. */
  refused: () => void;
}

export class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
  SocketData = any,
> extends NamespaceSurface<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
  /** With its leading slash; `/` is the main one. */
  readonly name: string;
  /** The connected sockets by id. */
  readonly sockets: Map<string, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> = new Map();
  readonly adapter: Adapter;
  protected override readonly scope: BroadcastScope = this;
  #middleware: readonly Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[] = [];
  #ackId = 0;

  constructor(name: string) {
    super();
    this.name = name;
    this.adapter = new Adapter(this.sockets);
  }

  use(middleware: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>): this {
    // A copy: who is at the door already passes the chain that stood there when it came.
    this.#middleware = [...this.#middleware, middleware];
    return this;
  }

  /** Brings a client to the door. Without middleware it enters in the same turn. */
  connect(
    client: Client,
    auth: Record<string, unknown>,
    outcome: Outcome<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>,
  ): void {
    const id = randomBytes(15).toString('base64url');
    const socket = new Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(this, client, id, auth);
    runMiddleware(this.#middleware, socket, (error) => {
      if (error === undefined && client.isOpen) {
        this.sockets.set(id, socket);
        outcome.entered(socket);
        socket.onConnect();
        this.#tell('connect', socket);
        this.#tell('connection', socket);
      } else {
        socket.onRefused();
        outcome.refused();
        // Without an error, the client went away while it waited.
        if (error !== undefined) this.#refuse(client, error);
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
    this.#tell('new_namespace', namespace);
  }

  /** Numbers the questions of all sockets of the namespace. */
  nextAckId(): number {
    return this.#ackId++;
  }

  #refuse(client: Client, { message, data }: MiddlewareError): void {
    const packet = { type: 'connect error' as const, namespace: this.name };
    let prepared;
    try {
      prepared = PreparedPacket.of({ ...packet, data: data === undefined ? { message } : { message, data } });
    } catch (error) {
      throwLater(error); // the user's `data` cannot be serialised; the client is refused all the same
      prepared = PreparedPacket.of({ ...packet, data: { message } });
    }
    client.send(prepared);
  }

  /** Past `emit`, which sends. */
  #tell(event: string, about: unknown): void {
    try {
      EventEmitter.prototype.emit.call(this, event, about);
    } catch (error) {
      throwLater(error);
    }
  }
}
