/**
 * What a client repeats, since it did not hear the answer, is handled once and answered with the same words. The answer is
 * noted in the log, in one transaction with what was said in the turn in which it was given: neither without the other.
 */
import type { ResolvedReceiveOnce } from '../options.ts';
import type { EngineMessages } from '../socketio/codec.ts';
import type { EventData, Packet } from '../socketio/packet.ts';
import { type Answer, onlyOnce } from './acks.ts';
import type { Socket } from './socket.ts';

export interface ReceivedOnceHost {
  readonly name: string;
  /** Milliseconds, on a clock that never goes back. */
  now(): number;
  encode(packet: Packet): EngineMessages;
  decode(messages: EngineMessages): EventData | undefined;
}

/** Answers by key, which outlive what the log outlives. */
export interface KeptAnswers {
  find(key: string): unknown;
  keep(key: string, answer: unknown): void;
}

/**
 * Runs the handlers of an event. With true, `done` says that they have been called: they may answer later. With false, that
 * they never were, or that they failed: the event counts as not received, unless it was answered.
 */
export type Handle = (answer: Answer | undefined, done: (isHandled: boolean) => void) => void;

/** An event whose answer is to come, and those who have said it again. */
interface Handling {
  readonly since: number;
  readonly waiting: { readonly answer: Answer | undefined; readonly again: () => void }[];
}

const MAX_ID_CHARS = 64;
/** Of one event. Who repeats itself more often hears the answer to the first ones. */
const MAX_WAITING = 16;

export class ReceivedOnce {
  readonly #host: ReceivedOnceHost;
  readonly #kept: KeptAnswers;
  readonly #options: ResolvedReceiveOnce;
  /** Oldest first. */
  readonly #handling = new Map<string, Handling>();

  constructor(host: ReceivedOnceHost, kept: KeptAnswers, options: ResolvedReceiveOnce) {
    this.#host = host;
    this.#kept = kept;
    this.#options = options;
  }

  /** Handles an event, or answers it as it was answered before: at once, or when it is. */
  receive(socket: Socket, event: readonly unknown[], answer: Answer | undefined, handle: Handle): void {
    const id = this.#options.idOf(String(event[0]), event.slice(1));
    if (typeof id !== 'string' || id === '' || id.length > MAX_ID_CHARS) handle(answer, () => {});
    else this.#receive(this.#keyOf(socket, id), answer, handle);
  }

  #receive(key: string, answer: Answer | undefined, handle: Handle): void {
    const kept = this.#kept.find(key);
    if (kept !== undefined) {
      answer?.(...this.#decode(kept as EngineMessages));
      return;
    }
    const before = this.#handling.get(key);
    if (before !== undefined && before.since > this.#host.now() - this.#options.maxAgeMs) {
      const again = (): void => this.#receive(key, answer, handle);
      if (before.waiting.length < MAX_WAITING) before.waiting.push({ answer, again });
      return;
    }
    const handling = this.#begin(key);
    const respond = onlyOnce((data) => {
      const encoded = this.#encode(data);
      this.#end(key, handling);
      this.#keep(key, encoded);
      answer?.(...data);
      for (const other of handling.waiting) other.answer?.(...data);
    });
    handle(answer && respond, (isHandled) => {
      if (isHandled && answer === undefined) respond();
      else if (!isHandled && this.#end(key, handling)) for (const { again } of handling.waiting) again();
    });
  }

  #begin(key: string): Handling {
    this.#handling.delete(key);
    for (const oldest of this.#handling.keys()) {
      if (this.#handling.size < this.#options.maxIds) break;
      this.#handling.delete(oldest);
    }
    const handling = { since: this.#host.now(), waiting: [] };
    this.#handling.set(key, handling);
    return handling;
  }

  /** @returns false if it is over already */
  #end(key: string, handling: Handling): boolean {
    return this.#handling.get(key) === handling && this.#handling.delete(key);
  }

  #keep(key: string, answer: EngineMessages): void {
    const bytes = answer.reduce((sum, message) => sum + message.length, 0);
    if (bytes <= this.#options.maxAnswerBytes) this.#kept.keep(key, answer);
  }

  #keyOf(socket: Socket, id: string): string {
    const identity = this.#options.identityOf(socket);
    return JSON.stringify(identity === undefined ? [id, socket.id] : [id, 'of', identity]);
  }

  /** As the clients get it, in an event without a name: whatever the user does with it later, it is the same. */
  #encode(data: readonly unknown[]): EngineMessages {
    const messages = this.#host.encode({ type: 'event', namespace: this.#host.name, data: ['', ...data] });
    return messages.map((message) => (typeof message === 'string' ? message : Buffer.from(message)));
  }

  #decode(messages: EngineMessages): unknown[] {
    return this.#host.decode(messages)?.slice(1) ?? [];
  }
}
