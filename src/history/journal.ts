/**
 * One namespace's way into its log: what a turn of the event loop has to keep is gathered, and committed before the first
 * byte of that turn leaves (durable before delivered).
 */
import type {
  KeepRule,
  LogEntry,
  LogPage,
  LogStream,
  Note,
  NoteKind,
  PageLimits,
  Wanted,
} from './history-log.ts';

export interface JournalHost {
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Calls back once, before the first byte of this turn leaves. */
  beforeFlush(callback: () => void): void;
  /** Something could not be kept: the disk is full, for instance. */
  onKeepError(error: unknown): void;
}

/** How long a namespace's events are kept. */
export interface KeepRules {
  readonly ofNamespace: KeepRule;
  /** A room's own rule: false if what is sent to it is not kept, nothing if the namespace's holds. The same each time. */
  ofRoom(room: string): KeepRule | false | undefined;
}

const MAX_UNTRIMMED = 256;

export class Journal {
  readonly #stream: LogStream;
  readonly #host: JournalHost;
  readonly #rules: KeepRules;
  readonly #turnNotes: () => Iterable<Note>;
  #entries: LogEntry[] = [];
  #notes = new Map<string, Note>();
  /** Entries on each shelf since it was trimmed. */
  readonly #untrimmed = new Map<string, number>();
  #head: number;
  /** What could not be kept is gone, as if it had been trimmed. */
  #lostThrough = 0;
  #isScheduled = false;
  #isClosed = false;
  readonly #commitOnce = (): void => {
    this.#isScheduled = false;
    this.commit();
  };

  /** @param turnNotes more notes, asked for when a turn is committed */
  constructor(stream: LogStream, host: JournalHost, rules: KeepRules, turnNotes: () => Iterable<Note>) {
    this.#stream = stream;
    this.#host = host;
    this.#rules = rules;
    this.#turnNotes = turnNotes;
    this.#head = stream.head;
  }

  /** The offset of the newest entry, committed or not. */
  get head(): number {
    return this.#head;
  }

  position(offset: number): string {
    return this.#stream.position(offset);
  }

  offsetOf(position: string): number | undefined {
    this.#commitEntries();
    return this.#stream.offsetOf(position);
  }

  /** Keeps an entry, whose offset is `head + 1`. */
  keep(entry: Omit<LogEntry, 'at'>): void {
    if (this.#isClosed) return;
    this.#head = entry.offset;
    this.#entries.push({ ...entry, at: this.#host.wallNow() });
    this.schedule();
  }

  /** Keeps a note; without a value, forgets it. */
  put(kind: NoteKind, key: string, value: unknown, at: number = this.#host.wallNow()): void {
    if (this.#isClosed) return;
    this.#notes.set(`${kind} ${key}`, { kind, key, at, value });
    this.schedule();
  }

  note(kind: NoteKind, key: string): Note | undefined {
    const pending = this.#notes.get(`${kind} ${key}`);
    if (pending === undefined) return this.#stream.note(kind, key);
    return pending.value === undefined ? undefined : pending;
  }

  /** Asks for a commit at the end of this turn. */
  schedule(): void {
    if (this.#isScheduled || this.#isClosed) return;
    this.#isScheduled = true;
    this.#host.beforeFlush(this.#commitOnce);
  }

  /** Commits what waits. What cannot be kept is delivered all the same, but nobody catches up over it. */
  commit(): void {
    if (this.#isClosed) return;
    for (const note of this.#turnNotes()) this.#notes.set(`${note.kind} ${note.key}`, note);
    if (this.#entries.length === 0 && this.#notes.size === 0) return;
    const [entries, notes] = [this.#entries, [...this.#notes.values()]];
    this.#entries = [];
    this.#notes = new Map();
    try {
      this.#stream.commit({ entries, notes });
      for (const { shelf } of entries) this.#untrimmed.set(shelf, (this.#untrimmed.get(shelf) ?? 0) + 1);
      for (const shelf of new Set(entries.map((entry) => entry.shelf))) this.#trimSometimes(shelf);
    } catch (error) {
      this.#lostThrough = this.#head;
      this.#host.onKeepError(error);
    }
  }

  since(after: number, wanted: Wanted, limits: PageLimits): LogPage {
    this.#commitEntries();
    return this.#stream.since(after, wanted, limits);
  }

  before(offset: number, wanted: Wanted, limits: PageLimits): readonly LogEntry[] {
    this.#commitEntries();
    return this.#stream.before(offset, wanted, limits);
  }

  /** Whether something above an offset that was sent to these rooms, or to everybody, is gone. */
  hasGap(after: number, rooms: Iterable<string>): boolean {
    this.#commitEntries();
    if (this.#lostThrough > after || this.#stream.goneThrough('') > after) return true;
    for (const room of rooms) {
      if (typeof this.#rules.ofRoom(room) === 'object' && this.#stream.goneThrough(room) > after) return true;
    }
    return false;
  }

  /**
   * Where an entry for these rooms is kept: what is for one room by that room's rule, if it has one; what is for several or
   * all, by the namespace's. Nothing: it is not kept.
   */
  shelfOf(rooms: ReadonlySet<string>): string | undefined {
    const [room] = rooms;
    if (rooms.size !== 1 || room === undefined || room === '') return '';
    const rule = this.#rules.ofRoom(room);
    if (rule === undefined) return '';
    return rule === false ? undefined : room;
  }

  /** Lets go of entries that are too old. @returns whether there are others */
  trim(): boolean {
    this.commit();
    for (const shelf of this.#stream.shelves()) this.#trim(shelf);
    return [...this.#stream.shelves()].length > 0;
  }

  /** Lets go of notes that are older than `before`, or too many. */
  sweep(kind: NoteKind, before: number, max: number): void {
    if (this.#isClosed) return;
    this.commit();
    this.#stream.sweep(kind, before, max);
  }

  /** Commits what waits. After it, nothing is kept. */
  close(): void {
    this.commit();
    this.#isClosed = true;
    this.#stream.close();
  }

  /** Not after each turn: in some logs it costs as much as a commit. A shelf has a tenth too many at most. */
  #trimSometimes(shelf: string): void {
    const rule = this.#ruleOf(shelf);
    const count = this.#untrimmed.get(shelf) ?? 0;
    if (rule === undefined || count >= Math.min(MAX_UNTRIMMED, rule.maxEvents / 10)) this.#trim(shelf);
  }

  /** Before entries are read. Notes can wait for the end of the turn: a thousand clients that come back are one commit. */
  #commitEntries(): void {
    if (this.#entries.length > 0) this.commit();
  }

  #trim(shelf: string): void {
    this.#untrimmed.delete(shelf);
    const rule = this.#ruleOf(shelf);
    if (rule !== undefined) this.#stream.trim(shelf, rule, this.#host.wallNow());
  }

  #ruleOf(shelf: string): KeepRule | undefined {
    const rule = shelf === '' ? this.#rules.ofNamespace : this.#rules.ofRoom(shelf);
    return typeof rule === 'object' ? rule : undefined;
  }
}
