/** What a `SqliteLog` says to its file, prepared once. Values are positional, rows are arrays: both are quicker. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Key } from './sqlite-rows.ts';

type Value = SQLInputValue;

/** Where an entry is. */
export type Place = readonly [offset: number, shelf: Key];

/** A question with rows of one shape for an answer. */
class Query<Row extends readonly unknown[]> {
  readonly #statement: StatementSync;

  constructor(db: DatabaseSync, sql: string) {
    this.#statement = db.prepare(sql);
    this.#statement.setReturnArrays(true);
  }

  first(...values: readonly Value[]): Row | undefined {
    return this.#statement.get(...values) as unknown as Row | undefined;
  }

  all(...values: readonly Value[]): readonly Row[] {
    return this.#statement.all(...values) as unknown as Row[];
  }

  /** Read as far as they are wanted. Nothing may be written meanwhile. */
  each(...values: readonly Value[]): Iterable<Row> {
    return this.#statement.iterate(...values) as unknown as Iterable<Row>;
  }
}

export class Statements {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;

  readonly addStream: StatementSync;
  readonly stream: Query<[id: number, goneElsewhere: number]>;
  readonly setGoneElsewhere: StatementSync;

  readonly epochs: Query<[name: string, first: number]>;
  readonly forgetEpochsFrom: StatementSync;
  readonly addEpoch: StatementSync;

  readonly shelves: Query<
    [name: Key, events: number, bytes: number, goneThrough: number, countedThrough: number]
  >;
  readonly uncounted: Query<[events: number, bytes: number, last: number]>;
  readonly setShelf: StatementSync;
  readonly removeShelf: StatementSync;

  readonly addEntry: StatementSync;
  readonly entry: Query<
    [at: number, rooms: string | null, leftOut: string | null, messages: string | Uint8Array]
  >;
  readonly entriesOnShelf: Query<[offset: number, at: number, bytes: number, rooms: string | null]>;
  readonly removeEntries: StatementSync;

  readonly address: StatementSync;
  readonly addressedAbove: Query<Place>;
  readonly addressedBelow: Query<Place>;
  readonly unaddress: StatementSync;

  readonly setNote: StatementSync;
  readonly removeNote: StatementSync;
  readonly note: Query<[at: number | null, value: Uint8Array]>;
  readonly loseOpenSessions: StatementSync;
  readonly removeNotesBefore: StatementSync;
  readonly countNotes: Query<[count: number]>;
  readonly removeOldestNotes: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const prepare = (sql: string): StatementSync => db.prepare(sql);
    this.#begin = prepare('BEGIN IMMEDIATE');
    this.#commit = prepare('COMMIT');
    this.#rollback = prepare('ROLLBACK');

    this.addStream = prepare('INSERT INTO stream (name) VALUES (?) ON CONFLICT DO NOTHING');
    this.stream = new Query(db, 'SELECT id, gone_elsewhere FROM stream WHERE name = ?');
    this.setGoneElsewhere = prepare('UPDATE stream SET gone_elsewhere = ? WHERE id = ?');

    this.epochs = new Query(db, 'SELECT name, first FROM epoch WHERE stream = ? ORDER BY first');
    this.forgetEpochsFrom = prepare('DELETE FROM epoch WHERE stream = ? AND first >= ?');
    this.addEpoch = prepare('INSERT INTO epoch (stream, first, name) VALUES (?, ?, ?)');

    this.shelves = new Query(
      db,
      `SELECT name, events, bytes, gone_through, counted_through FROM shelf WHERE stream = ?
       ORDER BY gone_through`,
    );
    this.uncounted = new Query(
      db,
      `SELECT count(*), ifnull(sum(bytes), 0), ifnull(max(offset), 0) FROM entry
       WHERE stream = ? AND shelf = ? AND offset > ?`,
    );
    this.setShelf = prepare(
      `INSERT OR REPLACE INTO shelf (stream, name, events, bytes, gone_through, counted_through)
       VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.removeShelf = prepare('DELETE FROM shelf WHERE stream = ? AND name = ?');

    this.addEntry = prepare(
      `INSERT INTO entry (stream, shelf, offset, at, bytes, rooms, left_out, messages)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.entry = new Query(
      db,
      'SELECT at, rooms, left_out, messages FROM entry WHERE stream = ? AND shelf = ? AND offset = ?',
    );
    this.entriesOnShelf = new Query(
      db,
      'SELECT offset, at, bytes, rooms FROM entry WHERE stream = ? AND shelf = ? ORDER BY offset',
    );
    this.removeEntries = prepare('DELETE FROM entry WHERE stream = ? AND shelf = ? AND offset <= ?');

    this.address = prepare('INSERT INTO addressed (stream, room, offset, shelf) VALUES (?, ?, ?, ?)');
    const addressed = 'SELECT offset, shelf FROM addressed WHERE stream = ? AND room = ?';
    this.addressedAbove = new Query(db, `${addressed} AND offset > ? ORDER BY offset LIMIT ?`);
    this.addressedBelow = new Query(db, `${addressed} AND offset < ? ORDER BY offset DESC LIMIT ?`);
    this.unaddress = prepare('DELETE FROM addressed WHERE stream = ? AND room = ? AND offset = ?');

    this.setNote = prepare(
      'INSERT OR REPLACE INTO note (stream, kind, key, at, value) VALUES (?, ?, ?, ?, ?)',
    );
    this.removeNote = prepare('DELETE FROM note WHERE stream = ? AND kind = ? AND key = ?');
    this.note = new Query(db, 'SELECT at, value FROM note WHERE stream = ? AND kind = ? AND key = ?');
    this.loseOpenSessions = prepare(
      `UPDATE note SET at = ? WHERE stream = ? AND kind = 'session' AND at IS NULL`,
    );
    this.removeNotesBefore = prepare('DELETE FROM note WHERE stream = ? AND kind = ? AND at < ?');
    this.countNotes = new Query(
      db,
      'SELECT count(*) FROM note WHERE stream = ? AND kind = ? AND at IS NOT NULL',
    );
    this.removeOldestNotes = prepare(
      `DELETE FROM note WHERE stream = ?1 AND kind = ?2 AND key IN (
         SELECT key FROM note WHERE stream = ?1 AND kind = ?2 AND at IS NOT NULL ORDER BY at LIMIT ?3
       )`,
    );
  }

  /** All of it or nothing. */
  transaction(run: () => void): void {
    this.#begin.run();
    try {
      run();
      this.#commit.run();
    } catch (error) {
      try {
        this.#rollback.run();
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full.
      }
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}
