/** An HTTP long-polling client of the load generator, over plain TCP: one connection waits in a GET, another one POSTs. */
import { connect, type Socket } from 'node:net';
import type { Address, Client, ClientOwner } from './client.ts';
import { SEPARATOR } from './frames.ts';

/** One for all, as in websocket-client.ts. */
const CHUNK = Buffer.allocUnsafeSlow(256 * 1024);
const NOTHING = Buffer.alloc(0);
const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);

export class PollingClient implements Client {
  readonly index: number;
  readonly #owner: ClientOwner;
  readonly #port: number;
  readonly #get: Exchange;
  /** Opened with the first message: who only listens has none. */
  #post: Exchange | undefined;
  #path = '/socket.io/?EIO=4&transport=polling';
  #poll: Buffer = NOTHING;
  #expected: Buffer = NOTHING;
  #arrived = 0;
  #closing = false;

  private constructor(index: number, port: number, owner: ClientOwner) {
    this.index = index;
    this.#port = port;
    this.#owner = owner;
    this.#get = new Exchange(port, (reason) => this.#fault(reason));
  }

  static async open(index: number, { port }: Address, owner: ClientOwner): Promise<PollingClient> {
    const client = new PollingClient(index, port, owner);
    try {
      await client.#open();
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  get arrived(): number {
    return this.#arrived;
  }

  expect(bytes: Buffer): void {
    this.#expected = bytes;
    this.#arrived = 0;
  }

  /** What was sent before must have been taken: of two POSTs at a time, a server refuses one. */
  send(body: Buffer): void {
    this.#post ??= new Exchange(this.#port, (reason) => this.#fault(reason));
    this.#post.ask(this.#formatPost(body), (answer) => {
      if (answer.toString('latin1') !== 'ok') this.#fault(`a POST was answered with "${answer.toString()}"`);
    });
  }

  compareWith(): void {
    throw new Error('No work has polling clients and compression');
  }

  stall(): void {
    throw new Error('No work has polling clients that stop reading');
  }

  destroy(): void {
    this.#closing = true;
    this.#get.destroy();
    this.#post?.destroy();
  }

  async #open(): Promise<void> {
    const ask = (request: Buffer): Promise<string> =>
      new Promise((resolve, reject) => {
        this.#get.ask(request, (body) => resolve(body.toString()));
        this.#get.onFault = (reason) => reject(new Error(`Cannot open socket ${this.index}: ${reason}`));
      });
    const opened = await ask(this.#formatGet());
    const sid = /^0\{"sid":"([^"]+)"/.exec(opened)?.[1];
    if (sid === undefined) throw new Error(`Socket ${this.index} opened with "${opened}"`);
    this.#path += `&sid=${sid}`;
    this.#poll = this.#formatGet();
    await ask(this.#formatPost(Buffer.from('40')));
    const entered = await ask(this.#poll);
    if (!entered.startsWith('40{')) throw new Error(`Socket ${this.index} opened with "${entered}"`);
    this.#get.onFault = (reason) => this.#fault(reason);
    this.#ask();
  }

  #ask(): void {
    this.#get.ask(this.#poll, (body) => {
      this.#ask();
      this.#check(body);
    });
  }

  /** However the packets are shared out over the answers: joined again, they must be what is due. */
  #check(body: Buffer): void {
    const from = this.#arrived;
    const expected = this.#expected;
    const start = from > 0 && expected[from] === SEPARATOR_BYTE ? from + 1 : from;
    const to = start + body.length;
    if (to > expected.length || body.length === 0 || body.compare(expected, start, to) !== 0) {
      const [got, due] = [body.toString('latin1', 0, 200), expected.toString('latin1', start, start + 200)];
      this.#fault(`got ${JSON.stringify(got)} (${body.length} bytes) for ${JSON.stringify(due)}`);
      return;
    }
    this.#arrived = to;
    this.#owner.onArrived(this, from);
    if (to === expected.length) this.#owner.onComplete(this);
  }

  #formatGet(): Buffer {
    return Buffer.from(`GET ${this.#path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n\r\n`);
  }

  #formatPost(body: Buffer): Buffer {
    const head =
      `POST ${this.#path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n` +
      `Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  }

  #fault(reason: string): void {
    if (!this.#closing) this.#owner.onFault(`socket ${this.index}: ${reason}`);
  }
}

/** Requests and answers on one connection that is kept alive, one at a time. */
class Exchange {
  onFault: (reason: string) => void;
  readonly #tcp: Socket;
  readonly #waiting: { request: Buffer; onAnswer: (body: Buffer) => void }[] = [];
  #onAnswer: ((body: Buffer) => void) | undefined;
  #pending: Buffer = NOTHING;

  constructor(port: number, onFault: (reason: string) => void) {
    this.onFault = onFault;
    const callback = (bytes: number): boolean => {
      this.#onChunk(bytes);
      return true;
    };
    this.#tcp = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer: CHUNK, callback } });
    this.#tcp.on('error', (error) => this.onFault(error.message));
    this.#tcp.on('close', () => this.onFault('the server closed the connection'));
  }

  /** @param onAnswer gets a body that is gone when it returns */
  ask(request: Buffer, onAnswer: (body: Buffer) => void): void {
    if (this.#onAnswer !== undefined) {
      this.#waiting.push({ request, onAnswer });
      return;
    }
    this.#onAnswer = onAnswer;
    this.#tcp.write(request);
  }

  destroy(): void {
    this.#tcp.resetAndDestroy();
  }

  #onChunk(bytes: number): void {
    const chunk = CHUNK.subarray(0, bytes);
    const all = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    try {
      const answer = findAnswer(all);
      if (answer === undefined) {
        // Copied: the chunk's memory is every connection's.
        this.#pending = Buffer.from(all);
        return;
      }
      const onAnswer = this.#onAnswer;
      if (onAnswer === undefined || answer.end !== all.length) throw new Error('an answer to no request');
      this.#pending = NOTHING;
      this.#onAnswer = undefined;
      onAnswer(all.subarray(answer.start, answer.end));
      const next = this.#onAnswer === undefined ? this.#waiting.shift() : undefined;
      if (next !== undefined) this.ask(next.request, next.onAnswer);
    } catch (error) {
      this.onFault(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Where the body of the answer at the start of `bytes` lies; nothing while it is not all there. */
function findAnswer(bytes: Buffer): { start: number; end: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`the server answered "${head.slice(0, 40)}"`);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length === undefined) throw new Error('an answer without Content-Length');
  const start = headEnd + 4;
  const end = start + Number(length);
  return end > bytes.length ? undefined : { start, end };
}
