/**
 * A client that keeps the rules of the page's outbox: one send in flight, a nonce for each message that is kept over all
 * retries, and catching up by `rev` after each connect. What it holds at the end is its view of the room.
 */
import { randomBytes } from 'node:crypto';
import { type Socket, io } from 'socket.io-client';
import type { Answer, ClientToServer, Entered, Message, ServerToClient } from '../shared/events.ts';

const ROOM = { room: 'general' };
const ANSWER_MS = 2_000;

export interface Said {
  nonce: string;
  body: string;
}

export class ChaosClient {
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #onAcknowledged: () => void;
  readonly #outbox: Said[] = [];
  readonly #view = new Map<number, Message>();
  #rev = 0;
  #isIn = false;
  #isFlushing = false;
  #waiting: { until: () => boolean; resolve: () => void }[] = [];
  /** What the server answered for, by nonce. */
  readonly acknowledged: Map<string, Message> = new Map();
  /** Sends that had to be repeated. */
  retries: number = 0;

  constructor(url: string, cookie: string, onAcknowledged: () => void) {
    this.#onAcknowledged = onAcknowledged;
    this.#socket = io(url, {
      forceNew: true,
      transports: ['websocket'],
      extraHeaders: { cookie },
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
    });
    this.#socket.on('connect', () => void this.#enter());
    this.#socket.on('disconnect', () => (this.#isIn = false));
    this.#socket.on('message', (message) => this.#receive(message));
  }

  /** The messages in the order of the room. */
  get view(): Message[] {
    return [...this.#view.values()].toSorted((a, b) => a.seq - b.seq);
  }

  get pending(): number {
    return this.#outbox.length;
  }

  say(body: string): void {
    this.#outbox.push({ nonce: randomBytes(16).toString('hex'), body });
    void this.#flush();
  }

  /** Resolves when everything is said and the view reaches so far. */
  settled(lastSeq: () => number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ until: () => this.#outbox.length === 0 && this.#view.has(lastSeq()), resolve });
    this.#check();
    return promise;
  }

  close(): void {
    this.#socket.disconnect();
  }

  async #enter(): Promise<void> {
    const answer = await this.#ask<Entered>('enter', { ...ROOM, rev: this.#rev });
    if (answer?.ok !== true) {
      // The server died before it answered: the next connect enters again.
      if (this.#socket.connected) this.#socket.disconnect().connect();
      return;
    }
    for (const message of answer.messages) this.#receive(message);
    if (!answer.caughtUp) await this.#fetchMissing(answer);
    this.#rev = Math.max(this.#rev, answer.room.rev);
    this.#isIn = true;
    void this.#flush();
  }

  /** More was missed than is told at once: page forward from what we have. */
  async #fetchMissing({ room }: Entered): Promise<void> {
    for (let after = 0; after < room.lastSeq;) {
      const page = await this.#ask<{ messages: Message[] }>('history', { ...ROOM, after, limit: 100 });
      if (page?.ok !== true) return;
      for (const message of page.messages) this.#receive(message);
      after = page.messages.at(-1)?.seq ?? room.lastSeq;
    }
  }

  #receive(message: Message): void {
    const known = this.#view.get(message.seq);
    if (known === undefined || known.rev < message.rev) this.#view.set(message.seq, message);
    if (this.#isIn) this.#rev = Math.max(this.#rev, message.rev);
    this.#check();
  }

  async #flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    for (let next = this.#outbox[0]; next !== undefined && this.#isIn; next = this.#outbox[0]) {
      const answer = await this.#ask<{ message: Message }>('send', { ...ROOM, ...next });
      if (answer?.ok !== true) {
        this.retries += 1;
        continue;
      }
      const { nonce: _, ...message } = answer.message;
      this.acknowledged.set(next.nonce, message);
      this.#outbox.shift();
      this.#receive(message);
      this.#onAcknowledged();
    }
    this.#isFlushing = false;
  }

  /** Null when no answer came: whether it was done, nobody knows. */
  async #ask<T>(event: string, payload: object): Promise<Answer<T> | null> {
    const loose = this.#socket.timeout(ANSWER_MS) as unknown as {
      emitWithAck(event: string, payload: object): Promise<Answer<T>>;
    };
    try {
      return await Promise.race([loose.emitWithAck(event, payload), this.#lost()]);
    } catch {
      return null;
    }
  }

  #lost(): Promise<null> {
    const { promise, resolve } = Promise.withResolvers<null>();
    this.#socket.once('disconnect', () => resolve(null));
    return promise;
  }

  #check(): void {
    this.#waiting = this.#waiting.filter(({ until, resolve }) => {
      if (!until()) return true;
      resolve();
      return false;
    });
  }
}
