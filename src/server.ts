/** The server as its user sees it: Socket.IO's `Server`, on our own engine. */
import { createServer, type Server as HttpServer } from 'node:http';
import { Connection, type ConnectionHost } from './connection.ts';
import type { DefaultEventsMap, EventArguments, EventNames, EventsMap } from './namespaces/event-map.ts';
import type { MiddlewareError } from './namespaces/middleware.ts';
import { Namespace, type NamespaceEvents } from './namespaces/namespace.ts';
import type { Socket } from './namespaces/socket.ts';
import { resolveOptions, type ResolvedOptions, type ServerOptions } from './options.ts';
import type { BroadcastOperator } from './rooms/broadcast.ts';
import type { TimerWheel } from './transport/clock.ts';
import { serveClientBundle } from './transport/client-bundle.ts';
import { Engine } from './transport/engine.ts';

export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
  SocketData = any,
> implements ConnectionHost {
  readonly options: ResolvedOptions;
  /** The Engine.IO server underneath. */
  readonly engine: Engine;
  /** The main namespace, `/`. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  readonly #namespaces = new Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  #httpServer: HttpServer | undefined;

  /**
   * @param target an HTTP or HTTPS server, a port to listen on, or nothing: then call `attach` or `listen`
   * @throws {TypeError} or {RangeError} for an option that cannot be
   */
  constructor(target?: HttpServer | number | ServerOptions, options?: ServerOptions) {
    const isOptions = typeof target === 'object' && !isHttpServer(target);
    this.options = resolveOptions(isOptions ? target : options);
    this.engine = new Engine(this.options);
    this.engine.onConnection = (conn) => new Connection(conn, this);
    this.sockets = this.of('/');
    if (target !== undefined && !isOptions) this.attach(target);
  }

  /** The HTTP server that this one is attached to. */
  get httpServer(): HttpServer | undefined {
    return this.#httpServer;
  }

  /** Where requests for this server start. */
  path(): string {
    return this.options.path;
  }

  get wheel(): TimerWheel {
    return this.engine.wheel;
  }

  /** Serves the requests under `path` of an HTTP server; a number makes a server that listens on that port. */
  attach(target: HttpServer | number): this {
    const server = typeof target === 'number' ? createServer(notFound).listen(target) : target;
    if (!isHttpServer(server)) {
      throw new TypeError(
        'Cannot attach: pass an http.Server (from createServer(app)), not an Express application',
      );
    }
    this.#httpServer = server;
    this.engine.attach(server, (request, response) =>
      this.options.serveClient ? serveClientBundle(this.options.path, request, response) : false,
    );
    return this;
  }

  /** The same as `attach`. */
  listen(target: HttpServer | number): this {
    return this.attach(target);
  }

  /** The namespace of that name, made if there is none. */
  of(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const slashed = name.startsWith('/') ? name : `/${name}`;
    const known = this.#namespaces.get(slashed);
    if (known !== undefined) return known;
    const namespace = new Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(slashed);
    this.#namespaces.set(slashed, namespace);
    if (slashed !== '/') this.sockets.announce(namespace);
    return namespace;
  }

  /** For connections: namespaces are made by the server's user, never by asking for one. */
  findNamespace(name: string): Namespace | undefined {
    // A connection carries any namespace's packets; the types are the user's.
    return this.#namespaces.get(name);
  }

  /** `connection` (or `connect`): a client has entered the main namespace. `new_namespace`: one was made. */
  on<Name extends keyof NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>>(
    event: Name,
    listener: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[Name],
  ): this {
    this.sockets.on(event, listener);
    return this;
  }

  once<Name extends keyof NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>>(
    event: Name,
    listener: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[Name],
  ): this {
    this.sockets.once(event, listener);
    return this;
  }

  off<Name extends keyof NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>>(
    event: Name,
    listener: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>[Name],
  ): this {
    this.sockets.off(event, listener);
    return this;
  }

  /** Adds a function at the door of the main namespace. */
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (error?: MiddlewareError) => void,
    ) => void,
  ): this {
    this.sockets.use(middleware);
    return this;
  }

  /** Sends an event to everybody in the main namespace. */
  emit<Name extends EventNames<EmitEvents>>(event: Name, ...args: EventArguments<EmitEvents, Name>): true {
    return this.sockets.emit(event, ...args);
  }

  /** Sends a `message` event to everybody in the main namespace. */
  send(...args: EventArguments<EmitEvents, 'message' & keyof EmitEvents>): this {
    this.sockets.send(...args);
    return this;
  }

  /** The same as `send`. */
  write(...args: EventArguments<EmitEvents, 'message' & keyof EmitEvents>): this {
    return this.send(...args);
  }

  /** Everybody in a room of the main namespace. */
  to(
    room: string | readonly string[],
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.sockets.to(room);
  }

  /** The same as `to`. */
  in(
    room: string | readonly string[],
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.sockets.in(room);
  }

  /** Everybody in the main namespace but who is in a room. */
  except(
    room: string | readonly string[],
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.sockets.except(room);
  }

  get volatile(): BroadcastOperator<
    EmitEvents,
    Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  > {
    return this.sockets.volatile;
  }

  get local(): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.sockets.local;
  }

  compress(
    compress: boolean,
  ): BroadcastOperator<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.sockets.compress(compress);
  }

  fetchSockets(): Promise<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>[]> {
    return this.sockets.fetchSockets();
  }

  socketsJoin(rooms: string | readonly string[]): void {
    this.sockets.socketsJoin(rooms);
  }

  socketsLeave(rooms: string | readonly string[]): void {
    this.sockets.socketsLeave(rooms);
  }

  disconnectSockets(close = false): void {
    this.sockets.disconnectSockets(close);
  }

  /**
   * Ends all connections, and the HTTP server with them. Clients see `transport close`, and come back by themselves
   * when a server does.
   *
   * @param callback called when the HTTP server has closed, with its error if it was not listening
   */
  async close(callback?: (error?: Error) => void): Promise<void> {
    for (const namespace of this.#namespaces.values()) {
      for (const socket of namespace.sockets.values()) socket.onClose('server shutting down');
      namespace.adapter.close();
    }
    this.engine.close();
    const server = this.#httpServer;
    const error = await new Promise<Error | undefined>((resolve) => {
      if (server === undefined) resolve(undefined);
      else server.close(resolve);
    });
    callback?.(error);
  }
}

function isHttpServer(value: unknown): value is HttpServer {
  // By shape: an HTTPS or HTTP/1-compatible server of any origin will do.
  return (
    typeof value === 'object' &&
    value !== null &&
    'listeners' in value &&
    typeof value.listeners === 'function' &&
    'listen' in value &&
    typeof value.listen === 'function'
  );
}

const notFound = (_request: unknown, response: { writeHead(status: number): { end(): unknown } }): void => {
  response.writeHead(404).end();
};
