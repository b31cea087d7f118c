/** One stream of a `SqliteLog`. What is asked at each event is in memory: `head`, the epochs, what each shelf counts for. */
import { deserialize, serialize } from 'node:v8';
import { StateError } from '../errors.ts';
import { EmptyShelves } from './empty-shelves.ts';
import {
  type Batch,
  checkOffsets,
  type KeepRule,
  type LogEntry,
  type LogPage,
  type LogStream,
  type Note,
  type NoteKind,
  type PageLimits,
  sizeOf,
  type Wanted,
} from './history-log.ts';
import { cutPage, merged } from './pages.ts';
import { formatPosition, parsePosition } from './position.ts';
import { RecentEntries } from './recent-entries.ts';
import {
  decodeMessages,
  encodeMessages,
  EVERYBODY,
  formatNames,
  type Key,
  keyOf,
  nameOf,
  parseNames,
} from './sqlite-rows.ts';
import type { Place, Statements } from './sqlite-statements.ts';

/** What one `trim` takes beyond what came since the one before it: a few milliseconds' worth. */
const TRIM_STEP = 256;
/** How many entries are counted again, at most, for each shelf when the stream is opened. */
const MOST_UNCOUNTED = 1_000;
/** How many offsets of a room are read at once: as many as a page may need of each, then more and more. */
const FEWEST_OFFSETS = 2;
const MOST_OFFSETS = 1_024;

/** Whose offsets these are: from `first` up to where the next epoch begins. */
interface Epoch {
  readonly name: string;
  readonly first: number;
}

/** What is on a shelf. Replaced as a whole, once the file has it. */
interface Shelf {
  readonly events: number;
  readonly bytes: number;
  readonly goneThrough: number;
  /** How many came since the last trim. */
  readonly added: number;
  /** How many came since this was written down. */
  readonly uncounted: number;
}

export interface Opening {
  readonly name: string;
  /** Of the log: the stream's own is made of it. */
  readonly epoch: string;
  readonly now: number;
  readonly onClose: () => void;
}

export class SqliteStream implements LogStream {
  readonly #statements: Statements;
  readonly #id: number;
  /** From offset 0 on, without a hole. The last is ours. */
  readonly #epochs: readonly Epoch[];
  /** Those that have entries. */
  readonly #shelves = new Map<string, Shelf>();
  readonly #emptyShelves: EmptyShelves;
  readonly #recent = new RecentEntries();
  readonly #onClose: () => void;
  #head: number;
  #isOpen = true;

  constructor(statements: Statements, { name, epoch, now, onClose }: Opening) {
    this.#statements = statements;
    this.#onClose = onClose;
    statements.addStream.run(keyOf(name));
    const [id = 0, goneElsewhere = 0] = statements.stream.first(keyOf(name)) ?? [];
    this.#id = id;
    this.#head = goneElsewhere;
    this.#emptyShelves = new EmptyShelves(goneElsewhere);
    this.#loadShelves();
    this.#epochs = this.#beginEpoch(`${epoch}-${id.toString(36)}`);
    statements.loseOpenSessions.run(now, id);
  }

  get head(): number {
    return this.#head;
  }

  commit({ entries, notes }: Batch): void {
    this.#check();
    checkOffsets(entries, this.#head);
    if (entries.length === 0 && notes.length === 0) return;
    // What cannot be kept throws here, before anything is written.
    const values = notes.map(serializeValue);
    const shelves = this.#withEntries(entries);
    const { setNote, removeNote } = this.#statements;
    const head = entries.at(-1)?.offset ?? this.#head;
    this.#statements.transaction(() => {
      for (const entry of entries) this.#addEntry(entry);
      for (const [name, shelf] of shelves) {
        if (shelf.uncounted > MOST_UNCOUNTED) this.#writeShelf(name, shelf, head);
      }
      for (const [index, { kind, key, at }] of notes.entries()) {
        const value = values[index];
        if (value === undefined) removeNote.run(this.#id, kind, keyOf(key));
        else setNote.run(this.#id, kind, keyOf(key), at === Infinity ? null : at, value);
      }
    });
    for (const [name, shelf] of shelves) {
      this.#shelves.set(name, shelf.uncounted > MOST_UNCOUNTED ? { ...shelf, uncounted: 0 } : shelf);
      this.#emptyShelves.delete(name);
    }
    this.#head = head;
  }

  since(after: number, wanted: Wanted, limits: PageLimits): LogPage {
    this.#check();
    const keys = keysOf(wanted);
    const lists = keys.map((room) => this.#above(room, after, firstCount(limits, keys)));
    const { page, isLast } = cutPage(this.#entriesAt(merged(lists, isOlder)), limits);
    return { entries: page, through: isLast ? Math.max(after, this.#head) : (page.at(-1)?.offset ?? after) };
  }

  before(offset: number, wanted: Wanted, limits: PageLimits): readonly LogEntry[] {
    this.#check();
    const keys = keysOf(wanted);
    const lists = keys.map((room) => this.#below(room, offset, firstCount(limits, keys)));
    return cutPage(this.#entriesAt(merged(lists, isNewer)), limits).page.toReversed();
  }

  trim(name: string, rule: KeepRule, now: number): void {
    this.#check();
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) return;
    let { events, bytes, goneThrough } = shelf;
    const most = TRIM_STEP + shelf.added;
    const taken: (readonly [offset: number, rooms: string | null])[] = [];
    for (const [offset, at, size, rooms] of this.#statements.entriesOnShelf.each(this.#id, keyOf(name))) {
      const isOver = events > rule.maxEvents || bytes > rule.maxBytes;
      if ((!isOver && at >= now - rule.maxAgeMs) || taken.length === most) break;
      taken.push([offset, rooms]);
      events -= 1;
      bytes -= size;
      goneThrough = offset;
    }
    if (taken.length === 0) {
      this.#shelves.set(name, { ...shelf, added: 0 });
      return;
    }
    const left: Shelf = { events, bytes, goneThrough, added: 0, uncounted: 0 };
    this.#remove(name, taken, left);
    if (events > 0) {
      this.#shelves.set(name, left);
    } else {
      this.#shelves.delete(name);
      this.#addEmptyShelf(name, goneThrough);
    }
  }

  goneThrough(shelf: string): number {
    this.#check();
    return this.#shelves.get(shelf)?.goneThrough ?? this.#emptyShelves.goneThrough(shelf);
  }

  shelves(): Iterable<string> {
    this.#check();
    return this.#shelves.keys();
  }

  position(offset: number): string {
    this.#check();
    return formatPosition({ epoch: this.#epochs[this.#epochAt(offset)]?.name ?? '', offset });
  }

  offsetOf(text: string): number | undefined {
    this.#check();
    const position = parsePosition(text);
    if (position === undefined || position.offset > this.#head) return undefined;
    const { epoch, offset } = position;
    // Whoever speaks of an offset that another epoch has given means an entry that was lost.
    return this.#epochs[this.#epochAt(offset)]?.name === epoch ? offset : undefined;
  }

  note(kind: NoteKind, key: string): Note | undefined {
    this.#check();
    const row = this.#statements.note.first(this.#id, kind, keyOf(key));
    if (row === undefined) return undefined;
    try {
      return { kind, key, at: row[0] ?? Infinity, value: deserialize(row[1]) };
    } catch {
      // Written by a newer Node, and this one cannot read it: as good as none.
      return undefined;
    }
  }

  sweep(kind: NoteKind, before: number, max: number): void {
    this.#check();
    const { removeNotesBefore, countNotes, removeOldestNotes } = this.#statements;
    this.#statements.transaction(() => {
      removeNotesBefore.run(this.#id, kind, before);
      const [count = 0] = countNotes.first(this.#id, kind) ?? [];
      if (count > max) removeOldestNotes.run(this.#id, kind, count - max);
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose();
  }

  /** Where the entries are that name a room, or nobody in particular. */
  *#above(room: Key, after: number, count: number): Generator<Place, void> {
    for (let [last, limit] = [after, count]; ; limit = Math.min(limit * 4, MOST_OFFSETS)) {
      const places = this.#statements.addressedAbove.all(this.#id, room, last, limit);
      yield* places;
      if (places.length < limit) return;
      last = places.at(-1)?.[0] ?? Infinity;
    }
  }

  *#below(room: Key, offset: number, count: number): Generator<Place, void> {
    for (let [last, limit] = [offset, count]; ; limit = Math.min(limit * 4, MOST_OFFSETS)) {
      const places = this.#statements.addressedBelow.all(this.#id, room, last, limit);
      yield* places;
      if (places.length < limit) return;
      last = places.at(-1)?.[0] ?? 0;
    }
  }

  *#entriesAt(places: Iterable<Place>): Generator<LogEntry, void> {
    for (const [offset, shelf] of places) {
      const entry = this.#recent.get(offset) ?? this.#read(offset, shelf);
      if (entry !== undefined) yield entry;
    }
  }

  #read(offset: number, shelf: Key): LogEntry | undefined {
    const row = this.#statements.entry.first(this.#id, shelf, offset);
    if (row === undefined) return undefined;
    const [at, rooms, leftOut, messages] = row;
    const entry: LogEntry = {
      offset,
      at,
      rooms: parseNames(rooms),
      except: parseNames(leftOut),
      shelf: nameOf(shelf),
      messages: decodeMessages(messages),
    };
    this.#recent.add(entry);
    return entry;
  }

  #addEntry(entry: LogEntry): void {
    const { offset, at, rooms, except, messages } = entry;
    const { addEntry, address } = this.#statements;
    const shelf = keyOf(entry.shelf);
    addEntry.run(
      this.#id,
      shelf,
      offset,
      at,
      sizeOf(entry),
      formatNames(rooms),
      formatNames(except),
      encodeMessages(messages),
    );
    if (rooms.length === 0) address.run(this.#id, EVERYBODY, offset, shelf);
    for (const room of rooms) address.run(this.#id, keyOf(room), offset, shelf);
  }

  /** The shelves that some entries are for, with them. */
  #withEntries(entries: readonly LogEntry[]): Map<string, Shelf> {
    const shelves = new Map<string, Shelf>();
    for (const entry of entries) {
      const name = entry.shelf;
      const { events, bytes, goneThrough, added, uncounted } =
        shelves.get(name) ?? this.#shelves.get(name) ?? this.#emptyShelf(name);
      shelves.set(name, {
        events: events + 1,
        bytes: bytes + sizeOf(entry),
        goneThrough,
        added: added + 1,
        uncounted: uncounted + 1,
      });
    }
    return shelves;
  }

  #emptyShelf(name: string): Shelf {
    // Its first entry writes it down.
    const goneThrough = this.#emptyShelves.goneThrough(name);
    return { events: 0, bytes: 0, goneThrough, added: 0, uncounted: MOST_UNCOUNTED };
  }

  #writeShelf(name: string, { events, bytes, goneThrough }: Shelf, countedThrough: number): void {
    this.#statements.setShelf.run(this.#id, keyOf(name), events, bytes, goneThrough, countedThrough);
  }

  #loadShelves(): void {
    const { shelves, uncounted } = this.#statements;
    for (const [key, events, bytes, goneThrough, countedThrough] of shelves.all(this.#id)) {
      const [moreEvents = 0, moreBytes = 0, last = 0] = uncounted.first(this.#id, key, countedThrough) ?? [];
      this.#head = Math.max(this.#head, countedThrough, last);
      const name = nameOf(key);
      if (events + moreEvents === 0) {
        this.#addEmptyShelf(name, goneThrough);
      } else {
        this.#shelves.set(name, {
          events: events + moreEvents,
          bytes: bytes + moreBytes,
          goneThrough,
          added: 0,
          uncounted: moreEvents,
        });
      }
    }
  }

  #remove(
    name: string,
    taken: readonly (readonly [offset: number, rooms: string | null])[],
    left: Shelf,
  ): void {
    const { removeEntries, unaddress } = this.#statements;
    this.#statements.transaction(() => {
      for (const [offset, rooms] of taken) {
        if (rooms === null) unaddress.run(this.#id, EVERYBODY, offset);
        for (const room of parseNames(rooms)) unaddress.run(this.#id, keyOf(room), offset);
      }
      removeEntries.run(this.#id, keyOf(name), left.goneThrough);
      this.#writeShelf(name, left, this.#head);
    });
  }

  #addEmptyShelf(name: string, goneThrough: number): void {
    const forgotten = this.#emptyShelves.add(name, goneThrough);
    if (forgotten === undefined) return;
    const { removeShelf, setGoneElsewhere } = this.#statements;
    this.#statements.transaction(() => {
      setGoneElsewhere.run(this.#emptyShelves.goneElsewhere, this.#id);
      removeShelf.run(this.#id, keyOf(forgotten));
    });
  }

  /** From the next offset on, positions are ours. What was named before and never kept is nobody's. */
  #beginEpoch(name: string): Epoch[] {
    const { epochs, forgetEpochsFrom, addEpoch } = this.#statements;
    const known = epochs.all(this.#id).map(([name, first]) => ({ name, first }));
    // Opened before, since the file was: nothing can have been lost.
    if (known.at(-1)?.name === name) return known;
    const first = known.length === 0 ? 0 : this.#head + 1;
    this.#statements.transaction(() => {
      forgetEpochsFrom.run(this.#id, first);
      addEpoch.run(this.#id, first, name);
    });
    return [...known.filter((epoch) => epoch.first < first), { name, first }];
  }

  /** The index of the epoch that an offset belongs to: nearly always the last. */
  #epochAt(offset: number): number {
    return this.#epochs.findLastIndex(({ first }) => first <= offset);
  }

  #check(): void {
    if (!this.#isOpen) throw new StateError('Cannot use a stream of history: it is closed');
  }
}

const isOlder = ([one]: Place, [other]: Place): boolean => one < other;
const isNewer = ([one]: Place, [other]: Place): boolean => one > other;

function keysOf({ rooms, everybody }: Wanted): Key[] {
  const keys = [...rooms].map(keyOf);
  if (everybody) keys.push(EVERYBODY);
  return keys;
}

function firstCount({ maxEntries }: PageLimits, { length }: readonly Key[]): number {
  return Math.max(FEWEST_OFFSETS, Math.min(MOST_OFFSETS, Math.ceil((maxEntries * 1.25) / length)));
}

/** @throws {TypeError} naming the note whose value cannot be copied */
function serializeValue({ kind, key, value }: Note): Buffer | undefined {
  if (value === undefined) return undefined;
  try {
    return serialize(value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot keep the ${kind} "${key}": ${reason}`, { cause });
  }
}
