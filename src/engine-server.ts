/** The Engine.IO server without Socket.IO above it, as the npm package `engine.io` offers it. */
import type { Server as HttpServer } from 'node:http';
import { createServer } from './node-http.ts';
import { resolveOptions, type ServerOptions } from './options.ts';
import { type AttachOptions, Engine } from './transport/engine.ts';

/** What is not Socket.IO's. `path` is `/engine.io` by default. */
export type EngineServerOptions = Omit<
  ServerOptions,
  | 'serveClient'
  | 'maxAttachments'
  | 'maxNamespaces'
  | 'adapter'
  | 'parser'
  | 'connectionStateRecovery'
  | 'cleanupEmptyChildNamespaces'
>;

/** The revision of the protocol. */
export const protocol = 4;

export class Server extends Engine {
  /** The one that `listen` has made. */
  httpServer: HttpServer | undefined;

  /** @throws {TypeError | RangeError} for an option that cannot be */
  constructor(options: EngineServerOptions = {}) {
    // An empty path is no path.
    super(resolveOptions({ ...options, path: options.path || '/engine.io' }));
  }
}

/** Makes a server for an HTTP server of yours. */
export function attach(server: HttpServer, options: AttachOptions & EngineServerOptions = {}): Server {
  const engine = new Server(options);
  engine.attach(server);
  return engine;
}

/** Makes a server, and an HTTP server for it that answers all other requests with 501. */
export function listen(port: number, callback?: () => void): Server;
export function listen(port: number, options?: EngineServerOptions, callback?: () => void): Server;
export function listen(
  port: number,
  options?: EngineServerOptions | (() => void),
  callback?: () => void,
): Server {
  if (typeof options === 'function') return listen(port, {}, options);
  const server = createServer((_request, response) => response.writeHead(501).end('Not Implemented'));
  const engine = attach(server, options);
  engine.httpServer = server;
  server.listen(port, callback);
  return engine;
}
