/** The options and limits of the bare WebSocket server, with their defaults. */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { positiveNumber, wholeNumber, type AllowRequest, type Clock } from '../options.ts';
import type { DeflateOptions } from '../websocket/permessage-deflate.ts';

/** `Infinity` means no limit. */
export interface WebSocketServerOptions {
  /** An HTTP or HTTPS server whose upgrades it takes. Without one, call `handleUpgrade` yourself. */
  server?: HttpServer;
  /** Only upgrades of this path, without its query. Default: all. */
  path?: string;
  /** Decides on each request. Default: everybody, from any origin. */
  allowRequest?: AllowRequest;
  /** Chooses one of the subprotocols that the client offers, or none by returning undefined. Default: none. */
  selectProtocol?: (offered: readonly string[], request: IncomingMessage) => string | undefined;
  /** More headers for the 101 response. */
  headers?: (request: IncomingMessage) => Record<string, string>;
  /** Compression (RFC 7692): true for its defaults. Default false. */
  perMessageDeflate?: boolean | DeflateOptions;
  /** Bytes of a message, after inflating. Default 1 MiB. */
  maxMessageBytes?: number;
  /** Fragments of a message. Default 131,072: 4 MiB in 64-byte fragments passes, twice. */
  maxFragments?: number;
  /** Frames of one connection handled in one turn of the event loop; the rest waits. Default 10,000. */
  maxFramesPerTurn?: number;
  /** Bytes of the request's headers; status 431. Default 16,384. Node's own limit for all requests may be lower. */
  maxHeaderBytes?: number;
  /**
   * Bytes that wait for a client, since the kernel does not take them; over it the client is cut off. Its largest message
   * is not counted, so that one may be of any size. Default 16 MiB.
   */
  maxOutboxBytes?: number;
  /** Open connections; status 503. Default Infinity. */
  maxConnections?: number;
  /** Open connections of one address (IPv4) or one network (IPv6: /64); status 429. Default Infinity. */
  maxConnectionsPerAddress?: number;
  /** Proxies in front that add to `X-Forwarded-For`, for the address above. Default 0: TCP's. */
  trustProxies?: number;
  /** Milliseconds that `allowRequest` may take; status 503. Default 10,000. */
  handshakeTimeoutMs?: number;
  /** Milliseconds to wait for the peer's half of a closing handshake. Default 3,000. */
  closeTimeoutMs?: number;
  /** Milliseconds between keep-alive pings; each may be a hundredth of this or of `pingTimeoutMs` late. Default Infinity: none. */
  pingIntervalMs?: number;
  /** Milliseconds that such a ping may stay unanswered. Default 20,000. */
  pingTimeoutMs?: number;
  /** Milliseconds before an upgrade that nobody answers is ended. Default Infinity: leave it to others. */
  foreignUpgradeTimeoutMs?: number;
  /** Where time comes from. Default: the system. For tests. */
  clock?: Clock;
}

type Given = WebSocketServerOptions;

/** Tables and not lists, so that the compiler misses an option that is missing here. */
const KNOWN: { readonly [Name in keyof Required<Given>]: true } = {
  server: true,
  path: true,
  allowRequest: true,
  selectProtocol: true,
  headers: true,
  perMessageDeflate: true,
  maxMessageBytes: true,
  maxFragments: true,
  maxFramesPerTurn: true,
  maxHeaderBytes: true,
  maxOutboxBytes: true,
  maxConnections: true,
  maxConnectionsPerAddress: true,
  trustProxies: true,
  handshakeTimeoutMs: true,
  closeTimeoutMs: true,
  pingIntervalMs: true,
  pingTimeoutMs: true,
  foreignUpgradeTimeoutMs: true,
  clock: true,
};
const KNOWN_DEFLATE: { readonly [Name in keyof Required<DeflateOptions>]: true } = {
  threshold: true,
  level: true,
  memLevel: true,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: true,
  clientMaxWindowBits: true,
};
export type ResolvedWebSocketServerOptions = Readonly<
  Required<
    Omit<
      Given,
      'server' | 'path' | 'allowRequest' | 'selectProtocol' | 'headers' | 'perMessageDeflate' | 'clock'
    >
  > &
    Pick<Given, 'path' | 'allowRequest' | 'selectProtocol' | 'headers' | 'clock'> & {
      perMessageDeflate: DeflateOptions | undefined;
    }
>;

/** @throws {TypeError | RangeError} naming the option that cannot be */
export function resolveWebSocketServerOptions(given: Given): ResolvedWebSocketServerOptions {
  const { server: _server, perMessageDeflate: _deflate, ...rest } = given;
  warnOfUnknown(given, KNOWN, '');
  if (given.path !== undefined && !given.path.startsWith('/')) {
    throw new TypeError(`Option "path" must start with "/", got "${given.path}"`);
  }
  for (const name of ['allowRequest', 'selectProtocol', 'headers'] as const) {
    const value: unknown = given[name];
    if (value !== undefined && typeof value !== 'function') {
      throw new TypeError(`Option "${name}" must be a function, got ${typeof value}`);
    }
  }
  const number = (name: keyof Given, byDefault: number): number =>
    positiveNumber(given[name], name, byDefault);
  return Object.freeze({
    ...rest,
    perMessageDeflate: deflateOf(given.perMessageDeflate ?? false),
    maxMessageBytes: number('maxMessageBytes', 1024 * 1024),
    maxFragments: number('maxFragments', 131_072),
    maxFramesPerTurn: number('maxFramesPerTurn', 10_000),
    maxHeaderBytes: number('maxHeaderBytes', 16_384),
    maxOutboxBytes: number('maxOutboxBytes', 16 * 1024 * 1024),
    maxConnections: number('maxConnections', Infinity),
    maxConnectionsPerAddress: number('maxConnectionsPerAddress', Infinity),
    trustProxies: wholeNumber(given.trustProxies ?? 0, 'trustProxies'),
    handshakeTimeoutMs: number('handshakeTimeoutMs', 10_000),
    closeTimeoutMs: number('closeTimeoutMs', 3_000),
    pingIntervalMs: number('pingIntervalMs', Infinity),
    pingTimeoutMs: number('pingTimeoutMs', 20_000),
    foreignUpgradeTimeoutMs: number('foreignUpgradeTimeoutMs', Infinity),
  });
}

function deflateOf(given: unknown): DeflateOptions | undefined {
  if (given === false) return undefined;
  if (given === true) return {};
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`Option "perMessageDeflate" must be true, false or an object, got ${typeof given}`);
  }
  warnOfUnknown(given, KNOWN_DEFLATE, 'perMessageDeflate.');
  return given;
}

/** So that nobody relies on what is not there: a name of `ws`, say, or one with a slip. What is switched off is off. */
function warnOfUnknown(given: object, known: object, prefix: string): void {
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(known, name) || value === undefined || value === null || value === false) continue;
    process.emitWarning(
      `Option "${prefix}${name}" is not known to WebSocketServer and has no effect`,
      'websockets.io',
    );
  }
}
