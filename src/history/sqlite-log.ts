/**
 * A log in a file that outlives the process, by the `node:sqlite` that comes with Node (from 22.16 on). Exported as
 * `websockets.io/history/sqlite`.
 *
 * The file is one process's: SQLite's lock is held while the log is open. Each `commit` is a transaction. The file grows to
 * the most that was ever kept at once, and stays so large: what `trim` frees is used again.
 */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { StateError } from '../errors.ts';
import { positiveNumber, wholeNumber } from '../option-checks.ts';
import type { HistoryLog, LogStream } from './history-log.ts';
import { openFile } from './sqlite-file.ts';
import type { Statements } from './sqlite-statements.ts';
import { SqliteStream } from './sqlite-stream.ts';

export interface SqliteLogOptions {
  /**
   * What a commit waits for. `normal`: that the system has it, so that it survives the death of the process, `kill -9`
   * included; after a loss of power the last commits may be missing, and nothing else. `full`: that the disk has it, which
   * takes milliseconds each time. Default: `normal`.
   */
  readonly synchronous?: 'normal' | 'full';
  /**
   * Milliseconds that opening waits, and the process with it, for another process that has the file open: the one that a
   * deploy replaces may be closing. Default: 5,000.
   */
  readonly busyTimeout?: number;
  /** The file does not grow beyond: a commit that needs more throws, and keeps nothing. Default: no limit. */
  readonly maxFileBytes?: number;
}

export class SqliteLog implements HistoryLog {
  readonly outlivesProcess = true;
  readonly #statements: Statements;
  /** New each time that the file is opened: a copy of the file goes on differently. */
  readonly #epoch = randomBytes(6).toString('base64url');
  readonly #streams = new Map<string, SqliteStream>();
  #isOpen = true;

  /**
   * @param path of a file in a folder that exists. Beside it there is a second one, with `-wal` at the end, while it is open
   * @throws {Error} saying why the file cannot be used
   */
  constructor(path: string, options: SqliteLogOptions = {}) {
    const { synchronous = 'normal', busyTimeout = 5_000 } = options;
    if (!['normal', 'full'].includes(synchronous)) {
      throw new TypeError(`Option "synchronous" must be "normal" or "full", got "${synchronous}"`);
    }
    this.#statements = openFile(resolve(path), {
      synchronous,
      busyTimeout: wholeNumber(busyTimeout, 'busyTimeout'),
      maxFileBytes: positiveNumber(options.maxFileBytes, 'maxFileBytes', Infinity),
    });
  }

  open(name: string, now: number): LogStream {
    if (!this.#isOpen) throw new StateError('Cannot open a stream of history: the log is closed');
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new SqliteStream(this.#statements, {
        name,
        epoch: this.#epoch,
        now,
        onClose: () => this.#streams.delete(name),
      });
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** Moves everything into the one file, and gives it free. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const stream of this.#streams.values()) stream.close();
    this.#statements.close();
  }
}
