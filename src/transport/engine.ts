/**
 * The Engine.IO server: takes the HTTP and upgrade requests of one path, opens sessions, and brings later requests to the
 * session that they belong to.
 */
import type { IncomingMessage, OutgoingHttpHeaders, Server as HttpServer, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { throwLater } from '../errors.ts';
import { checkRequest, ENGINE_ERRORS } from '../engineio/handshake.ts';
import type { Dialect } from '../engineio/dialect.ts';
import { Session } from '../engineio/session.ts';
import { pathOf, positiveNumber } from '../option-checks.ts';
import type { ResolvedOptions, TransportName } from '../options.ts';
import { randomId } from '../random-id.ts';
import { PreparedPacket } from '../rooms/prepared-packet.ts';
import { Timer, TimerWheel } from './clock.ts';
import { cors } from './cors.ts';
import { debug } from './debug.ts';
import { type Attached, attachTo, type ServeFirst } from './engine-attachment.ts';
import { EngineDoor, type DoorHost, type Refuse } from './engine-door.ts';
import { type EngineMiddleware, headerLines, UpgradeStandIn } from './engine-middleware.ts';
import { badRequest, refuseRequest, type Refusal } from './engine-refusals.ts';
import type { CloseReason, EngineHost } from './engine-host.ts';
import { EngineSocket } from './engine-socket.ts';
import { Flush } from './flush.ts';
import type { FlushCounts } from './flush-counts.ts';
import { PollingTransport, type PollingHost } from './polling-transport.ts';
import type { Transport, TransportOwner } from './transport.ts';
import { QuietEmitter } from './quiet-emitter.ts';
import { Refusals } from './refusals.ts';
import { shareStringsOf } from './shared-strings.ts';
import { FrameForms, type DeflateAgreement } from './frame-forms.ts';
import { acceptUpgrade, endUpgrade, refuseUpgrade } from './upgrade.ts';
import { claimUpgrade, handOver } from './foreign-upgrades.ts';
import { WebSocketTransport } from './websocket-transport.ts';

type Verdict = ReturnType<typeof checkRequest>;
/** A request to the engine, as its events, `allowRequest` and `generateId` see it. */
export interface EngineRequest extends IncomingMessage {
  /** The parameters of the URL. Of a repeated one, the last. */
  _query?: Readonly<Record<string, string>>;
}

/** Where an engine is attached, if not as its own options say. */
export interface AttachOptions {
  path?: string;
  addTrailingSlash?: boolean;
  destroyUpgrade?: boolean;
  destroyUpgradeTimeout?: number;
}

/** Reasons for which we end a session that its client would have kept. */
const THROWN_OUT: ReadonlySet<CloseReason> = new Set(['slow reader', 'ping timeout', 'parse error']);
/** What a header cannot hold (RFC 9110 §5.5). Lenient parsers let it pass. */
// oxlint-disable-next-line no-control-regex
const NO_HEADER = /[^\t\x20-\x7e\x80-\xff]/;
/** Takes the place of a session until there is one. */
const NOBODY: TransportOwner = { onPacket() {}, onWritable() {}, onTransportClosed() {} };

export class Engine extends QuietEmitter implements EngineHost, PollingHost, DoorHost, Attached {
  readonly options: ResolvedOptions;
  readonly flush: Flush = new Flush();
  readonly wheel: TimerWheel;
  /** How many requests and clients were turned away, by reason. */
  readonly refusals: Refusals = new Refusals();
  /** How many sockets had something to send at the end of each turn. */
  readonly flushes: FlushCounts = this.flush.counts;
  /** Called with each new session, before anything of it is read. */
  onConnection: (socket: EngineSocket) => void = () => {};
  /** Without a prototype: an id may be any string. */
  readonly #sessions = Object.create(null) as Record<string, EngineSocket>;
  #sessionCount = 0;
  /** Closed polling sessions whose client has not heard of it yet: its next GET is answered with a close packet. */
  readonly #lingering = new Map<string, PollingTransport>();
  readonly #forms: FrameForms;
  readonly #door: EngineDoor;
  /** Before all requests, the client's bundle's too. */
  readonly #cors: readonly EngineMiddleware[];
  readonly #middlewares: EngineMiddleware[] = [];
  #serveFirst: ServeFirst = () => false;

  constructor(options: ResolvedOptions) {
    super();
    this.options = options;
    this.wheel = new TimerWheel(options.clock);
    this.#forms = new FrameForms(options.perMessageDeflate);
    this.#door = new EngineDoor(this);
    this.#cors = options.cors ? [cors(options.cors)] : [];
  }

  get clientsCount(): number {
    return this.#sessionCount;
  }

  /** The open sessions by id. */
  get clients(): Readonly<Record<string, EngineSocket>> {
    return this.#sessions;
  }

  /** The transports that a session may move to from this one. */
  upgrades(transport: TransportName): TransportName[] {
    const { allowUpgrades, transports } = this.options;
    return allowUpgrades && transport === 'polling' && transports.includes('websocket') ? ['websocket'] : [];
  }

  /** Puts an Express-style function before all requests and upgrades of this engine. */
  use(middleware: EngineMiddleware): void {
    this.#middlewares.push(middleware);
  }

  /**
   * Serves the requests of `options.path` on an HTTP or HTTPS server. Listeners that were there before get all others.
   *
   * @param how where, if not as the options say; or who is asked first
   */
  attach(server: HttpServer, how: AttachOptions | ServeFirst = {}): void {
    const { options } = this;
    const given = typeof how === 'function' ? {} : how;
    if (typeof how === 'function') this.#serveFirst = how;
    const foreignMs = positiveNumber(
      given.destroyUpgradeTimeout,
      'destroyUpgradeTimeout',
      options.destroyUpgradeTimeoutMs,
    );
    attachTo(server, this, {
      path: given.path === undefined ? options.path : pathOf(given.path),
      addTrailingSlash: given.addTrailingSlash ?? options.addTrailingSlash,
      takesUpgrades: options.transports.includes('websocket'),
      foreignUpgradeMs: (given.destroyUpgrade ?? options.destroyUpgrade) ? foreignMs : Infinity,
    });
  }

  /** Serves one HTTP request, if nobody else does first. Always answers. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    this.#receive(request, response, this.#serveFirst);
  }

  /** Serves one HTTP request. Always answers. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.#receive(request, response, () => false);
  }

  /** Serves one upgrade request. `head` are bytes that came behind it. */
  handleUpgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    claimUpgrade(tcp);
    const middlewares = [...this.#cors, ...this.#middlewares];
    const standIn = middlewares.length === 0 ? undefined : new UpgradeStandIn(request, tcp);
    const query = readQuery(request);
    // Engine.IO answers an upgrade with the bare message, a request with JSON.
    const refuse: Refuse = (refusal) => {
      standIn?.release();
      this.#refuse(request, refusal, ({ status, message, headers }) => {
        // A middleware may have begun an answer before it failed.
        if (standIn?.headersSent === true) endUpgrade(tcp);
        else refuseUpgrade(tcp, status, message, headers);
      });
    };
    const passed = (): void => {
      standIn?.release();
      const verdict = this.#check(request, query, true);
      if (verdict.type === 'refused') refuse(verdict);
      else if (verdict.type === 'resume') this.#accept(request, tcp, head, verdict, standIn);
      else
        this.#door.admit(
          request,
          (id) => this.#accept(request, tcp, head, { ...verdict, id }, standIn),
          refuse,
        );
    };
    if (standIn === undefined) passed();
    else this.#door.pass(middlewares, request, standIn, passed, refuse);
  }

  /** Takes new sessions, again. */
  open(): void {
    this.#door.open();
  }

  /** Refuses new sessions; those that are open go on. */
  shut(): void {
    this.#door.shut();
  }

  /** Whether no session is open, and no polling client still has to hear that its own is over. */
  get isEmpty(): boolean {
    return this.#sessionCount === 0 && [...this.#lingering.values()].every(({ toldPeer }) => toldPeer);
  }

  /** Ends all sessions and refuses new ones. Clients see their transport close, and may come back elsewhere. */
  close(): this {
    this.#door.close();
    for (const socket of Object.values(this.#sessions)) socket.close(true);
    return this;
  }

  onSessionClosed(socket: EngineSocket, reason: CloseReason): void {
    delete this.#sessions[socket.id];
    this.#sessionCount -= 1;
    this.#door.counts.remove(socket);
    if (THROWN_OUT.has(reason)) this.refusals.count(reason);
    const { id, transport } = socket;
    if (reason === 'forced close' && transport instanceof PollingTransport) this.#linger(id, transport);
  }

  /** A new, unguessable session id: 120 random bits. Yours to replace, by one that gives a promise too. */
  generateId(_request: EngineRequest): string | Promise<string> {
    return randomId();
  }

  onHeaders(headers: OutgoingHttpHeaders, request: EngineRequest): void {
    if (!request._query?.['sid']) this.tell('initial_headers', headers, request);
    this.tell('headers', headers, request);
  }

  isIdInUse(id: string): boolean {
    return id in this.#sessions || this.#lingering.has(id);
  }

  #receive(request: IncomingMessage, response: ServerResponse, serveFirst: ServeFirst): void {
    const refuse: Refuse = (refusal) =>
      this.#refuse(request, refusal, () => refuseRequest(request, response, refusal));
    const query = readQuery(request);
    // A connection that is kept for a next request would keep the HTTP server from closing.
    if (this.#door.isClosed) response.shouldKeepAlive = false;
    const passed = (): void => {
      const verdict = this.#check(request, query, false);
      if (verdict.type === 'refused') refuse(verdict);
      else if (verdict.type === 'resume') this.#pollingOf(verdict.sid)?.receive(request, response);
      else
        this.#door.admit(request, (id) => this.#openPolling(request, response, verdict.dialect, id), refuse);
    };
    const first = (): void => {
      if (!serveFirst(request, response))
        this.#door.pass(this.#middlewares, request, response, passed, refuse);
    };
    this.#door.pass(this.#cors, request, response, first, refuse);
  }

  #check(request: IncomingMessage, query: URLSearchParams, isUpgrade: boolean): Verdict {
    const verdict = checkRequest({
      method: request.method ?? 'GET',
      query,
      isUpgrade,
      transports: this.options.transports,
      allowV3: this.options.allowV3,
      findSession: (sid) => this.#findSession(sid),
    });
    const { origin = '' } = request.headers;
    // Behind the check of the transport and before all others, as in Engine.IO.
    const isChecked = verdict.type !== 'refused' || verdict.code !== 0;
    return isChecked && NO_HEADER.test(origin) ? badRequest({ name: 'INVALID_ORIGIN', origin }) : verdict;
  }

  #findSession(sid: string): { transport: TransportName; revision: number } | undefined {
    const socket = this.#sessions[sid];
    if (socket !== undefined) return { transport: socket.transport.name, revision: socket.protocol };
    const lingering = this.#lingering.get(sid);
    return lingering && { transport: 'polling', revision: lingering.dialect.revision };
  }

  #pollingOf(sid: string): PollingTransport | undefined {
    const transport = this.#sessions[sid]?.transport ?? this.#lingering.get(sid);
    return transport instanceof PollingTransport ? transport : undefined;
  }

  #refuse(request: IncomingMessage, refusal: Refusal, answer: (refusal: Refusal) => void): void {
    const { code, message, context } = refusal;
    debug('request refused with %d: %s %o', refusal.status, message, context);
    this.refusals.count(`status ${refusal.status}`);
    answer(refusal);
    // The event names the rule that refused, its context the caller's words for it.
    this.tell('connection_error', { req: request, code, message: ENGINE_ERRORS[code].message, context });
  }

  #openPolling(request: IncomingMessage, response: ServerResponse, dialect: Dialect, id: string): void {
    // The client has left while the user was thinking.
    if (request.socket.destroyed) return;
    const transport = new PollingTransport(NOBODY, dialect, this, this.options);
    transport.cookie = this.#door.cookieOf(id);
    this.#open(request, transport, id);
    transport.receive(request, response);
  }

  /** Answers the handshake; a new session has an `id`, an old one a `sid`. */
  #accept(
    request: IncomingMessage,
    tcp: Duplex,
    head: Buffer,
    { dialect, sid, id }: { dialect: Dialect; sid?: string; id?: string },
    standIn: UpgradeStandIn | undefined,
  ): void {
    if (tcp.destroyed) return;
    // The answer and the first packet in one write.
    tcp.cork();
    let agreement: DeflateAgreement | undefined;
    let outcome;
    try {
      outcome = acceptUpgrade(request, tcp, this.options.maxHeaderBytes, ({ extensions, protocols }) => {
        agreement = this.#forms.agree(extensions);
        const headers = standIn?.takeHeaders() ?? {};
        this.onHeaders(headers, request);
        if (agreement !== undefined) headers['Sec-WebSocket-Extensions'] = agreement.response;
        // As with `ws`: clients that offer protocols (`protocols`) go away without one.
        const [protocol] = protocols;
        return { headers: headerLines(headers), ...(protocol !== undefined && { protocol }) };
      });
    } catch (error) {
      // A header of the user's cannot be sent. Nothing has been written.
      throwLater(error);
      refuseUpgrade(tcp, 500, 'Internal Server Error');
      return;
    }
    if (outcome.type === 'refused') {
      this.refusals.count(`status ${outcome.status}`);
      return;
    }
    const transport = this.#webSocket(tcp, dialect, agreement);
    if (id !== undefined) this.#open(request, transport, id);
    else this.#offerUpgrade(transport, sid ?? '');
    transport.open(head);
    handOver(tcp);
    this.flush.schedule({ flush: () => tcp.uncork() });
  }

  #webSocket(tcp: Duplex, dialect: Dialect, agreement: DeflateAgreement | undefined): WebSocketTransport {
    const form = this.#forms.formFor(dialect, agreement);
    const { maxMessageBytes, maxFragments, maxFramesPerTurn, closeTimeoutMs } = this.options;
    const limits = { maxMessageBytes, maxFragments, maxFramesPerTurn, closeTimeoutMs };
    // One object for all, where nothing is compressed.
    const options = agreement === undefined ? this.options : { ...limits, deflate: agreement.deflate };
    return new WebSocketTransport(tcp, NOBODY, dialect, form, this, options);
  }

  #offerUpgrade(transport: Transport, sid: string): void {
    if (this.options.allowUpgrades && this.#sessions[sid]?.offerUpgrade(transport) === true) return;
    debug('session %s cannot upgrade', sid);
    transport.close();
  }

  #open(request: IncomingMessage, transport: Transport, id: string): void {
    const { pingIntervalMs, pingTimeoutMs, maxMessageBytes, initialPacket } = this.options;
    const { revision } = transport.dialect;
    const session = new Session({ id, revision, pingIntervalMs, pingTimeoutMs, now: this.wheel.now() });
    const socket = new EngineSocket(this, session, transport, request);
    const upgrades = this.upgrades(transport.name);
    this.#sessions[id] = socket;
    this.#sessionCount += 1;
    this.#door.counts.add(socket, request);
    socket.enqueue(new PreparedPacket([session.openPacket({ upgrades, maxPayloadBytes: maxMessageBytes })]));
    if (initialPacket !== undefined) socket.send(initialPacket);
    this.onConnection(socket);
    this.tell('connection', socket);
    socket.tell('open');
  }

  #linger(sid: string, transport: PollingTransport): void {
    if (transport.toldPeer) return;
    this.#lingering.set(sid, transport);
    const end = new Timer({ onTimer: () => this.#lingering.delete(sid) });
    this.wheel.set(end, this.wheel.now() + this.options.closeTimeoutMs);
  }
}

/** Reads the parameters of the URL, and keeps them with the request. */
function readQuery(request: EngineRequest): URLSearchParams {
  const { url = '/' } = request;
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1 || url.length));
  // One that opens a session is kept as long as that.
  if (!query.has('sid')) shareStringsOf(request);
  // `fromEntries` defines own properties, whatever their names.
  request._query = Object.fromEntries(query);
  return query;
}
