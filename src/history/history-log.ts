/**
 * The contract of what was said, kept: one stream of events for each namespace, and notes beside it.
 *
 * Laws of a stream:
 * 1. Offsets are whole numbers and grow by one with each entry: `head` is the newest, 0 before the first. A gap is never
 *    filled, and no offset is given twice.
 * 2. `commit` keeps all of a batch or nothing. When it returns, the batch outlives whatever the log promises to outlive;
 *    when it throws, nothing has changed. Each entry lies above `head` and above the one before it: others are refused.
 * 3. `since` gives each entry above `after` that matches once, oldest first, in pages; `through` tells how far a page goes
 *    even where nothing matched. `before` gives the newest entries below an offset, oldest first.
 * 4. Each entry lies on one shelf. `trim` takes the first of a shelf until the rest is within its rule, and nothing else:
 *    at once, or where they are many in several calls, each of which takes more than came since the one before it.
 *    `goneThrough` tells the offset up to which a shelf has lost something: never less than the truth, never going back.
 * 5. `offsetOf` knows a position of this stream, written before or after a restart, and no other: a position that was
 *    never given, of another stream, or of a future that this stream has lost, is `undefined`. An offset has one position.
 * 6. Notes are as of the last commit that named them. What is too old or too many is gone after `sweep`, oldest first; what
 *    does not grow old is not counted, and stays.
 * 7. Streams of one log know nothing of each other. The same name is the same stream.
 * 8. After `close`, every method throws but `close`.
 */

/** An event, and whom it was for. Never changes. */
export interface LogEntry {
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The rooms it was sent to, each once; none if it was for the whole namespace. */
  readonly rooms: readonly string[];
  /** The rooms that were left out. */
  readonly except: readonly string[];
  /** Under which rule it is kept: the name of a room that has one of its own, or '' for the namespace's. */
  readonly shelf: string;
  /** The event as the server's parser encoded it. */
  readonly messages: readonly (string | Buffer)[];
}

/** Which entries are meant: those that name one of the rooms, and with `everybody` those that name none. */
export interface Wanted {
  readonly rooms: ReadonlySet<string>;
  readonly everybody: boolean;
}

/** How long things are kept. `Infinity` means no limit. */
export interface KeepRule {
  readonly maxAgeMs: number;
  readonly maxEvents: number;
  /** Of the encoded events. */
  readonly maxBytes: number;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Everything up to here has been looked at. */
  readonly through: number;
}

/** What is kept beside the events: the sessions of clients, answers that were given. */
export type NoteKind = 'session' | 'answer';

export interface Note {
  readonly kind: NoteKind;
  readonly key: string;
  /** Milliseconds since 1970; by this it grows old. `Infinity`: it does not. */
  readonly at: number;
  /** Whatever `structuredClone` can copy, and nobody changes any more; nothing: the note is to go. */
  readonly value: unknown;
}

/** What one turn of the event loop has to keep. */
export interface Batch {
  readonly entries: readonly LogEntry[];
  readonly notes: readonly Note[];
}

export interface LogStream {
  readonly head: number;
  /**
   * @throws {RangeError} for an offset that is not above `head`
   * @throws {TypeError} for a note's value that cannot be copied, where it must be
   * @throws {Error} when it cannot be kept, a full disk for instance
   */
  commit(batch: Batch): void;
  since(after: number, wanted: Wanted, limits: PageLimits): LogPage;
  before(offset: number, wanted: Wanted, limits: PageLimits): readonly LogEntry[];
  /** @param now milliseconds since 1970 */
  trim(shelf: string, rule: KeepRule, now: number): void;
  goneThrough(shelf: string): number;
  /** The shelves that something lies on. */
  shelves(): Iterable<string>;
  /** The name of an offset for the world outside: opaque, and known again after a restart. */
  position(offset: number): string;
  offsetOf(position: string): number | undefined;
  note(kind: NoteKind, key: string): Note | undefined;
  /** Forgets notes that are older than `before`, and the oldest while there are more than `max`. */
  sweep(kind: NoteKind, before: number, max: number): void;
  close(): void;
}

/** A page has at least one entry, if there is one, and ends where the next would go over a limit. */
export interface PageLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export interface HistoryLog {
  /** Whether what is committed outlives the process. Then sessions are noted while they live, not only when they are lost. */
  readonly outlivesProcess: boolean;
  /** @param now milliseconds since 1970. Sessions that a dead process left open count as lost from then on. */
  open(stream: string, now: number): LogStream;
  close(): void;
}

/** What an entry counts for: its encoded bytes, near enough. */
export function sizeOf({ messages }: LogEntry): number {
  return messages.reduce((sum, message) => sum + message.length, 0);
}

/** @throws {RangeError} unless each entry lies above `head` and above the one before it (law 2) */
export function checkOffsets(entries: readonly LogEntry[], head: number): void {
  let last = head;
  for (const { offset } of entries) {
    if (!(Number.isSafeInteger(offset) && offset > last)) {
      throw new RangeError(
        `Cannot keep an entry at offset "${offset}": it must be a whole number above ${last}`,
      );
    }
    last = offset;
  }
}
