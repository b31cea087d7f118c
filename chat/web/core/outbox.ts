import type { Answer, Failure, Message, Quote, SendAsk } from '../../shared/events.ts';
import type { OutboxShelf } from './outbox-shelf.ts';

export type SendState =
  | { kind: 'pending' }
  /** No answer in time: the server may or may not have it. A retry cannot double it. */
  | { kind: 'unconfirmed' }
  | { kind: 'refused'; code: Failure['code']; reason: string };

/** What a person has written, before anything else is known about it. */
export interface Written {
  readonly room: string;
  readonly body: string;
  readonly replyTo?: Quote;
  readonly kind?: 'action';
}

/** Something said here that no answer has confirmed yet. */
export interface Unsent extends Written {
  readonly nonce: string;
  readonly by: number;
  readonly at: number;
  readonly state: SendState;
  /** Its author could not sign in again when they wrote it: once this browser forgets them, nobody comes back for it. */
  readonly isFleeting?: true;
}

export interface OutboxOptions {
  shelf: OutboxShelf;
  send: (ask: SendAsk) => Promise<Answer<{ message: Message }>>;
  makeNonce: () => string;
  now: () => number;
  /** Resolves after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  onChange: () => void;
  /** The answer to a send: called before the row leaves the outbox. */
  onConfirmed: (message: Message) => void;
  onRefused: (entry: Unsent, failure: Failure) => void;
  /** So many entries went with their author, who is known here no more. */
  onLost?: (count: number) => void;
}

/** Between attempts at a server that could not just now; one that asks us to slow down says for how long. */
const PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;
/** How often a server may fail at an entry before the person is told. */
const FAILURES = 4;

/**
 * What this person said and the server has not confirmed: shown at once, kept over reloads, sent in
 * order with one in flight for each room. A nonce is made once for each entry and kept through all retries, so the
 * server stores it at most once. An entry is its author's: whoever else uses this browser neither sees nor sends it.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #entries: readonly Unsent[] = [];
  /** Who this browser is; undefined until that is known. */
  #me: number | null | undefined;
  /** Who may send now, or undefined while there is no connection or no name. */
  #openFor: number | undefined;
  /** The rooms that are being sent to. */
  readonly #flushing = new Set<string>();
  /** Failures in a row, of the entry that is in flight in each room. */
  readonly #failures = new Map<string, number>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get entries(): readonly Unsent[] {
    return this.#entries;
  }

  in(room: string): readonly Unsent[] {
    return this.#entries.filter((entry) => entry.room === room);
  }

  /** Takes up what an earlier page left behind. */
  async restore(): Promise<void> {
    const kept = await this.#options.shelf.load();
    const present = new Set(this.#entries.map(({ nonce }) => nonce));
    const earlier = kept.filter(({ nonce }) => !present.has(nonce));
    if (earlier.length === 0) return;
    this.#entries = [...earlier.sort((a, b) => a.at - b.at), ...this.#entries];
    this.#dropLost();
    this.#options.onChange();
    if (this.#openFor !== undefined) this.open(this.#openFor);
  }

  /** Who this browser is by now. What a guest left who was forgotten is dropped: others are neither to see nor to send it. */
  belongTo(me: number | null): void {
    this.#me = me;
    this.#dropLost();
  }

  /** The connection is there: sends everything of this person, also what was not confirmed before. */
  open(by: number): void {
    this.#openFor = by;
    for (const entry of this.#entries) {
      if (entry.by === by && entry.state.kind === 'unconfirmed') this.#set(entry.nonce, { kind: 'pending' });
    }
    for (const room of new Set(this.#entries.map((entry) => entry.room))) void this.#flush(room);
  }

  close(): void {
    this.#openFor = undefined;
  }

  add(by: number, written: Written, isFleeting = false): void {
    const { makeNonce, now, shelf, onChange } = this.#options;
    const entry: Unsent = {
      ...written,
      nonce: makeNonce(),
      by,
      at: now(),
      state: { kind: 'pending' },
      ...(isFleeting && { isFleeting }),
    };
    this.#entries = [...this.#entries, entry];
    shelf.put(entry);
    onChange();
    void this.#flush(entry.room);
  }

  find(nonce: string): Unsent | undefined {
    return this.#entries.find((entry) => entry.nonce === nonce);
  }

  retry(nonce: string): void {
    this.#set(nonce, { kind: 'pending' });
    const room = this.find(nonce)?.room;
    if (room !== undefined) void this.#flush(room);
  }

  remove(nonce: string): void {
    if (!this.#entries.some((entry) => entry.nonce === nonce)) return;
    this.#entries = this.#entries.filter((entry) => entry.nonce !== nonce);
    this.#options.shelf.remove(nonce);
    this.#options.onChange();
  }

  /** Messages of the server, of which some may have been said here: their answers were lost. */
  saw(messages: readonly Message[]): void {
    for (const { nonce } of messages) if (nonce !== undefined) this.remove(nonce);
  }

  /** Drops what will not be sent any more. */
  forget(isOver: (entry: Unsent) => boolean): void {
    for (const { nonce } of this.#entries.filter(isOver)) this.remove(nonce);
  }

  #dropLost(): void {
    if (this.#me === undefined) return;
    const lost = this.#entries.filter(({ isFleeting, by }) => isFleeting && by !== this.#me);
    for (const { nonce } of lost) this.remove(nonce);
    if (lost.length > 0) this.#options.onLost?.(lost.length);
  }

  async #flush(room: string): Promise<void> {
    if (this.#flushing.has(room)) return;
    this.#flushing.add(room);
    for (let next = this.#next(room); next !== undefined; next = this.#next(room)) await this.#attempt(next);
    this.#flushing.delete(room);
  }

  #next(room: string): Unsent | undefined {
    return this.#entries.find(
      (entry) => entry.room === room && entry.by === this.#openFor && entry.state.kind === 'pending',
    );
  }

  async #attempt(entry: Unsent): Promise<void> {
    const { room, nonce } = entry;
    let answer: Answer<{ message: Message }>;
    try {
      answer = await this.#options.send(toAsk(entry));
    } catch {
      // Closed while waiting: the entry stays pending and goes out again after the reconnect.
      if (this.#openFor !== undefined) this.#set(nonce, { kind: 'unconfirmed' });
      return;
    }
    if (answer.ok) {
      this.#failures.delete(room);
      this.#options.onConfirmed({ ...answer.message, nonce });
      this.remove(nonce);
    } else if (this.#isPassing(room, answer)) {
      // Not the person's affair: the entry stays pending, and is tried again in its place.
      await this.#options.pause(Math.min(answer.waitMs ?? PAUSE_MS, MAX_PAUSE_MS));
    } else {
      this.#failures.delete(room);
      this.#set(nonce, { kind: 'refused', code: answer.code, reason: answer.text });
      this.#options.onRefused(entry, answer);
    }
  }

  /** Whether an entry that was not taken may be taken soon: after a burst, or while the server stops and starts. */
  #isPassing(room: string, { code }: Failure): boolean {
    if (code === 'too fast') return true;
    if (code !== 'failed') return false;
    const failures = (this.#failures.get(room) ?? 0) + 1;
    this.#failures.set(room, failures);
    return failures < FAILURES;
  }

  #set(nonce: string, state: SendState): void {
    let changed: Unsent | undefined;
    this.#entries = this.#entries.map((entry) => {
      if (entry.nonce !== nonce) return entry;
      changed = { ...entry, state };
      return changed;
    });
    if (changed === undefined) return;
    this.#options.shelf.put(changed);
    this.#options.onChange();
  }
}

function toAsk({ room, nonce, body, replyTo, kind }: Unsent): SendAsk {
  return { room, nonce, body, ...(replyTo && { replyTo: replyTo.seq }), ...(kind && { kind }) };
}
