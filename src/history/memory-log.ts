/** A log in the memory of this process: bounded by its rules, gone with the process. What recovery uses by default. */
import { randomBytes } from 'node:crypto';
import { StateError } from '../errors.ts';
import {
  type Batch,
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
import { formatPosition, parsePosition } from './position.ts';

export class MemoryLog implements HistoryLog {
  readonly outlivesProcess = false;
  readonly #streams = new Map<string, MemoryStream>();
  #isOpen = true;

  /** The same stream again for the same name, while this log is open. */
  open(name: string): LogStream {
    if (!this.#isOpen) throw new StateError('Cannot open a stream: the log is closed');
    const known = this.#streams.get(name);
    if (known?.isOpen === true) return known;
    const stream = new MemoryStream();
    this.#streams.set(name, stream);
    return stream;
  }

  close(): void {
    this.#isOpen = false;
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
  }
}

/** The entries under one rule, oldest first. */
class Shelf {
  readonly entries = new Queue<LogEntry>();
  bytes = 0;
  goneThrough: number;

  constructor(goneThrough: number) {
    this.goneThrough = goneThrough;
  }
}

class MemoryStream implements LogStream {
  readonly #epoch = randomBytes(6).toString('base64url');
  readonly #shelves = new Map<string, Shelf>();
  /** The entries that name a room, by room; under '' in `#everybodys` those that name none. */
  readonly #byRoom = new Map<string, Queue<LogEntry>>();
  readonly #everybodys = new Queue<LogEntry>();
  /** In the order in which they were noted. */
  readonly #notes: Record<NoteKind, Map<string, Note>> = { session: new Map(), answer: new Map() };
  #head = 0;
  /** Of shelves that are empty, and forgotten. */
  #goneElsewhere = 0;
  #isOpen = true;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get head(): number {
    return this.#head;
  }

  commit({ entries, notes }: Batch): void {
    this.#check();
    for (const entry of entries) this.#add(entry);
    for (const note of notes) {
      const kept = this.#notes[note.kind];
      kept.delete(note.key);
      if (note.value !== undefined) kept.set(note.key, note);
    }
  }

  since(after: number, wanted: Wanted, limits: PageLimits): LogPage {
    this.#check();
    const entries: LogEntry[] = [];
    let bytes = 0;
    for (const entry of merged(this.#queuesOf(wanted), after)) {
      bytes += sizeOf(entry);
      const isFull = entries.length === limits.maxEntries || bytes > limits.maxBytes;
      if (isFull && entries.length > 0) return { entries, through: entries.at(-1)?.offset ?? after };
      entries.push(entry);
    }
    return { entries, through: Math.max(after, this.#head) };
  }

  before(offset: number, wanted: Wanted, limits: PageLimits): readonly LogEntry[] {
    this.#check();
    const found = new Map<number, LogEntry>();
    for (const queue of this.#queuesOf(wanted)) {
      const end = queue.firstAbove(offset - 1);
      for (let at = Math.max(0, end - limits.maxEntries); at < end; at += 1) {
        const entry = queue.at(at);
        if (entry !== undefined) found.set(entry.offset, entry);
      }
    }
    const newestFirst = [...found.values()].sort((a, b) => b.offset - a.offset);
    const page: LogEntry[] = [];
    let bytes = 0;
    for (const entry of newestFirst) {
      bytes += sizeOf(entry);
      if (page.length > 0 && (page.length === limits.maxEntries || bytes > limits.maxBytes)) break;
      page.push(entry);
    }
    return page.toReversed();
  }

  trim(name: string, rule: KeepRule, now: number): void {
    this.#check();
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) return;
    const { entries } = shelf;
    for (let oldest = entries.at(0); oldest !== undefined; oldest = entries.at(0)) {
      const isOver = entries.size > rule.maxEvents || shelf.bytes > rule.maxBytes;
      if (!isOver && oldest.at >= now - rule.maxAgeMs) break;
      entries.shift();
      shelf.bytes -= sizeOf(oldest);
      shelf.goneThrough = oldest.offset;
      this.#unindex(oldest);
    }
    // Rooms come and go, and each may have a shelf.
    if (entries.size > 0) return;
    this.#shelves.delete(name);
    this.#goneElsewhere = Math.max(this.#goneElsewhere, shelf.goneThrough);
  }

  goneThrough(shelf: string): number {
    this.#check();
    return this.#shelves.get(shelf)?.goneThrough ?? this.#goneElsewhere;
  }

  position(offset: number): string {
    return formatPosition({ epoch: this.#epoch, offset });
  }

  offsetOf(text: string): number | undefined {
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
    for (const [key, { at }] of notes) if (at < before) notes.delete(key);
    for (const key of notes.keys()) {
      if (notes.size <= max) break;
      notes.delete(key);
    }
  }

  close(): void {
    this.#isOpen = false;
  }

  #add(entry: LogEntry): void {
    this.#head = entry.offset;
    let shelf = this.#shelves.get(entry.shelf);
    if (shelf === undefined) this.#shelves.set(entry.shelf, (shelf = new Shelf(this.#goneElsewhere)));
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

  #queuesOf({ rooms, everybody }: Wanted): Queue<LogEntry>[] {
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

/** Entries in the order of their offsets, taken from the front at no cost. */
class Queue<Item extends { readonly offset: number }> {
  #items: (Item | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  at(index: number): Item | undefined {
    return this.#items[this.#first + index];
  }

  push(item: Item): void {
    this.#items.push(item);
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
  remove(item: Item): void {
    const index = this.firstAbove(item.offset - 1);
    if (index === 0) this.shift();
    else this.#items.splice(this.#first + index, 1);
  }

  /** The index of the first entry above an offset. */
  firstAbove(offset: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle)?.offset ?? Infinity) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The entries of several queues above an offset, each once, in order. Queues are few: a client's rooms. */
function* merged(queues: readonly Queue<LogEntry>[], after: number): Generator<LogEntry> {
  const at = queues.map((queue) => queue.firstAbove(after));
  while (true) {
    let next: LogEntry | undefined;
    for (const [index, queue] of queues.entries()) {
      const entry = queue.at(at[index] ?? 0);
      if (entry !== undefined && entry.offset < (next?.offset ?? Infinity)) next = entry;
    }
    if (next === undefined) return;
    yield next;
    for (const [index, queue] of queues.entries()) {
      if (queue.at(at[index] ?? 0) === next) at[index] = (at[index] ?? 0) + 1;
    }
  }
}
