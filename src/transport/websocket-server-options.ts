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
  /** Bytes that wait for a client that does not read; then it is cut off. Default 16 MiB. */
  maxOutboxBytes?: number;
  /** Open connections; status 503. Default Infinity. */
  maxConnections?: number;
  /** Open connections of one address; status 429. Default Infinity. */
  maxConnectionsPerAddress?: number;
  /** Proxies in front that add to `X-Forwarded-For`, for the address above. Default 0: TCP's. */
  trustProxies?: number;
  /** Milliseconds that `allowRequest` may take; status 503. Default 10,000. */
  handshakeTimeoutMs?: number;
  /** Milliseconds to wait for the peer's half of a closing handshake. Default 3,000. */
  closeTimeoutMs?: number;
  /** Milliseconds between keep-alive pings. Default Infinity: none. */
  pingIntervalMs?: number;
  /** Milliseconds that such a ping may stay unanswered. Default 20,000. */
  pingTimeoutMs?: number;
  /** Milliseconds before an upgrade that nobody answers is ended. Default Infinity: leave it to others. */
  foreignUpgradeTimeoutMs?: number;
  /** Where time comes from. Default: the system. For tests. */
  clock?: Clock;
}

type Given = WebSocketServerOptions;
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
  const { server: _server, perMessageDeflate = false, ...rest } = given;
  if (given.path !== undefined && !given.path.startsWith('/')) {
    throw new TypeError(`Option "path" must start with "/", got "${given.path}"`);
  }
  const number = (name: keyof Given, byDefault: number): number =>
    positiveNumber(given[name], name, byDefault);
  return Object.freeze({
    ...rest,
    perMessageDeflate:
      perMessageDeflate === true ? {} : perMessageDeflate === false ? undefined : perMessageDeflate,
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
