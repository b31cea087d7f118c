/**
 * The Engine.IO server: takes the HTTP and upgrade requests of one path, opens sessions, and brings later requests to the
 * session that they belong to.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { throwLater } from '../errors.ts';
import { checkRequest, ENGINE_ERRORS, formatRefusal } from '../engineio/handshake.ts';
import { Session } from '../engineio/session.ts';
import type { ResolvedOptions, TransportName } from '../options.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { Admissions } from './admissions.ts';
import { Timer, TimerWheel } from './clock.ts';
import { debug } from './debug.ts';
import { EngineSocket, type CloseReason, type EngineHost } from './engine-socket.ts';
import { Flush } from './flush.ts';
import { PollingTransport } from './polling-transport.ts';
import type { Transport, TransportOwner } from './transport.ts';
import { Refusals } from './refusals.ts';
import { acceptUpgrade, refuseUpgrade } from './upgrade.ts';
import { claimUpgrade, handOver, isClaimed, watchForeignUpgrade } from './foreign-upgrades.ts';
import { ConnectionCounts, type NoRoom } from './connection-counts.ts';
import { WebSocketTransport } from './websocket-transport.ts';

type Verdict = ReturnType<typeof checkRequest>;
type Refusal = Extract<Verdict, { type: 'refused' }>;

/** Reasons for which we end a session that its client would have kept. */
const THROWN_OUT: ReadonlySet<CloseReason> = new Set(['slow reader', 'ping timeout', 'parse error']);
const CLOSING: NoRoom = { status: 503, why: 'server is closing' };
/** Takes the place of a session until there is one. */
const NOBODY: TransportOwner = { onPacket() {}, onWritable() {}, onTransportClosed() {} };

export class Engine extends EventEmitter implements EngineHost {
  readonly options: ResolvedOptions;
  readonly flush: Flush = new Flush();
  readonly wheel: TimerWheel;
  /** How many requests and clients were turned away, by reason. */
  readonly refusals: Refusals = new Refusals();
  /** Called with each new session, before anything of it is read. */
  onConnection: (socket: EngineSocket) => void = () => {};
  readonly #sessions = new Map<string, EngineSocket>();
  /** Closed polling sessions whose client has not heard of it yet: its next GET is answered with a close packet. */
  readonly #lingering = new Map<string, PollingTransport>();
  readonly #admissions: Admissions;
  readonly #counts: ConnectionCounts;
  #closed = false;

  constructor(options: ResolvedOptions) {
    super();
    this.options = options;
    this.wheel = new TimerWheel(options.clock);
    this.#counts = new ConnectionCounts(options);
    this.#admissions = new Admissions(this.wheel, options.connectTimeoutMs);
  }

  get clientsCount(): number {
    return this.#sessions.size;
  }

  /** The open sessions by id. */
  get clients(): ReadonlyMap<string, EngineSocket> {
    return this.#sessions;
  }

  /**
   * Serves the requests of `options.path` on an HTTP or HTTPS server. Listeners that were there before get all others.
   *
   * @param serve called first with each request under the path; true means that it has been answered
   */
  attach(server: HttpServer, serve: (request: IncomingMessage, response: ServerResponse) => boolean): void {
    const prefix = this.options.path === '/' ? '/' : `${this.options.path}/`;
    const isOurs = (request: IncomingMessage): boolean => request.url?.startsWith(prefix) === true;
    const others = server.listeners('request').slice();
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (!isOurs(request)) {
        for (const listener of others) Reflect.apply(listener, server, [request, response]);
      } else if (!serve(request, response)) {
        this.handleRequest(request, response);
      }
    });
    const foreignMs = this.options.destroyUpgrade ? this.options.destroyUpgradeTimeoutMs : Infinity;
    // Without a listener, Node serves a request that asks for an upgrade as a plain one.
    if (this.options.transports.includes('websocket')) {
      server.on('upgrade', (request: IncomingMessage, tcp: Duplex, head: Buffer) => {
        if (isClaimed(tcp)) return;
        if (isOurs(request)) this.handleUpgrade(request, tcp, head);
        else watchForeignUpgrade(tcp, this.wheel, foreignMs);
      });
    }
    server.on('close', () => this.close());
  }

  /** Serves one HTTP request. Always answers. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    const verdict = this.#check(request, false);
    const refuse = (refusal: Refusal): void => refuseRequest(request, response, refusal);
    // A connection that is kept for a next request would keep the HTTP server from closing.
    if (this.#closed) response.shouldKeepAlive = false;
    switch (verdict.type) {
      case 'refused':
        this.#refuse(request, verdict, refuse);
        break;
      case 'resume':
        this.#pollingOf(verdict.sid)?.receive(request, response);
        break;
      case 'open':
        this.#authorize(request, () => this.#openPolling(request, response), refuse);
        break;
    }
  }

  /** Serves one upgrade request. `head` are bytes that came behind it. */
  handleUpgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    claimUpgrade(tcp);
    const verdict = this.#check(request, true);
    // Engine.IO answers an upgrade with the bare message, a request with JSON.
    const refuse = (refusal: Refusal): void => refuseUpgrade(tcp, refusal.status, refusal.message);
    const open = (): void => {
      if (tcp.destroyed) return;
      const outcome = acceptUpgrade(request, tcp, this.options.maxHeaderBytes);
      if (outcome.type === 'refused') {
        this.refusals.count(`status ${outcome.status}`);
        return;
      }
      const transport = new WebSocketTransport(tcp, NOBODY, this, this.options);
      this.#openOrUpgrade(request, transport, verdict.type === 'resume' ? verdict.sid : undefined);
      transport.open(head);
      handOver(tcp);
    };
    if (verdict.type === 'refused') this.#refuse(request, verdict, refuse);
    else if (verdict.type === 'resume') open();
    else this.#authorize(request, open, refuse);
  }

  /** Ends all sessions and refuses new ones. Clients see their transport close, and may come back elsewhere. */
  close(): this {
    this.#closed = true;
    this.#admissions.close();
    for (const socket of this.#sessions.values()) socket.close(true);
    return this;
  }

  onSessionClosed(socket: EngineSocket, reason: CloseReason): void {
    this.#sessions.delete(socket.id);
    this.#counts.remove(socket);
    if (THROWN_OUT.has(reason)) this.refusals.count(reason);
    const { id, transport } = socket;
    if (reason === 'forced close' && transport instanceof PollingTransport) this.#linger(id, transport);
  }

  /** A new, unguessable session id: 120 random bits. */
  generateId(): string {
    return randomBytes(15).toString('base64url');
  }

  #check(request: IncomingMessage, isUpgrade: boolean): Verdict {
    const { url = '/', method = 'GET' } = request;
    const query = new URLSearchParams(url.slice(url.indexOf('?') + 1 || url.length));
    return checkRequest({
      method,
      query,
      isUpgrade,
      transports: this.options.transports,
      findSession: (sid) => this.#findSession(sid),
    });
  }

  #findSession(sid: string): { transport: TransportName; revision: number } | undefined {
    const socket = this.#sessions.get(sid);
    if (socket !== undefined) return { transport: socket.transport.name, revision: socket.protocol };
    return this.#lingering.has(sid) ? { transport: 'polling', revision: 4 } : undefined;
  }

  #pollingOf(sid: string): PollingTransport | undefined {
    const transport = this.#sessions.get(sid)?.transport ?? this.#lingering.get(sid);
    return transport instanceof PollingTransport ? transport : undefined;
  }

  #authorize(request: IncomingMessage, allow: () => void, refuse: (refusal: Refusal) => void): void {
    const { allowRequest } = this.options;
    const noRoom = this.#closed ? CLOSING : this.#counts.noRoomFor(request);
    if (noRoom !== undefined) {
      this.#refuse(request, forbidden(noRoom.why, noRoom.status), refuse);
    } else if (allowRequest === undefined) {
      allow();
    } else {
      this.#admissions.ask(allowRequest, request, (admission) => {
        // Others may have come in while it was thinking.
        const outcome = admission.allowed ? (this.#counts.noRoomFor(request) ?? admission) : admission;
        if ('allowed' in outcome && outcome.allowed) allow();
        else this.#refuse(request, forbidden(outcome.why, outcome.status), refuse);
      });
    }
  }

  #refuse(request: IncomingMessage, refusal: Refusal, answer: (refusal: Refusal) => void): void {
    const { code, message, context } = refusal;
    debug('request refused with %d: %s %o', refusal.status, message, context);
    this.refusals.count(`status ${refusal.status}`);
    answer(refusal);
    // The event names the rule that refused, its context the caller's words for it.
    try {
      this.emit('connection_error', { req: request, code, message: ENGINE_ERRORS[code].message, context });
    } catch (error) {
      throwLater(error);
    }
  }

  #openPolling(request: IncomingMessage, response: ServerResponse): void {
    // The client has left while `allowRequest` was thinking.
    if (request.socket.destroyed) return;
    const transport = new PollingTransport(NOBODY, this.wheel, this.options);
    this.#open(request, transport);
    transport.receive(request, response);
  }

  #openOrUpgrade(request: IncomingMessage, transport: Transport, sid: string | undefined): void {
    if (sid === undefined) {
      this.#open(request, transport);
    } else if (!this.options.allowUpgrades || this.#sessions.get(sid)?.offerUpgrade(transport) !== true) {
      debug('session %s cannot upgrade', sid);
      transport.close();
    }
  }

  #open(request: IncomingMessage, transport: Transport): void {
    const { pingIntervalMs, pingTimeoutMs, maxMessageBytes, allowUpgrades, transports } = this.options;
    const session = new Session({
      id: this.generateId(),
      pingIntervalMs,
      pingTimeoutMs,
      now: this.wheel.now(),
    });
    const socket = new EngineSocket(this, session, transport, request);
    const canUpgrade = allowUpgrades && transport.name === 'polling' && transports.includes('websocket');
    const upgrades = canUpgrade ? ['websocket'] : [];
    this.#sessions.set(socket.id, socket);
    this.#counts.add(socket, request);
    socket.enqueue(new PreparedPacket([session.openPacket({ upgrades, maxPayloadBytes: maxMessageBytes })]));
    this.onConnection(socket);
    try {
      this.emit('connection', socket);
    } catch (error) {
      throwLater(error);
    }
  }

  #linger(sid: string, transport: PollingTransport): void {
    if (transport.toldPeer) return;
    this.#lingering.set(sid, transport);
    const end = new Timer({ onTimer: () => this.#lingering.delete(sid) });
    this.wheel.set(end, this.wheel.now() + this.options.closeTimeoutMs);
  }
}

function forbidden(why: string | undefined, status = 403): Refusal {
  return {
    type: 'refused',
    status,
    code: 4,
    message: why ?? ENGINE_ERRORS[4].message,
    context: { message: why },
  };
}

function refuseRequest(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent || response.destroyed) return;
  // There may be a body, of any length, that nobody waits for.
  if (request.method !== 'GET' && request.method !== 'HEAD') response.shouldKeepAlive = false;
  const body = formatRefusal(refusal);
  response.writeHead(refusal.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}
