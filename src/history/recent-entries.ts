/** Entries that were read a moment ago. Those who come back together want the same ones: read once, and encoded once. */
import { type LogEntry, sizeOf } from './history-log.ts';

/** What an entry weighs beside its bytes. */
const ENTRY_BYTES = 200;
const MAX_BYTES = 2 * 1024 * 1024;

export class RecentEntries {
  readonly #maxBytes: number;
  /** By offset, in the order in which they were read. */
  readonly #entries = new Map<number, LogEntry>();
  #bytes = 0;

  constructor(maxBytes: number = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get(offset: number): LogEntry | undefined {
    return this.#entries.get(offset);
  }

  /** @param entry that is not here. The oldest make room for it */
  add(entry: LogEntry): void {
    this.#entries.set(entry.offset, entry);
    this.#bytes += ENTRY_BYTES + sizeOf(entry);
    for (const [offset, oldest] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#entries.delete(offset);
      this.#bytes -= ENTRY_BYTES + sizeOf(oldest);
    }
  }
}
