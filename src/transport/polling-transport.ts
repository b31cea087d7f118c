/**
 * HTTP long-polling: the peer's packets come as bodies of POST requests, ours leave as answers to GET requests that wait
 * until there is something to say.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUtf8 } from 'node:buffer';
import type { EnginePacket } from '../engineio/packet.ts';
import { parsePayload } from '../engineio/payload.ts';
import { ProtocolError } from '../errors.ts';
import { ByteCollector } from '../websocket/byte-collector.ts';
import { Timer, type TimerOwner, type TimerWheel } from './clock.ts';
import { debug } from './debug.ts';
import type { Outbox } from './outbox.ts';
import type { Transport, TransportFault, TransportOwner } from './transport.ts';

const CLOSE = Buffer.from('1');
const NOOP = Buffer.from('6');
const OK = Buffer.from('ok');
const BAD_REQUEST = Buffer.from('{"code":3,"message":"Bad request"}');
const JSON_TYPE = 'application/json';

/** Of a body that comes in chunks; a declared length makes us allocate no more than this at first either. */
const FIRST_CAPACITY = 16 * 1024;

export interface PollingTransportOptions {
  readonly maxMessageBytes: number;
  readonly maxPayloadPackets: number;
  readonly closeTimeoutMs: number;
}

interface Post {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export class PollingTransport implements Transport, TimerOwner {
  readonly name = 'polling';
  /** An answer is the HTTP server's to deliver. */
  readonly blocked = false;
  owner: TransportOwner;
  readonly #wheel: TimerWheel;
  readonly #options: PollingTransportOptions;
  /** The GET that waits for packets. */
  #poll: ServerResponse | undefined;
  /** The POST whose body is arriving. */
  #post: Post | undefined;
  /** The requests whose answers have not left to their last byte. */
  readonly #unanswered = new Set<ServerResponse>();
  #endTimer: Timer | undefined;
  #finished = false;
  #toldPeer = false;

  constructor(owner: TransportOwner, wheel: TimerWheel, options: PollingTransportOptions) {
    this.owner = owner;
    this.#wheel = wheel;
    this.#options = options;
  }

  get writable(): boolean {
    return this.#poll !== undefined && !this.#finished;
  }

  write(outbox: Outbox): void {
    this.#answerPoll(outbox.payload);
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
      this.#answerPoll(CLOSE);
    }
    this.#boundEnd();
  }

  discard(): void {
    this.#finished = true;
    this.#answerPoll(NOOP);
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
      response.shouldKeepAlive = false;
      respond(response, 200, CLOSE);
      return;
    }
    if (this.#poll !== undefined) {
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
    if (request.headers['content-type'] === 'application/octet-stream') {
      refuse(request, response, 400);
      this.#end('transport error', 'invalid content');
      return;
    }
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    if (declaredBytes > this.#options.maxMessageBytes) {
      refuse(request, response, 413);
      return;
    }
    const post = { request, response };
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
      this.#onBody(body.bytes, post.response);
    });
  }

  #onResponseClosed(response: ServerResponse): void {
    this.#unanswered.delete(response);
    if (this.#unanswered.size === 0 && this.#endTimer !== undefined) {
      this.#wheel.cancel(this.#endTimer);
      this.#endTimer = undefined;
    }
    if (this.#poll === response) {
      this.#poll = undefined;
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
    this.#wheel.set(this.#endTimer, this.#wheel.now() + this.#options.closeTimeoutMs);
  }

  #onBody(body: Buffer, response: ServerResponse): void {
    let packets: readonly EnginePacket[];
    try {
      if (!isUtf8(body)) throw new ProtocolError('Cannot accept payload: it is not UTF-8');
      packets = parsePayload(body.toString(), { maxPackets: this.#options.maxPayloadPackets });
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
    respond(response, 200, OK, 'text/html');
  }

  #answerPoll(payload: Buffer): void {
    const response = this.#poll;
    if (response === undefined) return;
    this.#poll = undefined;
    respond(response, 200, payload);
  }

  /** The session is over by this transport's fault: the waiting GET is let go. */
  #end(fault: TransportFault, detail: string): void {
    if (this.#finished) return;
    this.close();
    this.owner.onTransportClosed(this, fault, detail);
  }
}

function respond(
  response: ServerResponse,
  status: number,
  body: Buffer,
  type = 'text/plain; charset=UTF-8',
): void {
  if (response.headersSent || response.destroyed) return;
  if (body.length > 0) response.setHeader('Content-Type', type);
  response.writeHead(status, { 'Content-Length': body.length, 'Cache-Control': 'no-store' });
  response.end(body);
}

/** Answers without reading the body, and ends the connection, on which the rest of the body would arrive. */
function refuse(request: IncomingMessage, response: ServerResponse, status: 400 | 413): void {
  request.resume();
  response.shouldKeepAlive = false;
  respond(response, status, Buffer.alloc(0));
}
