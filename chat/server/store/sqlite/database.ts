/**
 * The open file with its prepared statements. Each statement takes well under a millisecond at a million messages,
 * which is why they may run on the main thread; anything without that bound belongs to the search worker.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { StoreFull } from '../store.ts';
import { SQLITE, sqliteCode } from './result-codes.ts';

export type Row = Record<string, SQLOutputValue>;

export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values);
  }

  /** Resolves with how many rows were changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  /**
   * Runs what writes, all of it or none. IMMEDIATE takes the write lock at once: two processes on one file cannot both
   * read the same last seq.
   * @throws {StoreFull} when there is no space left
   */
  write<T>(work: () => T): T {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      if (sqliteCode(error) === SQLITE.full) throw new StoreFull('No space left', { cause: error });
      throw error;
    }
  }

  /** For what stands outside of transactions, such as VACUUM. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  get file(): string {
    return this.#db.location() ?? '';
  }

  get connection(): DatabaseSync {
    return this.#db;
  }

  close(): void {
    if (!this.#db.isOpen) return;
    this.#statements.clear();
    this.#db.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

export function expectRow(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new RangeError(`There is no such ${what}`);
  return row;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column "${column}" is not a number`);
  return value;
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column "${column}" is not a text`);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}
