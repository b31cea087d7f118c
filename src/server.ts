/** The server as its user sees it: Socket.IO's `Server`, on our own engine. */
import type { Server as HttpServer } from 'node:http';
import { type AttachTarget, isOptions, serverOf } from './attach-target.ts';
import type { HistoryLog } from './history/history-log.ts';
import { MemoryLog } from './history/memory-log.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { type CloseOptions, Drain, drainOf, type ResolvedDrain } from './drain.ts';
import { StateError } from './errors.ts';
import type { DefaultEventsMap, EventsMap } from './namespaces/event-map.ts';
import type { Middleware } from './namespaces/middleware.ts';
import type { Namespace, NamespaceHost } from './namespaces/namespace.ts';
import { NamespaceRegistry } from './namespaces/namespace-registry.ts';
import { forwardListening, NamespaceSurface, type NamespaceEvents } from './namespaces/namespace-surface.ts';
import type { NamespaceMatcher } from './namespaces/parent-namespace.ts';
import type { Socket } from './namespaces/socket.ts';
import { resolveOptions, type ResolvedOptions, type ServerOptions } from './options.ts';
import type { Adapter, AdapterFactory } from './rooms/adapter.ts';
import type { BroadcastScope } from './rooms/broadcast.ts';
import { MemoryAdapter } from './rooms/memory-adapter.ts';
import { HistoryAdapter, type HistorySettings } from './rooms/history-adapter.ts';
import { type Codec, type EngineMessages, openCodec } from './socketio/codec.ts';
import { type ParserPacket, parseParserPacket } from './socketio/parser-packet.ts';
import { serveClientBundle } from './transport/client-bundle.ts';
import { Timer, type TimerWheel } from './transport/clock.ts';
import { Engine } from './transport/engine.ts';
import type { EngineSocket } from './transport/engine-socket.ts';

type CloseCallback = (error?: NodeJS.ErrnoException) => void;

export class Server<
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
  implements NamespaceHost, ConnectionHost
{
  static {
    forwardListening(this.prototype, (io) => io.sockets);
  }

  /** The main namespace, `/`: what `io.on`, `io.emit`, `io.to` and their like are about. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  protected override readonly scope: BroadcastScope;
  readonly #namespaces: NamespaceRegistry<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  #given: ServerOptions;
  #adapter: AdapterFactory;
  #codec: Codec;
  #options: ResolvedOptions;
  #engine: Engine;
  #httpServer: HttpServer | undefined;
  /** What was said. Closed with the server. */
  #log: HistoryLog | undefined;
  #drain: Drain | undefined;
  /** Between the engine's clock, which never goes back, and the world's. */
  readonly #wallStart: number;

  /**
   * @param target an HTTP or HTTPS server, a port to listen on, or nothing: then call `attach` or `listen`
   * @throws {TypeError} or {RangeError} for an option that cannot be
   */
  constructor(target?: AttachTarget | ServerOptions | null, options?: ServerOptions) {
    super();
    const given = isOptions(target) ? target : options;
    this.#given = given ?? {};
    this.#options = resolveOptions(this.#given);
    this.#codec = openCodec(this.#options, this.#options.parser);
    this.#adapter = this.#options.adapter ?? this.#ownAdapter();
    this.#engine = this.#openEngine();
    this.#wallStart = Date.now() - this.#engine.wheel.now();
    this.#namespaces = new NamespaceRegistry<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(
      this,
      (namespace) => {
        if (namespace.name !== '/') this.sockets.announce(namespace);
      },
    );
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

  /** The options as they were given, with Socket.IO's names: what its adapters read. */
  get opts(): ServerOptions {
    const { recovery } = this.#options;
    if (recovery === undefined) return this.#given;
    const { skipMiddlewares, maxDisconnectionMs: maxDisconnectionDuration } = recovery;
    return { ...this.#given, connectionStateRecovery: { skipMiddlewares, maxDisconnectionDuration } };
  }

  /** The namespaces by name: for Socket.IO's tools. */
  get _nsps(): Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> {
    return this.#namespaces.byName;
  }

  /** The way packets become engine messages. */
  get codec(): Codec {
    return this.#codec;
  }

  /** The same, in the shape that Socket.IO's adapters use. */
  readonly encoder: { encode(packet: ParserPacket): EngineMessages } = {
    encode: (packet) => this.#codec.encode(parseParserPacket(packet)),
  };

  get recovery(): ResolvedOptions['recovery'] {
    return this.#options.recovery;
  }

  get presenceSettings(): ResolvedOptions['presence'] {
    return this.#options.presence;
  }

  get receiveOnce(): ResolvedOptions['receiveOnce'] {
    return this.#options.receiveOnce;
  }

  get wheel(): TimerWheel {
    return this.#engine.wheel;
  }

  get maxOutboxBytes(): number {
    return this.#options.maxOutboxBytes;
  }

  get spills(): boolean {
    return this.#options.slowReaderPolicy === 'spill';
  }

  get maxNamespaces(): number {
    return this.#options.maxNamespaces;
  }

  get connectTimeoutMs(): number {
    return this.#options.connectTimeoutMs;
  }

  /** Where requests for this server start. With a path: changes it, for what is attached from now on. */
  path(): string;
  path(path: string): this;
  path(path?: string): this | string {
    return this.#option('path', path);
  }

  /** Whether the client's bundle is served. With a value: changes it, for what is attached from now on. */
  serveClient(): boolean;
  serveClient(serve: boolean): this;
  serveClient(serve?: boolean): this | boolean {
    return this.#option('serveClient', serve);
  }

  /** How many milliseconds clients have to join a namespace. With a number: changes it. */
  connectTimeout(): number;
  connectTimeout(ms: number): this;
  connectTimeout(ms?: number): this | number {
    const result = this.#option('connectTimeout', ms);
    return result === this ? this : this.#options.connectTimeoutMs;
  }

  /** What makes the adapters of namespaces. With a factory: replaces the adapters of all namespaces. */
  adapter(): AdapterFactory;
  adapter(factory: AdapterFactory): this;
  adapter(factory?: AdapterFactory): this | AdapterFactory {
    if (factory === undefined) return this.#adapter;
    this.#adapter = factory;
    for (const namespace of this._nsps.values()) namespace.renewAdapter();
    return this;
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
      this.#given = { ...options, ...this.#given };
      this.#options = resolveOptions(this.#given);
      this.#codec = openCodec(this.#options, this.#options.parser);
    }
    // An engine's options never change: what was changed since needs another.
    const isStale = this.#engine.options !== this.#options;
    if (isStale && this.#httpServer === undefined) this.#engine = this.#openEngine();
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
   * The namespace of that name, made if there is none. With a pattern or a function: a namespace that stands for all whose
   * names match; each is made when the first client asks for it.
   *
   * @param listener for its `connect` event, the first of the two
   * @throws {Error} for a regular expression that keeps a state (`g`, `y`)
   */
  of(
    name: string | RegExp | NamespaceMatcher,
    listener?: NamespaceEvents<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>['connection'],
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const isPattern = typeof name === 'function' || name instanceof RegExp;
    const namespace = isPattern ? this.#namespaces.ofPattern(name) : this.#namespaces.ofName(name);
    if (listener !== undefined) namespace.on('connect', listener);
    return namespace;
  }

  /** Adds a function at the door of the main namespace. */
  use(middleware: Middleware<Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>): this {
    this.sockets.use(middleware);
    return this;
  }

  /**
   * Ends all connections, and the HTTP server with them. Clients see `transport close`, and come back by themselves
   * when a server does. With `drain`, each is let go only when nothing is owed to it: for deploys. A `close` without
   * it ends that at once.
   *
   * @param callback called when the HTTP server has closed, with its error if it was not listening
   * @throws {TypeError | RangeError} for an option that cannot be; the promise is rejected with it
   */
  close(callback?: CloseCallback): Promise<void>;
  close(options: CloseOptions, callback?: CloseCallback): Promise<void>;
  async close(how: CloseOptions | CloseCallback = {}, callback?: CloseCallback): Promise<void> {
    if (typeof how === 'function') return this.close({}, how);
    const drain = drainOf(how);
    if (drain === undefined) this.#drain?.end();
    else await this.#sendAway(drain);
    await Promise.allSettled(
      [...this._nsps.values()].map(async (namespace) => {
        for (const socket of namespace.sockets.values()) socket.onClose('server shutting down');
        await namespace.closeRooms();
      }),
    );
    this.#engine.close();
    this.#log?.close();
    const server = this.#httpServer;
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      if (server === undefined) resolve(undefined);
      else server.close(resolve);
    });
    callback?.(error);
  }

  /** Takes over an Engine.IO server that was made elsewhere: its sessions are connections from now on. */
  bind(engine: Engine): this {
    this.#engine = engine;
    engine.onConnection = (conn) => this.onconnection(conn);
    return this;
  }

  /** Takes over one Engine.IO session, in the turn in which it was opened. */
  onconnection(conn: EngineSocket): this {
    void new Connection(conn, this);
    return this;
  }

  openAdapter(namespace: Namespace): Adapter {
    return makeAdapter(this.#adapter, namespace);
  }

  now(): number {
    return this.#engine.wheel.now();
  }

  wallNow(): number {
    return this.#wallStart + this.#engine.wheel.now();
  }

  beforeFlush(callback: () => void): void {
    this.#engine.flush.before(callback);
  }

  nextTurn(callback: () => void): void {
    this.#engine.flush.next(callback);
  }

  after(ms: number, callback: () => void): () => void {
    const { wheel } = this.#engine;
    const timer = new Timer({ onTimer: callback });
    wheel.set(timer, wheel.now() + ms);
    return () => wheel.cancel(timer);
  }

  findNamespace(
    name: string,
    auth: Record<string, unknown>,
    found: (namespace: Namespace | undefined) => void,
  ): void {
    // A connection carries packets of any types.
    this.#namespaces.find(name, auth, (namespace) => found(namespace));
  }

  onEmptied(namespace: Namespace): void {
    if (this.#options.cleanupEmptyChildNamespaces) this.#namespaces.closeChild(namespace as never);
  }

  /** Reads an option, or changes it. */
  #option<Name extends 'path' | 'serveClient' | 'connectTimeout'>(
    name: Name,
    value: ServerOptions[Name],
  ): this | NonNullable<ServerOptions[Name]> {
    if (value === undefined) return this.#options[name as 'path'] as NonNullable<ServerOptions[Name]>;
    Object.assign(this.#given, { [name]: value });
    this.#options = resolveOptions(this.#given);
    return this;
  }

  /** What a namespace has unless its user gives it another. A class, as Socket.IO's, so that it may be extended. */
  #ownAdapter(): AdapterFactory {
    const { history, receiveOnce: answers } = this.#options;
    if (history === undefined) return MemoryAdapter;
    this.#log = history.log ?? new MemoryLog();
    const settings: HistorySettings = { ...history, log: this.#log, answers };
    return class extends HistoryAdapter {
      constructor(namespace: Namespace) {
        super(namespace, settings);
      }
    };
  }

  async #sendAway(options: ResolvedDrain): Promise<void> {
    this.#engine.shut();
    const clients = Object.values(this.#engine.clients).flatMap(({ receiver }) =>
      receiver instanceof Connection ? receiver : [],
    );
    this.#drain ??= new Drain(this.#engine, clients, options);
    await this.#drain.done;
    this.#drain = undefined;
  }

  #openEngine(): Engine {
    const engine = new Engine(this.#options);
    engine.onConnection = (conn) => this.onconnection(conn);
    return engine;
  }
}

/** Socket.IO's adapters are classes, or functions that return one. */
function makeAdapter(factory: AdapterFactory, namespace: Namespace): Adapter {
  // An arrow function has no prototype, and cannot be constructed.
  const isConstructor = 'prototype' in factory && factory.prototype !== undefined;
  return (
    isConstructor ? Reflect.construct(factory, [namespace]) : Reflect.apply(factory, undefined, [namespace])
  ) as Adapter;
}
