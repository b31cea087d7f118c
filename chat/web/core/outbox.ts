import type { Answer, Failure, Message } from '../../shared/events.ts';
import type { Storage } from './storage.ts';

export type SendState =
  | { kind: 'pending' }
  /** No answer in time: the server may or may not have it. A retry cannot double it. */
  | { kind: 'unconfirmed' }
  | { kind: 'refused'; code: Failure['code']; reason: string };

/** Something said here that no answer has confirmed yet. */
export interface Unsent {
  readonly nonce: string;
  readonly by: number;
  readonly room: string;
  readonly body: string;
  readonly at: number;
  readonly state: SendState;
}

export interface OutboxOptions {
  room: string;
  storage: Storage;
  send: (message: { room: string; nonce: string; body: string }) => Promise<Answer<{ message: Message }>>;
  makeNonce: () => string;
  now: () => number;
  /** Resolves after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  onChange: () => void;
  /** The answer to a send: called before the row leaves the outbox. */
  onConfirmed: (message: Message) => void;
  onRefused: (failure: Failure) => void;
}

const PREFIX = 'outbox:';
/** Between attempts at a server that asked us to slow down, or that could not just now. */
const PAUSE_MS = 500;
/** How often a server may fail at an entry before the person is told. */
const FAILURES = 4;

/**
 * What this person said and the server has not confirmed: shown at once, kept over reloads, sent in
 * order with one in flight. A nonce is made once for each entry and kept through all retries, so the
 * server stores it at most once.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #entries: readonly Unsent[];
  /** Who may send now, or undefined while there is no connection or no name. */
  #openFor: number | undefined;
  #isFlushing = false;
  /** Failures in a row, of the entry that is in flight. */
  #failures = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#entries = restore(options.storage, options.room);
  }

  get entries(): readonly Unsent[] {
    return this.#entries;
  }

  /** The connection is there: sends everything of this person, also what was not confirmed before. */
  open(by: number): void {
    this.#openFor = by;
    for (const entry of this.#entries) {
      if (entry.by === by && entry.state.kind === 'unconfirmed') this.#set(entry.nonce, { kind: 'pending' });
    }
    void this.#flush();
  }

  close(): void {
    this.#openFor = undefined;
  }

  add(by: number, body: string): void {
    const { makeNonce, now, room } = this.#options;
    const entry: Unsent = { nonce: makeNonce(), by, room, body, at: now(), state: { kind: 'pending' } };
    this.#entries = [...this.#entries, entry];
    this.#store(entry);
    this.#options.onChange();
    void this.#flush();
  }

  retry(nonce: string): void {
    this.#set(nonce, { kind: 'pending' });
    void this.#flush();
  }

  remove(nonce: string): void {
    if (!this.#entries.some((entry) => entry.nonce === nonce)) return;
    this.#entries = this.#entries.filter((entry) => entry.nonce !== nonce);
    this.#options.storage.remove(PREFIX + nonce);
    this.#options.onChange();
  }

  async #flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#attempt(next);
    this.#isFlushing = false;
  }

  #next(): Unsent | undefined {
    return this.#entries.find((entry) => entry.by === this.#openFor && entry.state.kind === 'pending');
  }

  async #attempt({ room, nonce, body }: Unsent): Promise<void> {
    let answer: Answer<{ message: Message }>;
    try {
      answer = await this.#options.send({ room, nonce, body });
    } catch {
      // Closed while waiting: the entry stays pending and goes out again after the reconnect.
      if (this.#openFor !== undefined) this.#set(nonce, { kind: 'unconfirmed' });
      return;
    }
    if (answer.ok) {
      this.#failures = 0;
      this.#options.onConfirmed({ ...answer.message, nonce });
      this.remove(nonce);
    } else if (this.#isPassing(answer)) {
      // Not the person's affair: the entry stays pending, and is tried again in its place.
      await this.#options.pause(PAUSE_MS);
    } else {
      this.#failures = 0;
      this.#set(nonce, { kind: 'refused', code: answer.code, reason: answer.text });
      this.#options.onRefused(answer);
    }
  }

  /** Whether an entry that was not taken may be taken soon: after a burst, or while the server stops and starts. */
  #isPassing({ code }: Failure): boolean {
    if (code === 'too fast') return true;
    if (code !== 'failed') return false;
    this.#failures += 1;
    return this.#failures < FAILURES;
  }

  #set(nonce: string, state: SendState): void {
    let changed: Unsent | undefined;
    this.#entries = this.#entries.map((entry) => {
      if (entry.nonce !== nonce) return entry;
      changed = { ...entry, state };
      return changed;
    });
    if (changed === undefined) return;
    this.#store(changed);
    this.#options.onChange();
  }

  /** One key for each entry, so that two tabs never overwrite each other's. */
  #store(entry: Unsent): void {
    this.#options.storage.write(PREFIX + entry.nonce, JSON.stringify(entry));
  }
}

function restore(storage: Storage, room: string): Unsent[] {
  const entries: Unsent[] = [];
  for (const key of storage.keys()) {
    if (!key.startsWith(PREFIX)) continue;
    const entry = parse(storage.read(key));
    if (entry === undefined) storage.remove(key);
    else if (entry.room === room) entries.push(entry);
  }
  return entries.sort((a, b) => a.at - b.at);
}

function parse(text: string | undefined): Unsent | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isUnsent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isUnsent(value: unknown): value is Unsent {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Unsent>;
  return (
    typeof entry.nonce === 'string' &&
    typeof entry.by === 'number' &&
    typeof entry.room === 'string' &&
    typeof entry.body === 'string' &&
    typeof entry.at === 'number' &&
    (entry.state?.kind === 'pending' ||
      entry.state?.kind === 'unconfirmed' ||
      (entry.state?.kind === 'refused' && typeof entry.state.reason === 'string'))
  );
}
