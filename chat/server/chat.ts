/** Puts the chat together. Everything that a running chat has hangs on one object, so a process can hold several. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { FloodGates, type FloodLimits } from './flood-limits.ts';
import { addRoutes } from './http-app.ts';
import { IdleGuests } from './idle-guests.ts';
import { type Log, consoleLog, formatError } from './log.ts';
import { Metrics } from './metrics.ts';
import { createServer } from './node-http.ts';
import { OwnerCode } from './owner-code.ts';
import { PageDrawing } from './page-drawing.ts';
import { PageFiles } from './page-files.ts';
import { type Allowed, Guard, type Resolve } from './previews/guard.ts';
import { Previews, type PreviewsOptions } from './previews/previews.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { Repeats } from './repeats.ts';
import { Sessions } from './sessions.ts';
import { Sockets } from './sockets.ts';
import { StartFault, systemCode } from './start-fault.ts';
import type { Synchronous } from './store/sqlite/open.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import type { Store } from './store/store.ts';
import { visitorAddress } from './visitor-address.ts';

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
  /** Whether a proxy of ours tells by `X-Forwarded-For` who a visitor is. */
  trustProxy?: boolean;
  publicMetrics?: boolean;
  /** Whether browsers may keep the page, and what was read, for when the server is away; by default they do. */
  offline?: boolean;
  maxSocketsPerAddress?: number;
  /** The code by which the first owner is known; by default a new one. */
  ownerCode?: string;
  /** How long a new guest may post no links in public rooms; by default 5. */
  guestLinksAfterMinutes?: number;
  /** Whether the owner decides about previews of links, or there are none. */
  previews?: 'owner' | 'never';
  /** Where they may come from besides the public internet. */
  previewsAllow?: Allowed;
  /** For tests: names, clock and limits other than the usual ones. */
  previewing?: Partial<Pick<PreviewsOptions, 'limits' | 'after'>> & { resolve?: Resolve };
  /** When the disk has what was said: `full` also survives a power cut. By default `normal`. */
  synchronous?: Synchronous;
  /** Limits other than the usual ones. */
  floodLimits?: Partial<FloodLimits>;
}

export interface ListenOptions {
  /** 0 takes any free port. */
  port: number;
  /** By default all interfaces. */
  host?: string;
}

const WEB_FOLDER = fileURLToPath(new URL('../dist/web', import.meta.url));
/** A school behind one address. */
export const MAX_SOCKETS_PER_ADDRESS = 500;
export const GUEST_LINKS_AFTER_MINUTES = 5;
const SWEEP_EVERY_MS = 60_000;
/** A year, and a month in which it is still last year. */
const DEEDS_KEPT_MS = 400 * 24 * 60 * 60_000;
/** How many are forgotten in one go. */
const DEEDS_AT_ONCE = 500;
const TIDY_EVERY_MS = 24 * 60 * 60_000;

/**
 * Opens the store and makes a chat that does not listen yet.
 * @throws {StartFault} when the data cannot be used
 */
export async function createChat(options: ChatOptions): Promise<Chat> {
  const { now = Date.now, log = consoleLog('text'), webFolder = WEB_FOLDER } = options;
  const store = options.store ?? openSqliteStore(options.dataFolder, options.synchronous);
  const addressOf = visitorAddress(options.trustProxy ?? false);
  const sessions = new Sessions(store, now, addressOf);
  const page = PageFiles.read(webFolder);
  const drawing = new PageDrawing(join(webFolder, '../on-server'), log);
  const ownerCode = new OwnerCode(options.ownerCode);
  const previews = new Previews({
    guard: new Guard(options.previewsAllow, options.previewing?.resolve),
    isAllowed: options.previews !== 'never',
    ...options.previewing,
  });
  const app = express();
  // The library takes over the listeners that are there when it comes, and keeps its own requests from them.
  const httpServer = createServer(app);
  const sockets = new Sockets(httpServer, {
    store,
    sessions,
    addressOf,
    maxSocketsPerAddress: options.maxSocketsPerAddress ?? MAX_SOCKETS_PER_ADDRESS,
    gates: new FloodGates(now, options.floodLimits),
    repeats: new Repeats(now),
    guestLinksAfterMs: (options.guestLinksAfterMinutes ?? GUEST_LINKS_AFTER_MINUTES) * 60_000,
    previews,
    metrics: new Metrics(),
    log,
    claimableHere: options.trustProxy !== true,
    offline: options.offline ?? true,
    build: page.build,
    now,
  });
  const { chat } = sockets;
  const publicMetrics = options.publicMetrics ?? false;
  addRoutes(app, { chat, sessions, addressOf, sockets, page, drawing, ownerCode, publicMetrics });
  // First of all listeners, so that the answers which the library writes carry them too.
  httpServer.prependListener('request', (_request, response) => setSecurityHeaders(response));

  let tidied = Number.NEGATIVE_INFINITY;
  const sweep = async (): Promise<void> => {
    try {
      await store.messages.sweep(now());
      await store.recoveries.sweep(now());
      await store.previews.sweep(now());
      await store.deeds.sweep(now() - DEEDS_KEPT_MS, DEEDS_AT_ONCE);
      await sessions.dropIdle();
      if (now() - tidied < TIDY_EVERY_MS) return;
      tidied = now();
      await store.tidy();
    } catch (error) {
      log.error(formatError('Cannot sweep', error));
    }
  };
  await sweep();
  const idleGuests = new IdleGuests(chat);
  // Not at once: whoever was here before a restart must have the time to come back.
  const sweeping = setInterval(() => void sweep().then(() => idleGuests.forgetSome()), SWEEP_EVERY_MS);
  sweeping.unref();
  const claimCode = (await store.people.owner()) === null ? ownerCode.code : null;
  return new Chat({ httpServer, sockets, store, previews, sweeping, claimCode });
}

interface ChatParts {
  httpServer: HttpServer;
  sockets: Sockets;
  store: Store;
  previews: Previews;
  sweeping: NodeJS.Timeout;
  claimCode: string | null;
}

export class Chat {
  /** For the link by which the first owner comes; null if there is an owner. */
  readonly claimCode: string | null;
  readonly #parts: ChatParts;
  #closed: Promise<void> | undefined;

  constructor(parts: ChatParts) {
    this.claimCode = parts.claimCode;
    this.#parts = parts;
  }

  /**
   * Starts to accept visitors; resolves with the port.
   * @throws {StartFault} when the address cannot be used
   */
  async listen({ port, host }: ListenOptions): Promise<number> {
    const { httpServer } = this.#parts;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    httpServer.once('error', reject);
    httpServer.listen({ port, ...(host !== undefined && { host }) }, resolve);
    try {
      await promise;
    } catch (error) {
      throw explainListen(port, host, error);
    } finally {
      httpServer.off('error', reject);
    }
    return (httpServer.address() as AddressInfo).port;
  }

  /** Finishes what was begun, disconnects everybody, closes the store. Closing twice is harmless. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const { httpServer, sockets, store, previews, sweeping } = this.#parts;
    clearInterval(sweeping);
    const closing = sockets.close();
    // Connections that are kept alive for a next request would keep the HTTP server open for minutes.
    httpServer.closeIdleConnections();
    const lastResort = setTimeout(() => httpServer.closeAllConnections(), CONNECTION_GRACE_MS);
    await closing;
    await previews.close();
    clearTimeout(lastResort);
    await store.close();
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
