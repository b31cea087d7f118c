/**
 * HTTP long-polling: the peer's packets come as bodies of POST requests, ours leave as answers to GET requests that wait
 * until there is something to say.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { EnginePacket } from '../engineio/packet.ts';
import type { Dialect, PayloadForm } from '../engineio/dialect.ts';
import { ProtocolError, throwLater } from '../errors.ts';
import type { ResolvedCompression } from '../http-options.ts';
import { ByteCollector } from '../websocket/byte-collector.ts';
import { Timer, type TimerOwner, type TimerWheel } from './clock.ts';
import { debug } from './debug.ts';
import { compress } from './http-compression.ts';
import type { Outbox } from './outbox.ts';
import type { Transport, TransportFault, TransportOwner } from './transport.ts';

const CLOSE: EnginePacket = { type: 'close' };
const NOOP: EnginePacket = { type: 'noop' };
const OK = Buffer.from('ok');
const BAD_REQUEST = Buffer.from('{"code":3,"message":"Bad request"}');
const JSON_TYPE = 'application/json';

/** Of a body that comes in chunks; a declared length makes us allocate no more than this at first either. */
const FIRST_CAPACITY = 16 * 1024;

export interface PollingTransportOptions {
  readonly maxMessageBytes: number;
  readonly maxPayloadPackets: number;
  readonly closeTimeoutMs: number;
  readonly httpCompression: ResolvedCompression | undefined;
}

export interface PollingHost {
  readonly wheel: TimerWheel;
  /** Lets the user change the headers of an answer. */
  onHeaders(headers: OutgoingHttpHeaders, request: IncomingMessage): void;
}

interface Post {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isBinary: boolean;
}

export class PollingTransport implements Transport, TimerOwner {
  readonly name = 'polling';
  /** An answer is the HTTP server's to deliver. */
  readonly blocked = false;
  readonly unsentBytes = 0;
  owner: TransportOwner;
  readonly dialect: Dialect;
  /** For the first answer. */
  cookie: string | undefined;
  readonly #host: PollingHost;
  readonly #options: PollingTransportOptions;
  /** The GET that waits for packets. */
  #poll: ServerResponse | undefined;
  /** The GET whose answer is being compressed. */
  #answered: ServerResponse | undefined;
  /** The POST whose body is arriving. */
  #post: Post | undefined;
  /** The requests whose answers have not left to their last byte. */
  readonly #unanswered = new Set<ServerResponse>();
  #endTimer: Timer | undefined;
  #finished = false;
  #toldPeer = false;

  constructor(owner: TransportOwner, dialect: Dialect, host: PollingHost, options: PollingTransportOptions) {
    this.owner = owner;
    this.dialect = dialect;
    this.#host = host;
    this.#options = options;
  }

  get writable(): boolean {
    return this.#poll !== undefined && !this.#finished;
  }

  write(outbox: Outbox): void {
    const form = this.dialect.payloadForm(outbox.hasBinary);
    const payload = outbox.payloadIn(form);
    const response = this.#poll;
    const { httpCompression } = this.#options;
    if (response === undefined) return;
    this.#poll = undefined;
    const isCompressed =
      httpCompression !== undefined &&
      payload.length >= httpCompression.threshold &&
      outbox.compress &&
      compress(payload, response.req.headers['accept-encoding'], httpCompression, (packed, coding) => {
        this.#answered = undefined;
        this.#say(response, packed, form.contentType, coding);
      });
    if (isCompressed) this.#answered = response;
    else this.#say(response, payload, form.contentType);
  }

  /** Whether a closed transport has said so: it can only answer, so it may have to wait for the next GET. */
  get toldPeer(): boolean {
    return this.#toldPeer;
  }

  close(): void {
    this.#finished = true;
    if (this.#poll !== undefined) {
      this.#toldPeer = true;
      // The last answer: a connection that is kept for a next request would keep the HTTP server from closing.
      this.#poll.shouldKeepAlive = false;
      this.#answerPollWith(CLOSE);
    }
    this.#boundEnd();
  }

  discard(): void {
    this.#finished = true;
    this.#answerPollWith(NOOP);
    if (this.#post !== undefined) {
      // What it carries would come too late: not "ok".
      refuse(this.#post.request, this.#post.response, 400);
      this.#post = undefined;
    }
    this.#boundEnd();
  }

  /** A GET or POST of this session. Always answered. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    this.#unanswered.add(response);
    response.on('close', () => this.#onResponseClosed(response));
    if (request.method === 'GET') this.#onPoll(response);
    else if (request.method === 'POST') this.#onPost(request, response);
    else refuse(request, response, 400);
    if (this.#finished) this.#boundEnd();
  }

  onTimer(): void {
    this.#endTimer = undefined;
    debug('%d polling requests did not end in time', this.#unanswered.size);
    for (const response of this.#unanswered) response.destroy();
  }

  #onPoll(response: ServerResponse): void {
    if (this.#finished) {
      this.#toldPeer = true;
      response.shouldKeepAlive = false;
      const form = this.dialect.payloadForm(false);
      this.#say(response, form.formatPart(CLOSE), form.contentType);
      return;
    }
    if (this.#poll !== undefined || this.#answered !== undefined) {
      respond(response, 400, BAD_REQUEST, JSON_TYPE);
      this.#end('transport error', 'overlap from client');
      return;
    }
    this.#poll = response;
    this.owner.onWritable(this);
  }

  #onPost(request: IncomingMessage, response: ServerResponse): void {
    if (this.#post !== undefined) {
      refuse(request, response, 400);
      this.#end('transport error', 'data request overlap from client');
      return;
    }
    const isBinary = request.headers['content-type'] === 'application/octet-stream';
    if (isBinary && this.dialect.revision === 4) {
      refuse(request, response, 400);
      this.#end('transport error', 'invalid content');
      return;
    }
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    if (declaredBytes > this.#options.maxMessageBytes) {
      refuse(request, response, 413);
      return;
    }
    const post = { request, response, isBinary };
    this.#post = post;
    this.#readBody(post, Math.min(declaredBytes || FIRST_CAPACITY, FIRST_CAPACITY));
  }

  #readBody(post: Post, capacity: number): void {
    const { maxMessageBytes } = this.#options;
    // Not a list of chunks: a body in chunks of one byte would cost a hundred times its size.
    const body = new ByteCollector(maxMessageBytes, capacity);
    post.request.on('data', (chunk: Buffer) => {
      if (this.#post !== post) return;
      if (body.length + chunk.length > maxMessageBytes) {
        this.#post = undefined;
        refuse(post.request, post.response, 413);
      } else {
        body.append(chunk);
      }
    });
    post.request.on('end', () => {
      if (this.#post !== post) return;
      this.#post = undefined;
      this.#onBody(body.bytes, post);
    });
  }

  #onResponseClosed(response: ServerResponse): void {
    this.#unanswered.delete(response);
    if (this.#unanswered.size === 0 && this.#endTimer !== undefined) {
      this.#host.wheel.cancel(this.#endTimer);
      this.#endTimer = undefined;
    }
    if (this.#poll === response || this.#answered === response) {
      this.#poll = this.#answered = undefined;
      this.#end('transport error', 'poll connection closed prematurely');
    }
    if (this.#post?.response === response) {
      this.#post = undefined;
      this.#end('transport error', 'data request connection closed prematurely');
    }
  }

  /** A peer that neither ends its request nor reads its answer has `closeTimeout` for it once the session is over. */
  #boundEnd(): void {
    if (this.#unanswered.size === 0 || this.#endTimer !== undefined) return;
    this.#endTimer = new Timer(this);
    this.#host.wheel.set(this.#endTimer, this.#host.wheel.now() + this.#options.closeTimeoutMs);
  }

  #onBody(body: Buffer, { response, isBinary }: Post): void {
    let packets: readonly EnginePacket[];
    try {
      packets = this.dialect.parsePayload(body, isBinary, { maxPackets: this.#options.maxPayloadPackets });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      debug('Polling payload refused: %s', error.message);
      respond(response, 400, BAD_REQUEST, JSON_TYPE);
      this.#end('parse error', error.message);
      return;
    }
    for (const packet of packets) {
      if (this.#finished) break;
      this.owner.onPacket(this, packet);
    }
    this.#say(response, OK, 'text/html');
  }

  #answerPollWith(packet: EnginePacket): void {
    const form = this.dialect.payloadForm(false);
    this.#answerPoll(form.formatPart(packet), form);
  }

  #answerPoll(payload: Buffer, form: PayloadForm): void {
    const response = this.#poll;
    if (response === undefined) return;
    this.#poll = undefined;
    this.#say(response, payload, form.contentType);
  }

  /** Answers a request that was served. The headers are the user's to change. */
  #say(response: ServerResponse, body: Buffer, type: string, coding?: string): void {
    if (response.headersSent || response.destroyed) return;
    const own: OutgoingHttpHeaders = {
      ...(body.length > 0 && { 'Content-Type': type }),
      'Content-Length': body.length,
      ...(coding !== undefined && { 'Content-Encoding': coding }),
      'cache-control': 'no-store',
      ...(this.cookie !== undefined && { 'Set-Cookie': [this.cookie] }),
    };
    this.cookie = undefined;
    const headers = { ...own };
    this.#host.onHeaders(headers, response.req);
    try {
      response.writeHead(200, headers);
    } catch (error) {
      // A header of the user's cannot be sent. The packets are not lost for it.
      throwLater(error);
      response.writeHead(200, own);
    }
    response.end(body);
  }

  /** The session is over by this transport's fault: the waiting GET is let go. */
  #end(fault: TransportFault, detail: string): void {
    if (this.#finished) return;
    this.close();
    this.owner.onTransportClosed(this, fault, detail);
  }
}

function respond(response: ServerResponse, status: number, body: Buffer, type: string): void {
  if (response.headersSent || response.destroyed) return;
  if (body.length > 0) response.setHeader('Content-Type', type);
  response.writeHead(status, { 'Content-Length': body.length, 'Cache-Control': 'no-store' });
  response.end(body);
}

/** Answers without reading the body, and ends the connection, on which the rest of the body would arrive. */
function refuse(request: IncomingMessage, response: ServerResponse, status: 400 | 413): void {
  request.resume();
  response.shouldKeepAlive = false;
  respond(response, status, Buffer.alloc(0), JSON_TYPE);
}
