/** Logs whose commits a test hears of, and one in memory that outlives the servers of a test as a file would. */
import type { Batch, HistoryLog, LogStream, Note } from '../../src/history/history-log.ts';
import { MemoryLog } from '../../src/history/memory-log.ts';

/** A log as it is, but for calling back once a batch is safe. */
export function watched(log: HistoryLog, onCommitted: () => void): HistoryLog {
  return {
    outlivesProcess: log.outlivesProcess,
    open: (name, now) => {
      const stream = log.open(name, now);
      return delegate(stream, {
        commit: (batch) => {
          stream.commit(batch);
          onCommitted();
        },
      });
    },
    close: () => log.close(),
  };
}

/** One stream, which goes on when it is opened again. */
export class SurvivingLog implements HistoryLog {
  readonly outlivesProcess = true;
  readonly #stream = new MemoryLog().open('/');
  /** Notes that do not grow old. */
  readonly #open = new Map<string, Note>();

  open(_name: string, now: number): LogStream {
    this.#stream.commit({
      entries: [],
      notes: [...this.#open.values()].map((note) => ({ ...note, at: now })),
    });
    this.#open.clear();
    return delegate(this.#stream, {
      commit: (batch) => this.#commit(batch),
      note: (kind, key) => structuredClone(this.#stream.note(kind, key)),
      close: () => {},
    });
  }

  close(): void {}

  #commit({ entries, notes }: Batch): void {
    // Copies, as a file would have.
    this.#stream.commit({ entries, notes: structuredClone([...notes]) });
    for (const note of notes) {
      if (note.at === Infinity) this.#open.set(note.key, structuredClone(note));
      else this.#open.delete(note.key);
    }
  }
}

function delegate(stream: LogStream, own: Partial<LogStream>): LogStream {
  return {
    get head() {
      return stream.head;
    },
    commit: (batch) => stream.commit(batch),
    since: (after, wanted, limits) => stream.since(after, wanted, limits),
    before: (offset, wanted, limits) => stream.before(offset, wanted, limits),
    trim: (shelf, rule, now) => stream.trim(shelf, rule, now),
    goneThrough: (shelf) => stream.goneThrough(shelf),
    shelves: () => stream.shelves(),
    position: (offset) => stream.position(offset),
    offsetOf: (position) => stream.offsetOf(position),
    note: (kind, key) => stream.note(kind, key),
    sweep: (kind, before, max) => stream.sweep(kind, before, max),
    close: () => stream.close(),
    ...own,
  };
}
