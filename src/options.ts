/** Every option and limit of the server: its unit, its default and the reason for it. Checked once, at construction. */
import type { IncomingMessage } from 'node:http';
import type { ZlibOptions } from 'node:zlib';
import {
  compressionOf,
  cookieOf,
  corsOf,
  type CookieOptions,
  type CorsDelegate,
  type CorsOptions,
  type HttpCompressionOptions,
  type ResolvedCompression,
} from './http-options.ts';
import {
  type HistoryOptions,
  historyOf,
  recoveryOf,
  type RecoveryOptions,
  type ResolvedHistory,
  type ResolvedRecovery,
} from './history-options.ts';
import {
  checkFunction,
  listOf,
  oneOf,
  pathOf,
  positiveNumber,
  switchable,
  trueOrFalse,
  wholeNumber,
} from './option-checks.ts';
import { presenceOf, type PresenceOptions, type ResolvedPresence } from './presence-options.ts';
import { type ReceiveOnceOptions, receiveOnceOf, type ResolvedReceiveOnce } from './receive-once-options.ts';
import type { AdapterFactory } from './rooms/adapter.ts';
import type { Parser } from './socketio/codec.ts';

/** Where time comes from. The system's clock, or one that a test turns by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `callback` once, `afterMs` milliseconds from now. Returns a function that calls it off. */
  wake(afterMs: number, callback: () => void): () => void;
}

export { positiveNumber, wholeNumber } from './option-checks.ts';
export type { ResolvedReceiveOnce } from './receive-once-options.ts';

export type TransportName = 'polling' | 'websocket';

/** A refusal in the caller's own words, instead of 403. */
export interface Rejection {
  /** 400 to 599. */
  status: number;
  /** The body, or for Engine.IO its message. */
  message: string;
  /** More headers for a refused upgrade, such as `WWW-Authenticate`. */
  headers?: Record<string, string>;
}

/**
 * Decides whether a request may open a connection: `decide(null, true)` lets it in, `decide('why', false)` answers 403, and
 * `decide({ status: 401, message: 'Sign in first' }, false)` something else.
 */
export type AllowRequest = (
  request: IncomingMessage,
  decide: (error: string | Rejection | null | undefined, allowed: boolean) => void,
) => void;

/** Compression of WebSocket messages (RFC 7692), under the names of `ws`. */
export interface PerMessageDeflateOptions {
  /** Messages of fewer bytes are sent as they are. Default 1024. */
  threshold?: number;
  /** Its `level` (default 6) and `memLevel` (default 8). The rest has no effect. */
  zlibDeflateOptions?: ZlibOptions;
  /** Has no effect: inflating needs no tuning. */
  zlibInflateOptions?: ZlibOptions;
  /** Has no effect: always true, so that a broadcast is compressed once for all. */
  serverNoContextTakeover?: boolean;
  /** Ask clients to compress each message by itself, so that no window is kept for them. Default true. */
  clientNoContextTakeover?: boolean;
  /** Window of what we send, 2^bits bytes: 9 to 15, less if the client asks for less. Default 15. */
  serverMaxWindowBits?: number;
  /** Window of what clients send: 8 to 15. Default 15. */
  clientMaxWindowBits?: number;
  /** Has no effect: a message is compressed where it is sent, and none waits for another. */
  concurrencyLimit?: number;
}

/** What a user may pass to `new Server(…)`, under Socket.IO's names. `Infinity` means no limit. */
export interface ServerOptions {
  /** Where requests for the server start. Default `/socket.io`. */
  path?: string;
  /** Let requests begin with `path` and a slash, as clients send them. Default true. */
  addTrailingSlash?: boolean;
  /** Serve the official client's bundle under `path`. Default true. */
  serveClient?: boolean;
  /** Which transports are offered. Default `['polling', 'websocket']`. */
  transports?: readonly TransportName[];
  /** Let polling sessions move to WebSocket. Default true. */
  allowUpgrades?: boolean;
  /** Let clients of Engine.IO revision 3 in: Socket.IO 1.x and 2.x. Default false. */
  allowEIO3?: boolean;
  /** Compress WebSocket messages. Default false: it costs more time than most messages are worth. */
  perMessageDeflate?: boolean | PerMessageDeflateOptions;
  /** Compress the answers to polls with gzip or deflate. Default: those of 1024 bytes and more. */
  httpCompression?: boolean | HttpCompressionOptions;
  /** Pages of which other origins may read our answers by polling. Default: none. WebSockets are not restricted by it. */
  cors?: boolean | CorsOptions | CorsDelegate;
  /** Tell clients that poll their session's id in a cookie too, for load balancers. Default false. */
  cookie?: boolean | CookieOptions;
  /** An Engine.IO message that each client gets behind the handshake. Default: none. */
  initialPacket?: string | Buffer;
  /** Decides on each opening request. Default: everybody. */
  allowRequest?: AllowRequest;
  /**
   * Milliseconds between heartbeats. Default 25,000: below the minute after which proxies give up.
   *
   * Heartbeats are sent many at a time, each at most a hundredth of the shorter of `pingInterval` and `pingTimeout` late: 200 ms by
   * default.
   */
  pingInterval?: number;
  /** Milliseconds that a heartbeat may stay unanswered, to within the same hundredth. Default 20,000. */
  pingTimeout?: number;
  /** Milliseconds that an upgrade from polling may take. Default 10,000. */
  upgradeTimeout?: number;
  /** Milliseconds in which a client must join a namespace, and `allowRequest` must decide. Default 45,000. */
  connectTimeout?: number;
  /** Milliseconds to wait for the peer's half of a closing handshake. Default 3,000. */
  closeTimeout?: number;
  /** Bytes of one incoming message or polling body. Default 1,000,000. */
  maxHttpBufferSize?: number;
  /** Fragments of one incoming WebSocket message. Default 131,072: 4 MiB in 64-byte fragments passes, twice. */
  maxFragments?: number;
  /** WebSocket frames of one connection handled in one turn of the event loop; the rest waits. Default 10,000. */
  maxFramesPerTurn?: number;
  /** Bytes of the headers of an upgrade request. Default 16,384. Node's own limit for all requests may be lower. */
  maxHeaderBytes?: number;
  /** Open connections. Default Infinity. Further ones get status 503. */
  maxConnections?: number;
  /** Open connections of one address. Default Infinity. Further ones get status 429. */
  maxConnectionsPerAddress?: number;
  /**
   * Proxies in front of the server that add to `X-Forwarded-For`. Default 0: the address is that of the TCP peer. Only
   * for `maxConnectionsPerAddress`.
   */
  trustProxies?: number;
  /** Binary attachments of one incoming packet. Default 10. */
  maxAttachments?: number;
  /** Namespaces that one client may be in, or ask for, at a time. Default 1,000. Further ones get a connect error. */
  maxNamespaces?: number;
  /** Engine.IO packets in one polling body. Default 10,000: a short packet is a few bytes, its objects are not. */
  maxPayloadPackets?: number;
  /**
   * Bytes waiting for one client that does not read. Default 16 MiB. A client over it is closed with the reason
   * `slow reader`. What one turn of the event loop sends may be more: the limit counts when more is sent in a later turn,
   * behind what was left over. As much again may have been handed over and not been taken by the kernel.
   */
  maxOutboxBytes?: number;
  /** What becomes of a client over `maxOutboxBytes`. Default `disconnect`. */
  slowReaderPolicy?: SlowReaderPolicy;
  /** What knows the rooms, in place of this server's memory: one of Socket.IO's adapters. */
  adapter?: AdapterFactory;
  /** What encodes packets, in place of JSON with attachments: a parser for Socket.IO, on both sides. */
  parser?: Parser;
  /** Let clients that lost their connection come back with their rooms, data and missed events. Default: not. */
  connectionStateRecovery?: boolean | RecoveryOptions;
  /** Keep events. Default: as far as `connectionStateRecovery` needs it. */
  history?: boolean | HistoryOptions;
  /** Watch who is in which room. Default: not. */
  presence?: boolean | PresenceOptions;
  /** Handle what clients repeat once, and answer it the same. Default false. */
  receiveOnce?: boolean | ReceiveOnceOptions;
  /** Close namespaces that were made for a pattern when the last client has left. Default false. */
  cleanupEmptyChildNamespaces?: boolean;
  /** End upgrade requests for other paths that nobody answers. Default true. */
  destroyUpgrade?: boolean;
  /** Milliseconds before such a request is ended. Default 1,000. */
  destroyUpgradeTimeout?: number;
  /** Where time comes from. Default: the system. For tests. */
  clock?: Clock;
}

/** The options after checking: complete, frozen, under names that carry their units. */
export interface ResolvedOptions {
  readonly path: string;
  readonly addTrailingSlash: boolean;
  readonly serveClient: boolean;
  readonly transports: readonly TransportName[];
  readonly allowUpgrades: boolean;
  readonly allowV3: boolean;
  readonly perMessageDeflate: PerMessageDeflateOptions | undefined;
  readonly httpCompression: ResolvedCompression | undefined;
  readonly cors: CorsOptions | CorsDelegate | undefined;
  readonly cookie: (CookieOptions & { readonly name: string }) | undefined;
  readonly initialPacket: string | Buffer | undefined;
  readonly allowRequest: AllowRequest | undefined;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly upgradeTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly maxFragments: number;
  readonly maxFramesPerTurn: number;
  readonly maxHeaderBytes: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly trustProxies: number;
  readonly maxAttachments: number;
  readonly maxNamespaces: number;
  readonly maxPayloadPackets: number;
  readonly maxOutboxBytes: number;
  readonly slowReaderPolicy: SlowReaderPolicy;
  readonly adapter: AdapterFactory | undefined;
  readonly parser: Parser | undefined;
  readonly recovery: ResolvedRecovery | undefined;
  readonly history: ResolvedHistory | undefined;
  readonly presence: ResolvedPresence | undefined;
  readonly receiveOnce: ResolvedReceiveOnce | undefined;
  readonly cleanupEmptyChildNamespaces: boolean;
  readonly destroyUpgrade: boolean;
  readonly destroyUpgradeTimeoutMs: number;
  readonly clock: Clock | undefined;
}

/**
 * `disconnect`: it is closed, with the reason `slow reader`. `drop-volatile`: it stays, and what is not volatile waits for it
 * without a limit until it reads or its heartbeat fails. `spill`: it stays, nothing more is queued for it, and it gets what is
 * kept (`history`) from the log when it reads again. In all, volatile events are dropped for it.
 */
export type SlowReaderPolicy = 'disconnect' | 'drop-volatile' | 'spill';
const SLOW_READER_POLICIES: readonly [SlowReaderPolicy, ...SlowReaderPolicy[]] = [
  'disconnect',
  'drop-volatile',
  'spill',
];

/** A table and not a list, so that the compiler misses an option that is missing here. */
const KNOWN: { readonly [Name in keyof Required<ServerOptions>]: true } = {
  path: true,
  addTrailingSlash: true,
  serveClient: true,
  transports: true,
  allowUpgrades: true,
  allowEIO3: true,
  perMessageDeflate: true,
  httpCompression: true,
  cors: true,
  cookie: true,
  initialPacket: true,
  allowRequest: true,
  pingInterval: true,
  pingTimeout: true,
  upgradeTimeout: true,
  connectTimeout: true,
  closeTimeout: true,
  maxHttpBufferSize: true,
  maxFragments: true,
  maxFramesPerTurn: true,
  maxHeaderBytes: true,
  maxConnections: true,
  maxConnectionsPerAddress: true,
  trustProxies: true,
  maxAttachments: true,
  maxNamespaces: true,
  maxPayloadPackets: true,
  maxOutboxBytes: true,
  slowReaderPolicy: true,
  adapter: true,
  parser: true,
  connectionStateRecovery: true,
  history: true,
  presence: true,
  receiveOnce: true,
  cleanupEmptyChildNamespaces: true,
  destroyUpgrade: true,
  destroyUpgradeTimeout: true,
  clock: true,
};

const TRANSPORTS: readonly TransportName[] = ['polling', 'websocket'];

/**
 * Checks the user's options and fills in the defaults.
 *
 * @throws {TypeError} when an option has the wrong type
 * @throws {RangeError} when a number is not positive
 */
export function resolveOptions(options: ServerOptions = {}): ResolvedOptions {
  warnOfUnknown(options);
  const recovery = recoveryOf(options.connectionStateRecovery ?? false);
  const pingIntervalMs = positive(options, 'pingInterval', 25_000);
  const pingTimeoutMs = positive(options, 'pingTimeout', 20_000);
  const history = historyOf(
    options.history ?? recovery !== undefined,
    recovery,
    pingIntervalMs + pingTimeoutMs,
  );
  const slowReaderPolicy = oneOf(options.slowReaderPolicy, 'slowReaderPolicy', SLOW_READER_POLICIES);
  if (slowReaderPolicy === 'spill' && history === undefined) {
    throw new TypeError(
      'Option "slowReaderPolicy" cannot be "spill" without "history": there is nothing to spill to',
    );
  }
  return Object.freeze({
    // An empty path is no path, as with Socket.IO.
    path: pathOf((options.path ?? '') === '' ? '/socket.io' : options.path),
    addTrailingSlash: flag(options, 'addTrailingSlash', true),
    serveClient: flag(options, 'serveClient', true),
    transports: listOf(options.transports ?? TRANSPORTS, 'transports', TRANSPORTS),
    allowUpgrades: flag(options, 'allowUpgrades', true),
    allowV3: flag(options, 'allowEIO3', false),
    perMessageDeflate: switchable<PerMessageDeflateOptions>(
      options.perMessageDeflate ?? false,
      'perMessageDeflate',
    ),
    httpCompression: compressionOf(options.httpCompression ?? true),
    cors: corsOf(options.cors ?? false),
    cookie: cookieOf(options.cookie ?? false),
    initialPacket: options.initialPacket,
    allowRequest: callable(options, 'allowRequest'),
    pingIntervalMs,
    pingTimeoutMs,
    upgradeTimeoutMs: positive(options, 'upgradeTimeout', 10_000),
    connectTimeoutMs: positive(options, 'connectTimeout', 45_000),
    closeTimeoutMs: positive(options, 'closeTimeout', 3_000),
    maxMessageBytes: positive(options, 'maxHttpBufferSize', 1_000_000),
    maxFragments: positive(options, 'maxFragments', 131_072),
    maxFramesPerTurn: positive(options, 'maxFramesPerTurn', 10_000),
    maxHeaderBytes: positive(options, 'maxHeaderBytes', 16_384),
    maxConnections: positive(options, 'maxConnections', Infinity),
    maxConnectionsPerAddress: positive(options, 'maxConnectionsPerAddress', Infinity),
    trustProxies: wholeNumber(options.trustProxies ?? 0, 'trustProxies'),
    maxAttachments: positive(options, 'maxAttachments', 10),
    maxNamespaces: positive(options, 'maxNamespaces', 1_000),
    maxPayloadPackets: positive(options, 'maxPayloadPackets', 10_000),
    maxOutboxBytes: positive(options, 'maxOutboxBytes', 16 * 1024 * 1024),
    slowReaderPolicy,
    adapter: options.adapter,
    parser: options.parser,
    recovery,
    history,
    presence: presenceOf(options.presence ?? false),
    receiveOnce: receiveOnceOf(
      options.receiveOnce ?? false,
      history !== undefined && options.adapter === undefined,
    ),
    cleanupEmptyChildNamespaces: flag(options, 'cleanupEmptyChildNamespaces', false),
    destroyUpgrade: flag(options, 'destroyUpgrade', true),
    destroyUpgradeTimeoutMs: positive(options, 'destroyUpgradeTimeout', 1_000),
    clock: options.clock,
  });
}

/** So that nobody relies on what is not there: `wsEngine`, say, or a name with a slip. What is switched off is off. */
function warnOfUnknown(options: ServerOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(name in KNOWN) && value !== undefined && value !== false) {
      process.emitWarning(`Option "${name}" is not known to this version and has no effect`, 'websockets.io');
    }
  }
}

type NumberOption = {
  [K in keyof ServerOptions]-?: NonNullable<ServerOptions[K]> extends number ? K : never;
}[keyof ServerOptions];
type FlagOption = {
  [K in keyof ServerOptions]-?: NonNullable<ServerOptions[K]> extends boolean ? K : never;
}[keyof ServerOptions];

function positive(options: ServerOptions, name: NumberOption, byDefault: number): number {
  return positiveNumber(options[name], name, byDefault);
}

function flag(options: ServerOptions, name: FlagOption, byDefault: boolean): boolean {
  return trueOrFalse(options[name], name, byDefault);
}

function callable(options: ServerOptions, name: 'allowRequest'): AllowRequest | undefined {
  checkFunction(options[name], name);
  return options[name];
}
