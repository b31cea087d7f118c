/** A server for bare WebSocket, on an HTTP server of the user's: what `ws` is used for. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { throwLater } from '../errors.ts';
import { negotiateDeflate } from '../websocket/permessage-deflate.ts';
import type { UpgradeAccepted } from '../websocket/handshake.ts';
import { Admissions } from './admissions.ts';
import { TimerWheel } from './clock.ts';
import { ConnectionCounts } from './connection-counts.ts';
import { Flush } from './flush.ts';
import type { FlushCounts } from './flush-counts.ts';
import { claimUpgrade, handOver, isClaimed, watchForeignUpgrade } from './foreign-upgrades.ts';
import { PreparedMessage } from './prepared-message.ts';
import { Refusals } from './refusals.ts';
import {
  type SendCallback,
  ServerWebSocket,
  type ServerWebSocketHost,
  type ServerWebSocketOptions,
} from './server-websocket.ts';
import { acceptUpgrade, refuseUpgrade, type UpgradeResponse } from './upgrade.ts';
import {
  resolveWebSocketServerOptions,
  type ResolvedWebSocketServerOptions,
  type WebSocketServerOptions,
} from './websocket-server-options.ts';

export interface WebSocketServerEvents {
  connection: [socket: ServerWebSocket, request: IncomingMessage];
  /** A request was turned away. For logs. */
  refused: [request: IncomingMessage, status: number, reason: string];
}

/** What was agreed with one client. */
interface Agreement {
  response: UpgradeResponse;
  protocol: string;
  deflate: ServerWebSocketOptions['deflate'];
}

export class WebSocketServer extends EventEmitter<WebSocketServerEvents> implements ServerWebSocketHost {
  readonly options: ResolvedWebSocketServerOptions;
  readonly flush: Flush = new Flush();
  readonly wheel: TimerWheel;
  /** How many were turned away, by reason. */
  readonly refusals: Refusals = new Refusals();
  /** How many sockets had something to send at the end of each turn. */
  readonly flushes: FlushCounts = this.flush.counts;
  readonly #clients = new Set<ServerWebSocket>();
  readonly #counts: ConnectionCounts;
  readonly #admissions: Admissions;
  readonly #emptied: (() => void)[] = [];
  #detach = (): void => {};
  #closed = false;

  /** @throws {TypeError | RangeError} for an option that cannot be */
  constructor(options: WebSocketServerOptions = {}) {
    super();
    this.options = resolveWebSocketServerOptions(options);
    this.wheel = new TimerWheel(options.clock);
    this.#counts = new ConnectionCounts(this.options);
    this.#admissions = new Admissions(this.wheel, this.options.handshakeTimeoutMs);
    // A first negotiation now, so that an option out of range throws here and not at the first client.
    if (this.options.perMessageDeflate !== undefined)
      negotiateDeflate('permessage-deflate', this.options.perMessageDeflate);
    if (options.server !== undefined) this.#attach(options.server);
  }

  /** The open connections. */
  get clients(): ReadonlySet<ServerWebSocket> {
    return this.#clients;
  }

  /** Whether a request is for this server: its path is `options.path`, or there is none. */
  shouldHandle(request: IncomingMessage): boolean {
    const { path } = this.options;
    return path === undefined || (request.url ?? '/').split('?', 1)[0] === path;
  }

  /** Serves one upgrade request. `head` are bytes that came behind it. Answers always. */
  handleUpgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    claimUpgrade(tcp);
    const { allowRequest } = this.options;
    const noRoom = this.#noRoomFor(request);
    if (noRoom !== undefined) {
      this.#refuse(request, tcp, noRoom.status, noRoom.why);
    } else if (allowRequest === undefined) {
      this.#accept(request, tcp, head);
    } else {
      this.#admissions.ask(allowRequest, request, (admission) => {
        const outcome = admission.allowed ? (this.#noRoomFor(request) ?? admission) : admission;
        if ('allowed' in outcome && outcome.allowed) this.#accept(request, tcp, head);
        else this.#refuse(request, tcp, outcome.status, outcome.why ?? 'Forbidden', headersOf(outcome));
      });
    }
  }

  /** Frames a message once, for `socket.sendPrepared` of many. The bytes must not change afterwards. */
  prepare(data: string | Uint8Array): PreparedMessage {
    return new PreparedMessage(data, this.options.perMessageDeflate ?? {});
  }

  /** Sends a message to many, framed and compressed once. Default: to all. */
  publish(
    data: string | Uint8Array,
    sockets: Iterable<ServerWebSocket> = this.#clients,
    callback?: SendCallback,
  ): void {
    const message = this.prepare(data);
    for (const socket of sockets) socket.sendPrepared(message, callback);
  }

  /**
   * Refuses new connections and closes the open ones (1001, going away). The HTTP server is yours to close.
   *
   * @returns when the last one has ended: at the latest after `closeTimeoutMs`
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#detach();
    this.#admissions.close();
    for (const socket of this.#clients) socket.close(1001);
    if (this.#clients.size === 0) return;
    await new Promise<void>((resolve) => this.#emptied.push(resolve));
  }

  onSocketClosed(socket: ServerWebSocket): void {
    if (!this.#clients.delete(socket)) return;
    this.#counts.remove(socket);
    if (this.#clients.size === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  #attach(server: NonNullable<WebSocketServerOptions['server']>): void {
    const onUpgrade = (request: IncomingMessage, tcp: Duplex, head: Buffer): void => {
      if (isClaimed(tcp)) return;
      if (this.shouldHandle(request)) this.handleUpgrade(request, tcp, head);
      else watchForeignUpgrade(tcp, this.wheel, this.options.foreignUpgradeTimeoutMs);
    };
    server.on('upgrade', onUpgrade);
    // Still listening while closed, so that Node does not serve upgrades as plain requests; they get 503.
    this.#detach = () => void server.once('close', () => server.off('upgrade', onUpgrade));
  }

  #noRoomFor(request: IncomingMessage): { status: number; why: string } | undefined {
    return this.#closed ? { status: 503, why: 'server is closing' } : this.#counts.noRoomFor(request);
  }

  #accept(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    if (tcp.destroyed) return;
    let agreement: Agreement = { response: {}, protocol: '', deflate: undefined };
    const agree = (accepted: UpgradeAccepted): UpgradeResponse => {
      agreement = this.#agree(request, accepted);
      return agreement.response;
    };
    let outcome;
    try {
      outcome = acceptUpgrade(request, tcp, this.options.maxHeaderBytes, agree);
    } catch (error) {
      // The user's `selectProtocol` or `headers`; nothing has been written.
      throwLater(error);
      this.#refuse(request, tcp, 500, 'Internal Server Error');
      return;
    }
    if (outcome.type === 'refused') this.#tellRefused(request, outcome.status, outcome.reason);
    else this.#open(request, tcp, head, agreement);
  }

  #agree(request: IncomingMessage, accepted: UpgradeAccepted): Agreement {
    const { selectProtocol, headers, perMessageDeflate } = this.options;
    const protocol =
      accepted.protocols.length > 0 ? selectProtocol?.(accepted.protocols, request) : undefined;
    const lines = { ...headers?.(request) };
    const deflate = perMessageDeflate && negotiateDeflate(accepted.extensions, perMessageDeflate);
    if (deflate !== undefined) lines['Sec-WebSocket-Extensions'] = deflate.response;
    return {
      response: protocol === undefined ? { headers: lines } : { protocol, headers: lines },
      protocol: protocol ?? '',
      deflate: deflate && { ...perMessageDeflate, ...deflate.parameters },
    };
  }

  #open(request: IncomingMessage, tcp: Duplex, head: Buffer, { protocol, deflate }: Agreement): void {
    const options = deflate === undefined ? this.options : { ...this.options, deflate };
    const socket = new ServerWebSocket(tcp, request, protocol, this, options);
    this.#clients.add(socket);
    this.#counts.add(socket, request);
    try {
      this.emit('connection', socket, request);
    } catch (error) {
      throwLater(error);
    }
    socket.open(head);
    handOver(tcp);
  }

  #refuse(
    request: IncomingMessage,
    tcp: Duplex,
    status: number,
    reason: string,
    headers?: Record<string, string>,
  ): void {
    try {
      refuseUpgrade(tcp, status, reason, headers);
    } catch (error) {
      // The user's headers.
      throwLater(error);
      refuseUpgrade(tcp, status, reason);
    }
    this.#tellRefused(request, status, reason);
  }

  #tellRefused(request: IncomingMessage, status: number, reason: string): void {
    this.refusals.count(`status ${status}`);
    try {
      this.emit('refused', request, status, reason);
    } catch (error) {
      throwLater(error);
    }
  }
}

function headersOf(outcome: object): Record<string, string> | undefined {
  return 'headers' in outcome ? (outcome.headers as Record<string, string> | undefined) : undefined;
}
