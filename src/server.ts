/** The server as its user sees it: Socket.IO's `Server`, on our own engine. */
import { createServer, type Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Connection } from './connection.ts';
import { StateError } from './errors.ts';
import type { DefaultEventsMap, EventsMap } from './namespaces/event-map.ts';
import type { Middleware } from './namespaces/middleware.ts';
import { Namespace } from './namespaces/namespace.ts';
import { forwardListening, NamespaceSurface, type NamespaceEvents } from './namespaces/namespace-surface.ts';
import type { Socket } from './namespaces/socket.ts';
import { resolveOptions, type ResolvedOptions, type ServerOptions } from './options.ts';
import type { BroadcastScope } from './rooms/broadcast.ts';
import { serveClientBundle } from './transport/client-bundle.ts';
import { Engine } from './transport/engine.ts';

/** What a server can be attached to: an HTTP or HTTPS server, or a port to listen on. */
export type AttachTarget = HttpServer | HttpsServer | number;

export class Server<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
  SocketData = any,
> extends NamespaceSurface<EmitEvents, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
  static {
    forwardListening(this.prototype, (io) => io.sockets);
  }

  /** The main namespace, `/`: what `io.on`, `io.emit`, `io.to` and their like are about. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  protected override readonly scope: BroadcastScope;
  readonly #namespaces = new Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>();
  readonly #given: ServerOptions;
  #options: ResolvedOptions;
  #engine: Engine;
  #httpServer: HttpServer | undefined;

  /**
   * @param target an HTTP or HTTPS server, a port to listen on, or nothing: then call `attach` or `listen`
   * @throws {TypeError} or {RangeError} for an option that cannot be
   */
  constructor(target?: AttachTarget | ServerOptions | null, options?: ServerOptions) {
    super();
    const given = isOptions(target) ? target : options;
    this.#given = given ?? {};
    this.#options = resolveOptions(this.#given);
    this.#engine = this.#openEngine();
    this.sockets = this.of('/');
    this.scope = this.sockets;
    if (target !== undefined && target !== null && !isOptions(target)) this.attach(target);
  }

  /** The options after checking, complete. */
  get options(): ResolvedOptions {
    return this.#options;
  }

  /** The Engine.IO server underneath. */
  get engine(): Engine {
    return this.#engine;
  }

  /** The HTTP server that this one is attached to. */
  get httpServer(): HttpServer | undefined {
    return this.#httpServer;
  }

  /** Where requests for this server start. */
  path(): string {
    return this.#options.path;
  }

  /**
   * Serves the requests under `path` of an HTTP server; a number makes a server that listens on that port.
   *
   * @param options more options, behind those that the constructor was given
   * @throws {TypeError} when `target` is something else, an Express application for instance
   */
  attach(target: AttachTarget, options?: ServerOptions): this {
    const server = serverOf(target);
    if (options !== undefined) {
      if (this.#httpServer !== undefined) {
        throw new StateError('Cannot change options: the server is attached already');
      }
      this.#options = resolveOptions({ ...options, ...this.#given });
      this.#engine = this.#openEngine();
    }
    this.#httpServer = server;
    const { path, serveClient } = this.#options;
    this.#engine.attach(server, (request, response) =>
      serveClient ? serveClientBundle(path, request, response) : false,
    );
    return this;
  }

  /** The same as `attach`. */
  listen(target: AttachTarget, options?: ServerOptions): this {
    return this.attach(target, options);
  }

  /**
   * The namespace of that name, made if there is none.
   *
   * @param listener for its `connection` event
   */
  of(
    name: string,
    listener?: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>['connection'],
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    if (typeof name !== 'string') {
      throw new TypeError(
        'A namespace must be named by a string: patterns and functions are not supported yet',
      );
    }
    const slashed = name.startsWith('/') ? name : `/${name}`;
    let namespace = this.#namespaces.get(slashed);
    if (namespace === undefined) {
      namespace = new Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(slashed);
      this.#namespaces.set(slashed, namespace);
      if (slashed !== '/') this.sockets.announce(namespace);
    }
    if (listener !== undefined) namespace.on('connection', listener);
    return namespace;
  }

  /** Adds a function at the door of the main namespace. */
  use(middleware: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>): this {
    this.sockets.use(middleware);
    return this;
  }

  /**
   * Ends all connections, and the HTTP server with them. Clients see `transport close`, and come back by themselves
   * when a server does.
   *
   * @param callback called when the HTTP server has closed, with its error if it was not listening
   */
  async close(callback?: (error?: NodeJS.ErrnoException) => void): Promise<void> {
    for (const namespace of this.#namespaces.values()) {
      for (const socket of namespace.sockets.values()) socket.onClose('server shutting down');
      namespace.adapter.close();
    }
    this.#engine.close();
    const server = this.#httpServer;
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      if (server === undefined) resolve(undefined);
      else server.close(resolve);
    });
    callback?.(error);
  }

  #openEngine(): Engine {
    const engine = new Engine(this.#options);
    const host = {
      wheel: engine.wheel,
      options: this.#options,
      // Namespaces are made by the server's user, never by asking for one. A connection carries packets of any types.
      findNamespace: (name: string): Namespace | undefined => this.#namespaces.get(name),
    };
    engine.onConnection = (conn) => new Connection(conn, host);
    return engine;
  }
}

/** Anything that can listen was meant to be attached to. */
function isOptions(target: unknown): target is ServerOptions {
  return typeof target === 'object' && target !== null && !('listen' in target);
}

function serverOf(target: AttachTarget): HttpServer {
  // Ports often come from the environment, as strings.
  const port = typeof target === 'string' ? Number(target) : target;
  if (typeof port === 'number' && !Number.isNaN(port)) return createServer(notFound).listen(port);
  if (!isHttpServer(target)) {
    throw new TypeError(
      'Cannot attach: pass an http.Server (from createServer(app)), not an Express application',
    );
  }
  return target;
}

function isHttpServer(value: unknown): value is HttpServer {
  // By shape: an HTTPS or HTTP/1-compatible server of any origin will do. Koa's and Fastify's applications lack one each.
  const has = (name: string): boolean =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<string, unknown>)[name] === 'function';
  return has('listeners') && has('listen') && has('close');
}

const notFound = (_request: unknown, response: { writeHead(status: number): { end(): unknown } }): void => {
  response.writeHead(404).end();
};
