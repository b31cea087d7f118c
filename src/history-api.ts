/** The public names of `websockets.io/history`: the log that recovery uses by default, and the contract for other logs. */
export { MemoryLog } from './history/memory-log.ts';
export type {
  Batch,
  HistoryLog,
  KeepRule,
  LogEntry,
  LogPage,
  LogStream,
  Note,
  NoteKind,
  PageLimits,
  Wanted,
} from './history/history-log.ts';
