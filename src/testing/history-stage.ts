/** What the laws of `HistoryLog` are tested with. */
import type {
  Batch,
  HistoryLog,
  KeepRule,
  LogEntry,
  LogStream,
  Note,
  PageLimits,
  Wanted,
} from '../history/history-log.ts';

/** A log that nothing was written to yet. */
export interface LogUnderTest {
  readonly log: HistoryLog;
  /** Opens what is left when `log` has been closed; for a log that outlives its process. */
  readonly reopen?: () => HistoryLog;
}

export type OpenLog = () => LogUnderTest;

export const ALL: Wanted = { rooms: new Set(['a', 'b', 'c', '']), everybody: true };
export const UNLIMITED: PageLimits = { maxEntries: Infinity, maxBytes: Infinity };
export const FOR_EVER: KeepRule = { maxAgeMs: Infinity, maxEvents: Infinity, maxBytes: Infinity };
export const EMPTY: Batch = { entries: [], notes: [] };

export function entry(offset: number, more: Partial<LogEntry> = {}): LogEntry {
  return {
    offset,
    at: offset * 1_000,
    rooms: [],
    except: [],
    shelf: '',
    messages: [`2["${offset}"]`],
    ...more,
  };
}

export function note(key: string, at: number, value: unknown = { key }): Note {
  return { kind: 'session', key, at, value };
}

export function noNote(key: string): Note {
  return { kind: 'session', key, at: 0, value: undefined };
}

export function commit(stream: LogStream, ...entries: readonly LogEntry[]): void {
  stream.commit({ entries, notes: [] });
}

export function wanted(...rooms: readonly string[]): Wanted {
  return { rooms: new Set(rooms), everybody: false };
}

export function offsets(entries: readonly LogEntry[]): number[] {
  return entries.map(({ offset }) => offset);
}

export function everything(stream: LogStream): readonly LogEntry[] {
  return stream.since(0, ALL, UNLIMITED).entries;
}

/** `trim` until nothing more goes: it may take several calls (law 4). */
export function trim(stream: LogStream, shelf: string, rule: Partial<KeepRule>, now = 0): void {
  let gone;
  do {
    gone = stream.goneThrough(shelf);
    stream.trim(shelf, { ...FOR_EVER, ...rule }, now);
  } while (stream.goneThrough(shelf) > gone);
}

/** The stream of a new log, which is closed in the end. */
export function withStream(open: OpenLog, run: (stream: LogStream, log: HistoryLog) => void): void {
  const { log } = open();
  try {
    run(log.open('/', 0), log);
  } finally {
    log.close();
  }
}

/** Once in the log that wrote, and in one that was opened after it, if there can be one. */
export function alsoReopened(
  open: OpenLog,
  write: (stream: LogStream) => void,
  check: (stream: LogStream) => void,
): void {
  const { log, reopen } = open();
  try {
    const stream = log.open('/', 0);
    write(stream);
    check(stream);
  } finally {
    log.close();
  }
  if (reopen === undefined) return;
  const again = reopen();
  try {
    check(again.open('/', 0));
  } finally {
    again.close();
  }
}
