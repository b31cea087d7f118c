/**
 * HTTP long-polling: the peer's packets come as bodies of POST requests, ours leave as answers to GET requests that wait
 * until there is something to say.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isUtf8 } from 'node:buffer';
import type { EnginePacket } from '../engineio/packet.ts';
import { parsePayload } from '../engineio/payload.ts';
import { ProtocolError } from '../errors.ts';
import { debug } from './debug.ts';
import type { Outbox } from './outbox.ts';
import type { Transport, TransportFault, TransportOwner } from './transport.ts';

const CLOSE = Buffer.from('1');
const NOOP = Buffer.from('6');

export interface PollingTransportOptions {
  readonly maxMessageBytes: number;
  readonly maxPayloadPackets: number;
}

export class PollingTransport implements Transport {
  readonly name = 'polling';
  owner: TransportOwner;
  readonly #options: PollingTransportOptions;
  /** The GET that waits for packets. */
  #poll: ServerResponse | undefined;
  /** A POST whose body is arriving. */
  #posting = false;
  #finished = false;
  #toldPeer = false;

  constructor(owner: TransportOwner, options: PollingTransportOptions) {
    this.owner = owner;
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
    if (this.#poll === undefined) return;
    this.#toldPeer = true;
    this.#answerPoll(CLOSE);
  }

  discard(): void {
    this.#finished = true;
    this.#answerPoll(NOOP);
  }

  /** A GET or POST of this session. Always answered. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'GET') this.#onPoll(response);
    else if (request.method === 'POST') this.#onPost(request, response);
    else refuse(request, response, 400);
  }

  #onPoll(response: ServerResponse): void {
    if (this.#finished) {
      respond(response, 200, CLOSE);
      return;
    }
    if (this.#poll !== undefined) {
      respond(response, 400, Buffer.from('{"code":3,"message":"Bad request"}'), JSON_TYPE);
      this.#end('transport error', 'overlap from client');
      return;
    }
    this.#poll = response;
    response.on('close', () => {
      if (this.#poll !== response) return;
      this.#poll = undefined;
      this.#end('transport error', 'poll connection closed prematurely');
    });
    this.owner.onWritable(this);
  }

  #onPost(request: IncomingMessage, response: ServerResponse): void {
    if (this.#posting) {
      refuse(request, response, 400);
      this.#end('transport error', 'data request overlap from client');
      return;
    }
    if (request.headers['content-type'] === 'application/octet-stream') {
      refuse(request, response, 400);
      this.#end('transport error', 'invalid content');
      return;
    }
    if (Number(request.headers['content-length'] ?? 0) > this.#options.maxMessageBytes) {
      refuse(request, response, 413);
      return;
    }
    this.#posting = true;
    this.#readBody(request, response);
  }

  #readBody(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#options.maxMessageBytes) {
        this.#posting = false;
        chunks.length = 0;
        request.removeAllListeners('data').removeAllListeners('end');
        refuse(request, response, 413);
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => {
      this.#posting = false;
      this.#onBody(Buffer.concat(chunks, bytes), response);
    });
    request.on('close', () => {
      if (!request.complete && this.#posting)
        this.#end('transport error', 'data request connection closed prematurely');
    });
  }

  #onBody(body: Buffer, response: ServerResponse): void {
    let packets: readonly EnginePacket[];
    try {
      if (!isUtf8(body)) throw new ProtocolError('Cannot accept payload: it is not UTF-8');
      packets = parsePayload(body.toString(), { maxPackets: this.#options.maxPayloadPackets });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      debug('Polling payload refused: %s', error.message);
      respond(response, 400, Buffer.from('{"code":3,"message":"Bad request"}'), JSON_TYPE);
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

const OK = Buffer.from('ok');
const JSON_TYPE = 'application/json';

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
