/** Every option and limit of the server: its unit, its default and the reason for it. Checked once, at construction. */
import type { IncomingMessage } from 'node:http';

/** Where time comes from. The system's clock, or one that a test turns by hand. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Calls `callback` once, `afterMs` milliseconds from now. Returns a function that calls it off. */
  wake(afterMs: number, callback: () => void): () => void;
}

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

/** What a user may pass to `new Server(…)`, under Socket.IO's names. `Infinity` means no limit. */
export interface ServerOptions {
  /** Where requests for the server start. Default `/socket.io`. */
  path?: string;
  /** Serve the official client's bundle under `path`. Default true. */
  serveClient?: boolean;
  /** Which transports are offered. Default `['polling', 'websocket']`. */
  transports?: readonly TransportName[];
  /** Let polling sessions move to WebSocket. Default true. */
  allowUpgrades?: boolean;
  /** Decides on each opening request. Default: everybody. */
  allowRequest?: AllowRequest;
  /** Milliseconds between heartbeats. Default 25,000: below the minute after which proxies give up. */
  pingInterval?: number;
  /** Milliseconds that a heartbeat may stay unanswered. Default 20,000. */
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
  /** Engine.IO packets in one polling body. Default 10,000: a short packet is a few bytes, its objects are not. */
  maxPayloadPackets?: number;
  /**
   * Bytes waiting for one client that does not read. Default 16 MiB. A client over it is closed with the reason
   * `slow reader`. One message may be larger: the limit counts when more is sent behind it.
   */
  maxOutboxBytes?: number;
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
  readonly serveClient: boolean;
  readonly transports: readonly TransportName[];
  readonly allowUpgrades: boolean;
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
  readonly maxPayloadPackets: number;
  readonly maxOutboxBytes: number;
  readonly destroyUpgrade: boolean;
  readonly destroyUpgradeTimeoutMs: number;
  readonly clock: Clock | undefined;
}

/** A table and not a list, so that the compiler misses an option that is missing here. */
const KNOWN: { readonly [Name in keyof Required<ServerOptions>]: true } = {
  path: true,
  serveClient: true,
  transports: true,
  allowUpgrades: true,
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
  maxPayloadPackets: true,
  maxOutboxBytes: true,
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
  return Object.freeze({
    // An empty path is no path, as with Socket.IO.
    path: pathOf((options.path ?? '') === '' ? '/socket.io' : options.path),
    serveClient: flag(options, 'serveClient', true),
    transports: transportsOf(options.transports ?? TRANSPORTS),
    allowUpgrades: flag(options, 'allowUpgrades', true),
    allowRequest: callable(options, 'allowRequest'),
    pingIntervalMs: positive(options, 'pingInterval', 25_000),
    pingTimeoutMs: positive(options, 'pingTimeout', 20_000),
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
    maxPayloadPackets: positive(options, 'maxPayloadPackets', 10_000),
    maxOutboxBytes: positive(options, 'maxOutboxBytes', 16 * 1024 * 1024),
    destroyUpgrade: flag(options, 'destroyUpgrade', true),
    destroyUpgradeTimeoutMs: positive(options, 'destroyUpgradeTimeout', 1_000),
    clock: options.clock,
  });
}

/** So that nobody relies on what is not there: `cors`, say, or a name with a slip. What is switched off is off. */
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

/** For a limit or a time: greater than 0, `Infinity` for none. @throws {TypeError | RangeError} naming the option */
export function positiveNumber(given: unknown, name: string, byDefault: number): number {
  const value = given ?? byDefault;
  if (typeof value !== 'number')
    throw new TypeError(`Option "${name}" must be a number, got ${typeof value}`);
  if (!(value > 0)) throw new RangeError(`Option "${name}" must be greater than 0, got ${value}`);
  return value;
}

/** For a count: whole, from 0 on. @throws {RangeError} naming the option */
export function wholeNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`Option "${name}" must be a whole number from 0 on, got "${String(value)}"`);
  }
  return value;
}

function flag(options: ServerOptions, name: FlagOption, byDefault: boolean): boolean {
  const value: unknown = options[name] ?? byDefault;
  if (typeof value !== 'boolean')
    throw new TypeError(`Option "${name}" must be true or false, got "${String(value)}"`);
  return value;
}

function callable(options: ServerOptions, name: 'allowRequest'): AllowRequest | undefined {
  const value: unknown = options[name];
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`Option "${name}" must be a function, got ${typeof value}`);
  }
  return options[name];
}

/** With a leading slash and without a trailing one: the form that all comparisons use. */
function pathOf(path: unknown): string {
  if (typeof path !== 'string') throw new TypeError(`Option "path" must be a string, got ${typeof path}`);
  return `/${path.replace(/^\/+/, '').replace(/\/+$/, '')}`;
}

function transportsOf(transports: readonly unknown[]): readonly TransportName[] {
  if (!Array.isArray(transports) || transports.length === 0) {
    throw new TypeError('Option "transports" must list at least one transport');
  }
  return Object.freeze(
    transports.map((name: unknown) => {
      const known = TRANSPORTS.find((transport) => transport === name);
      if (known === undefined)
        throw new TypeError(`Option "transports" names an unknown transport: "${String(name)}"`);
      return known;
    }),
  );
}
