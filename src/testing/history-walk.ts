/** A random walk through a history log and, beside it, through a plain list that does the same in the plainest way. */
import assert from 'node:assert/strict';
import type {
  HistoryLog,
  KeepRule,
  LogEntry,
  LogStream,
  Note,
  PageLimits,
  Wanted,
} from '../history/history-log.ts';
import { sizeOf } from '../history/history-log.ts';
import type { LogUnderTest } from './history-stage.ts';

const STEPS = 300;
const STREAMS = ['/', '/other'] as const;
const ROOMS = ['a', 'b', 'c', '', 'ü\0', '__proto__'];
const SHELVES = ['', 'a', 'b'];
const KEYS = ['k', 'l', 'm', 'n', 'o'];

/** The same numbers for the same seed, everywhere. (mulberry32) */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  isOneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  someOf<T>(list: readonly T[]): T[] {
    return list.filter(() => this.isOneIn(3));
  }

  limit(end: number): number {
    return this.isOneIn(3) ? Infinity : this.below(end);
  }
}

/** What a stream should be. */
class Model {
  entries: LogEntry[] = [];
  readonly notes = new Map<string, Note>();
  readonly gone = new Map<string, number>();
  /** What `goneThrough` said last. */
  readonly saidGone = new Map<string, number>();
  /** Offset → its position. */
  readonly positions = new Map<number, string>([]);
  head = 0;

  matching({ rooms, everybody }: Wanted): LogEntry[] {
    return this.entries.filter((each) =>
      each.rooms.length === 0 ? everybody : each.rooms.some((room) => rooms.has(room)),
    );
  }

  trim(shelf: string, rule: KeepRule, now: number): void {
    while (true) {
      const left = this.entries.filter((each) => each.shelf === shelf);
      const [oldest] = left;
      if (oldest === undefined) return;
      const bytes = left.reduce((sum, each) => sum + sizeOf(each), 0);
      const isOver = left.length > rule.maxEvents || bytes > rule.maxBytes;
      if (!isOver && now - oldest.at <= rule.maxAgeMs) return;
      this.entries = this.entries.filter((each) => each !== oldest);
      this.gone.set(shelf, oldest.offset);
    }
  }

  sweep(kind: Note['kind'], before: number, max: number): void {
    const aging = [...this.notes].filter(([, note]) => note.kind === kind && note.at < Infinity);
    aging.sort(([, one], [, other]) => one.at - other.at);
    for (const [index, [id, { at }]] of aging.entries()) {
      if (at < before || index < aging.length - max) this.notes.delete(id);
    }
  }
}

/** The longest beginning that is within the limits, of one entry at least. */
function fit(entries: readonly LogEntry[], { maxEntries, maxBytes }: PageLimits): LogEntry[] {
  let bytes = 0;
  const end = entries.findIndex((each, index) => {
    bytes += sizeOf(each);
    return index > 0 && (index >= maxEntries || bytes > maxBytes);
  });
  return entries.slice(0, end === -1 ? entries.length : end);
}

class Walk {
  readonly #dice: Dice;
  readonly #reopen: (() => HistoryLog) | undefined;
  readonly #models = STREAMS.map(() => new Model());
  #log: HistoryLog;
  readonly #streams: LogStream[];
  #now = 1_000;
  #moments = 0;

  constructor(log: HistoryLog, reopen: (() => HistoryLog) | undefined, seed: number) {
    this.#log = log;
    this.#reopen = reopen;
    this.#dice = new Dice(seed);
    this.#streams = STREAMS.map((name) => log.open(name, 0));
  }

  run(): void {
    try {
      for (let step = 0; step < STEPS; step += 1) this.#step();
    } finally {
      this.#log.close();
    }
  }

  #step(): void {
    const dice = this.#dice;
    const at = dice.below(STREAMS.length);
    const [stream, model] = [this.#streams[at] as LogStream, this.#models[at] as Model];
    // Now and then the clock is set back.
    this.#now += dice.isOneIn(10) ? -dice.below(50) : dice.below(20);
    const turn = dice.below(20);
    if (turn < 9) this.#commit(stream, model);
    else if (turn < 12) this.#trim(stream, model);
    else if (turn < 14) this.#sweep(stream, model);
    else if (turn < 19) this.#look(stream, model, this.#models[1 - at] as Model);
    else this.#restart();
  }

  #commit(stream: LogStream, model: Model): void {
    const dice = this.#dice;
    let offset = model.head + (dice.isOneIn(8) ? dice.below(5) : 0);
    const entries = Array.from({ length: dice.below(6) }, (): LogEntry => {
      offset += 1;
      const messages = dice.isOneIn(4)
        ? [`${offset}`, Buffer.alloc(dice.below(40), offset)]
        : ['x'.repeat(dice.below(60))];
      const [rooms, except] = [dice.someOf(ROOMS), dice.someOf(ROOMS)];
      return { offset, at: this.#now, rooms, except, shelf: dice.oneOf(SHELVES), messages };
    });
    const notes = Array.from({ length: dice.below(3) }, (): Note => {
      const noteAt = dice.isOneIn(4) ? Infinity : this.#moment();
      const value = dice.isOneIn(3) ? undefined : { offset, rooms: dice.someOf(ROOMS) };
      return { kind: dice.oneOf(['session', 'answer']), key: dice.oneOf(KEYS), at: noteAt, value };
    });
    for (const entry of entries) model.positions.set(entry.offset, stream.position(entry.offset));
    if (dice.isOneIn(8)) {
      assert.throws(() => stream.commit({ entries: [...entries, ...this.#stale(model)], notes }), RangeError);
    }
    stream.commit({ entries, notes });
    model.entries.push(...entries);
    model.head = entries.at(-1)?.offset ?? model.head;
    for (const note of notes) {
      const id = `${note.kind} ${note.key}`;
      if (note.value === undefined) model.notes.delete(id);
      else model.notes.set(id, note);
    }
  }

  /** No two are equal: which of two notes of the same age is the older is nobody's business. */
  #moment(): number {
    this.#moments += 1;
    return this.#now + this.#moments / 2 ** 20;
  }

  #stale({ head }: Model): LogEntry[] {
    const offset = this.#dice.below(head + 1);
    return [{ offset, at: this.#now, rooms: ['a'], except: [], shelf: 'a', messages: ['stale'] }];
  }

  #trim(stream: LogStream, model: Model): void {
    const dice = this.#dice;
    const shelf = dice.oneOf(SHELVES);
    const rule = { maxAgeMs: dice.limit(300), maxEvents: dice.limit(40), maxBytes: dice.limit(900) };
    let gone;
    do {
      gone = stream.goneThrough(shelf);
      stream.trim(shelf, rule, this.#now);
    } while (stream.goneThrough(shelf) > gone);
    model.trim(shelf, rule, this.#now);
  }

  #sweep(stream: LogStream, model: Model): void {
    const kind = this.#dice.oneOf(['session', 'answer'] as const);
    const [before, max] = [this.#now - this.#dice.limit(200), this.#dice.limit(4)];
    stream.sweep(kind, before, max);
    model.sweep(kind, before, max);
  }

  #look(stream: LogStream, model: Model, other: Model): void {
    const dice = this.#dice;
    const wanted: Wanted = { rooms: new Set(dice.someOf(ROOMS)), everybody: dice.isOneIn(2) };
    const limits = { maxEntries: dice.limit(12), maxBytes: dice.limit(300) };
    const from = dice.below(model.head + 2);
    const matching = model.matching(wanted);

    let after = from;
    const read: LogEntry[] = [];
    while (after < model.head) {
      const { entries, through } = stream.since(after, wanted, limits);
      assert.deepEqual(
        entries,
        fit(
          matching.filter(({ offset }) => offset > after),
          limits,
        ),
      );
      assert.ok(through > after && through <= model.head && through >= (entries.at(-1)?.offset ?? 0));
      read.push(...entries);
      after = through;
    }
    assert.deepEqual(
      read,
      matching.filter(({ offset }) => offset > from),
    );

    const below = matching.filter(({ offset }) => offset < from).toReversed();
    assert.deepEqual(stream.before(from, wanted, limits), fit(below, limits).toReversed());

    assert.equal(stream.head, model.head);
    const shelves = new Set(model.entries.map(({ shelf }) => shelf));
    assert.deepEqual([...stream.shelves()].sort(), [...shelves].sort());
    for (const shelf of SHELVES) {
      const gone = stream.goneThrough(shelf);
      assert.ok(gone >= (model.gone.get(shelf) ?? 0) && gone <= model.head);
      assert.ok(gone >= (model.saidGone.get(shelf) ?? 0));
      model.saidGone.set(shelf, gone);
    }
    for (const kind of ['session', 'answer'] as const) {
      for (const key of KEYS) assert.deepEqual(stream.note(kind, key), model.notes.get(`${kind} ${key}`));
    }
    for (const [offset, position] of model.positions) {
      assert.equal(stream.offsetOf(position), offset);
      assert.equal(stream.position(offset), position);
    }
    for (const position of other.positions.values()) assert.equal(stream.offsetOf(position), undefined);
  }

  #restart(): void {
    if (this.#reopen === undefined) return;
    this.#log.close();
    this.#log = this.#reopen();
    for (const [at, name] of STREAMS.entries()) {
      const model = this.#models[at] as Model;
      const now = this.#moment();
      const stream = this.#log.open(name, now);
      this.#streams[at] = stream;
      // They are all lost at the same moment: one of them stays.
      const [first, ...others] = [...model.notes].filter(
        ([, { kind, at }]) => kind === 'session' && at === Infinity,
      );
      if (first !== undefined) model.notes.set(first[0], { ...first[1], at: now });
      for (const [id] of others) model.notes.delete(id);
      stream.commit({ entries: [], notes: others.map(([, note]) => ({ ...note, value: undefined })) });
    }
  }
}

/** @throws {assert.AssertionError} where the log and the list differ */
export function walkHistory({ log, reopen }: LogUnderTest, seed: number): void {
  new Walk(log, reopen, seed).run();
}
