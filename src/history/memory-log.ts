/** A log in the memory of this process: bounded by its rules, gone with the process. What recovery uses by default. */
import { randomBytes } from 'node:crypto';
import { StateError } from '../errors.ts';
import { EmptyShelves } from './empty-shelves.ts';
import {
  type Batch,
  checkOffsets,
  type HistoryLog,
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

export class MemoryLog implements HistoryLog {
  readonly outlivesProcess = false;
  readonly #streams = new Map<string, MemoryStream>();
  #isOpen = true;

  /** The same stream again for the same name, until it is closed: then it is gone. */
  open(name: string): LogStream {
    if (!this.#isOpen) throw new StateError('Cannot open a stream of history: the log is closed');
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new MemoryStream(() => this.#streams.delete(name));
      this.#streams.set(name, stream);
    }
    return stream;
  }

  close(): void {
    this.#isOpen = false;
    for (const stream of this.#streams.values()) stream.close();
  }
}

/** The entries under one rule, oldest first. */
class Shelf {
  readonly entries = new Queue();
  bytes = 0;
  goneThrough: number;

  constructor(goneThrough: number) {
    this.goneThrough = goneThrough;
  }
}

class MemoryStream implements LogStream {
  readonly #epoch = randomBytes(6).toString('base64url');
  /** Those that have entries. */
  readonly #shelves = new Map<string, Shelf>();
  readonly #emptyShelves = new EmptyShelves();
  /** The entries that name a room, by room. */
  readonly #byRoom = new Map<string, Queue>();
  /** The entries that name none. */
  #everybodys = new Queue();
  /** In the order in which they were noted. */
  readonly #notes: Record<NoteKind, Map<string, Note>> = { session: new Map(), answer: new Map() };
  readonly #onClose: () => void;
  #head = 0;
  #isOpen = true;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  get head(): number {
    return this.#head;
  }

  commit({ entries, notes }: Batch): void {
    this.#check();
    checkOffsets(entries, this.#head);
    for (const entry of entries) this.#add(withOwnBytes(entry));
    for (const note of notes) {
      const kept = this.#notes[note.kind];
      kept.delete(note.key);
      if (note.value !== undefined) kept.set(note.key, note);
    }
  }

  since(after: number, wanted: Wanted, limits: PageLimits): LogPage {
    this.#check();
    const lists = this.#queuesOf(wanted).map((queue) => queue.above(after));
    const { page, isLast } = cutPage(merged(lists, isOlder), limits);
    return { entries: page, through: isLast ? Math.max(after, this.#head) : (page.at(-1)?.offset ?? after) };
  }

  before(offset: number, wanted: Wanted, limits: PageLimits): readonly LogEntry[] {
    this.#check();
    const lists = this.#queuesOf(wanted).map((queue) => queue.below(offset));
    return cutPage(merged(lists, isNewer), limits).page.toReversed();
  }

  trim(name: string, rule: KeepRule, now: number): void {
    this.#check();
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) return;
    const { entries } = shelf;
    for (let oldest = entries.at(0); oldest !== undefined; oldest = entries.at(0)) {
      const isOver = entries.size > rule.maxEvents || shelf.bytes > rule.maxBytes;
      if (!isOver && oldest.at >= now - rule.maxAgeMs) return;
      entries.shift();
      shelf.bytes -= sizeOf(oldest);
      shelf.goneThrough = oldest.offset;
      this.#unindex(oldest);
    }
    this.#shelves.delete(name);
    this.#emptyShelves.add(name, shelf.goneThrough);
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
    return formatPosition({ epoch: this.#epoch, offset });
  }

  offsetOf(text: string): number | undefined {
    this.#check();
    const position = parsePosition(text);
    return position?.epoch === this.#epoch && position.offset <= this.#head ? position.offset : undefined;
  }

  note(kind: NoteKind, key: string): Note | undefined {
    this.#check();
    return this.#notes[kind].get(key);
  }

  sweep(kind: NoteKind, before: number, max: number): void {
    this.#check();
    const notes = this.#notes[kind];
    let aging = 0;
    for (const { key, at } of notes.values()) {
      if (at < before) notes.delete(key);
      else if (at < Infinity) aging += 1;
    }
    if (aging <= max) return;
    const oldestFirst = [...notes.values()].filter(({ at }) => at < Infinity).sort((a, b) => a.at - b.at);
    for (const { key } of oldestFirst.slice(0, aging - max)) notes.delete(key);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // Whoever holds on to the stream does not hold on to what was in it.
    for (const map of [this.#shelves, this.#byRoom, ...Object.values(this.#notes)]) map.clear();
    this.#everybodys = new Queue();
    this.#onClose();
  }

  #add(entry: LogEntry): void {
    this.#head = entry.offset;
    let shelf = this.#shelves.get(entry.shelf);
    if (shelf === undefined) {
      shelf = new Shelf(this.#emptyShelves.goneThrough(entry.shelf));
      this.#emptyShelves.delete(entry.shelf);
      this.#shelves.set(entry.shelf, shelf);
    }
    shelf.entries.push(entry);
    shelf.bytes += sizeOf(entry);
    if (entry.rooms.length === 0) this.#everybodys.push(entry);
    for (const room of entry.rooms) {
      let queue = this.#byRoom.get(room);
      if (queue === undefined) this.#byRoom.set(room, (queue = new Queue()));
      queue.push(entry);
    }
  }

  #unindex(entry: LogEntry): void {
    if (entry.rooms.length === 0) this.#everybodys.remove(entry);
    for (const room of entry.rooms) {
      const queue = this.#byRoom.get(room);
      queue?.remove(entry);
      if (queue?.size === 0) this.#byRoom.delete(room);
    }
  }

  #queuesOf({ rooms, everybody }: Wanted): Queue[] {
    const queues = everybody ? [this.#everybodys] : [];
    for (const room of rooms) {
      const queue = this.#byRoom.get(room);
      if (queue !== undefined) queues.push(queue);
    }
    return queues;
  }

  #check(): void {
    if (!this.#isOpen) throw new StateError('Cannot use a stream of history: it is closed');
  }
}

const isOlder = (one: LogEntry, other: LogEntry): boolean => one.offset < other.offset;
const isNewer = (one: LogEntry, other: LogEntry): boolean => one.offset > other.offset;

/** A small view would keep all of the large chunk alive that it was cut from, and the rules would not bound our memory. */
function withOwnBytes(entry: LogEntry): LogEntry {
  if (!entry.messages.some(isSmallView)) return entry;
  const messages = entry.messages.map((each) => {
    if (!isSmallView(each)) return each;
    const copy = Buffer.allocUnsafeSlow(each.length);
    copy.set(each);
    return copy;
  });
  return { ...entry, messages };
}

function isSmallView(message: string | Buffer): message is Buffer {
  return typeof message !== 'string' && message.byteLength * 2 < message.buffer.byteLength;
}

/** Entries in the order of their offsets, taken from the front at no cost. */
class Queue {
  #items: (LogEntry | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  at(index: number): LogEntry | undefined {
    return this.#items[this.#first + index];
  }

  push(entry: LogEntry): void {
    this.#items.push(entry);
  }

  shift(): void {
    this.#items[this.#first] = undefined;
    this.#first += 1;
    // Moved seldom: each item is moved once on average.
    if (this.#first > 32 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
  }

  /** The oldest, nearly always: shelves are trimmed from their oldest, but a room may have entries on two. */
  remove(entry: LogEntry): void {
    const index = this.#countBelow(entry.offset);
    if (index === 0) this.shift();
    else this.#items.splice(this.#first + index, 1);
  }

  *above(offset: number): Generator<LogEntry, void> {
    let index = this.#countBelow(offset + 1);
    for (let entry = this.at(index); entry !== undefined; entry = this.at(index)) {
      yield entry;
      index += 1;
    }
  }

  *below(offset: number): Generator<LogEntry, void> {
    for (let index = this.#countBelow(offset) - 1; index >= 0; index -= 1) {
      const entry = this.at(index);
      if (entry !== undefined) yield entry;
    }
  }

  /** Which is the index of the first entry from there on. */
  #countBelow(offset: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle)?.offset ?? Infinity) >= offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
