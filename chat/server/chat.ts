/** Puts the chat together. Everything that a running chat has hangs on one object, so a process can hold several. */
import { type Server as HttpServer, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { addRoutes } from './http-app.ts';
import { type Log, consoleLog } from './log.ts';
import { PageFiles } from './page-files.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { Sessions } from './sessions.ts';
import { Sockets } from './sockets.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { StartFault, systemCode } from './start-fault.ts';
import type { Store } from './store.ts';

export interface ChatOptions {
  /** Where the database is, or will be. */
  dataFolder: string;
  /** The built page; by default `chat/dist/web`. */
  webFolder?: string;
  /** Milliseconds since 1970; by default the system's clock. */
  now?: () => number;
  /** By default the console. */
  log?: Log;
  /** An open store to use, and close, instead of the SQLite file in the data folder. */
  store?: Store;
}

export interface ListenOptions {
  /** 0 takes any free port. */
  port: number;
  /** By default all interfaces. */
  host?: string;
}

const WEB_FOLDER = fileURLToPath(new URL('../dist/web', import.meta.url));

/**
 * Opens the store and makes a chat that does not listen yet.
 * @throws {StartFault} when the data cannot be used
 */
export async function createChat(options: ChatOptions): Promise<Chat> {
  const { now = Date.now, log = consoleLog, webFolder = WEB_FOLDER } = options;
  const store = options.store ?? openSqliteStore(options.dataFolder);
  const sessions = new Sessions(store, now);
  await sessions.dropIdle();
  const page = PageFiles.read(webFolder);
  const app = express();
  // The library takes over the listeners that are there when it comes, and keeps its own requests from them.
  const httpServer = createServer(app);
  const sockets = new Sockets(httpServer, { store, sessions, build: page.build, now, log });
  addRoutes(app, { store, sessions, sockets, page, now, log });
  // First of all listeners, so that the answers which the library writes carry them too.
  httpServer.prependListener('request', (_request, response) => setSecurityHeaders(response));
  return new Chat(httpServer, sockets, store);
}

export class Chat {
  readonly #httpServer: HttpServer;
  readonly #sockets: Sockets;
  readonly #store: Store;
  #closed: Promise<void> | undefined;

  constructor(httpServer: HttpServer, sockets: Sockets, store: Store) {
    this.#httpServer = httpServer;
    this.#sockets = sockets;
    this.#store = store;
  }

  /**
   * Starts to accept visitors; resolves with the port.
   * @throws {StartFault} when the address cannot be used
   */
  async listen({ port, host }: ListenOptions): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#httpServer.once('error', reject);
    this.#httpServer.listen({ port, ...(host !== undefined && { host }) }, resolve);
    try {
      await promise;
    } catch (error) {
      throw explainListen(port, host, error);
    } finally {
      this.#httpServer.off('error', reject);
    }
    return (this.#httpServer.address() as AddressInfo).port;
  }

  /** Finishes what was begun, disconnects everybody, closes the store. Closing twice is harmless. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const closing = this.#sockets.close();
    // Connections that are kept alive for a next request would keep the HTTP server open for minutes.
    this.#httpServer.closeIdleConnections();
    const lastResort = setTimeout(() => this.#httpServer.closeAllConnections(), CONNECTION_GRACE_MS);
    await closing;
    clearTimeout(lastResort);
    await this.#store.close();
  }
}

/** How long a request that is still being read or answered may hold up the end. */
const CONNECTION_GRACE_MS = 1_000;

function explainListen(port: number, host: string | undefined, error: unknown): StartFault {
  const address = host === undefined ? `Port ${port}` : `Port ${port} on ${host}`;
  const fault = (text: string): StartFault => new StartFault(text, 1, { cause: error });
  switch (systemCode(error) ?? '') {
    case 'EADDRINUSE':
      return fault(
        `${address} is already in use: stop the other program, or choose another port with --port.`,
      );
    case 'EACCES':
      return fault(`${address} may not be used by you: choose one above 1023 with --port.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fault(`This machine has no address "${host ?? ''}": choose another one with --host.`);
    default:
      return fault(`${address} cannot be used (${error instanceof Error ? error.message : String(error)}).`);
  }
}
