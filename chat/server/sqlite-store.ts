/** The store in one SQLite file, by the `node:sqlite` that comes with Node. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Message, Person } from '../shared/events.ts';
import { openDatabase } from './sqlite-open.ts';
import type { Appended, NewMessage, Page, Room, Store } from './store.ts';

type Row = Record<string, SQLOutputValue>;

const MESSAGE = `SELECT room.slug AS room, message.seq, message.rev, message.person, person.name, message.body, message.at
  FROM message JOIN room ON room.id = message.room JOIN person ON person.id = message.person`;

/** @throws {StartFault} when the folder or the file in it cannot be used */
export function openSqliteStore(dataFolder: string): Store {
  return new SqliteStore(openDatabase(dataFolder));
}

/**
 * Statements are prepared once. Each takes well under a millisecond at a million messages, which is why they may
 * run on the main thread; anything without that bound must not be added here.
 */
class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #insertPerson: StatementSync;
  readonly #updatePerson: StatementSync;
  readonly #insertSession: StatementSync;
  readonly #selectSession: StatementSync;
  readonly #touchSession: StatementSync;
  readonly #deleteSession: StatementSync;
  readonly #deleteIdleSessions: StatementSync;
  readonly #selectRoom: StatementSync;
  readonly #advanceRoom: StatementSync;
  readonly #insertMessage: StatementSync;
  readonly #selectByNonce: StatementSync;
  readonly #selectBySeq: StatementSync;
  readonly #selectBefore: StatementSync;
  readonly #selectSince: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insertPerson = db.prepare('INSERT INTO person (name, created) VALUES (?, ?) RETURNING id, name');
    this.#updatePerson = db.prepare('UPDATE person SET name = ? WHERE id = ? RETURNING id, name');
    this.#insertSession = db.prepare(
      'INSERT INTO session (token_hash, person, created, seen) VALUES (?, ?, ?, ?)',
    );
    this.#selectSession = db.prepare(
      'SELECT person.id, person.name, session.seen FROM session JOIN person ON person.id = session.person WHERE token_hash = ?',
    );
    this.#touchSession = db.prepare('UPDATE session SET seen = ? WHERE token_hash = ?');
    this.#deleteSession = db.prepare('DELETE FROM session WHERE token_hash = ?');
    this.#deleteIdleSessions = db.prepare('DELETE FROM session WHERE seen < ?');
    this.#selectRoom = db.prepare('SELECT slug, name, last_seq, last_rev FROM room WHERE slug = ?');
    this.#advanceRoom = db.prepare(
      'UPDATE room SET last_seq = last_seq + 1, last_rev = last_rev + 1 WHERE slug = ? RETURNING id, last_seq, last_rev',
    );
    this.#insertMessage = db.prepare(
      'INSERT INTO message (room, seq, rev, person, nonce, body, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#selectByNonce = db.prepare(`${MESSAGE} WHERE message.person = ? AND message.nonce = ?`);
    this.#selectBySeq = db.prepare(`${MESSAGE} WHERE message.room = ? AND message.seq = ?`);
    const inRoom = 'WHERE message.room = (SELECT id FROM room WHERE slug = ?)';
    this.#selectBefore = db.prepare(
      `${MESSAGE} ${inRoom} AND message.seq < ? ORDER BY message.seq DESC LIMIT ?`,
    );
    this.#selectSince = db.prepare(`${MESSAGE} ${inRoom} AND message.rev > ? ORDER BY message.rev LIMIT ?`);
  }

  async createPerson(name: string, at: number): Promise<Person> {
    return readPerson(expectRow(this.#insertPerson.get(name, at)));
  }

  async renamePerson(person: number, name: string): Promise<Person | null> {
    const row = this.#updatePerson.get(name, person);
    return row === undefined ? null : readPerson(row);
  }

  async openSession(tokenHash: Uint8Array, person: number, at: number): Promise<void> {
    this.#insertSession.run(tokenHash, person, at, at);
  }

  async resumeSession(tokenHash: Uint8Array, at: number, idleLimitMs: number): Promise<Person | null> {
    const row = this.#selectSession.get(tokenHash);
    if (row === undefined || integer(row, 'seen') < at - idleLimitMs) return null;
    this.#touchSession.run(at, tokenHash);
    return readPerson(row);
  }

  async closeSession(tokenHash: Uint8Array): Promise<void> {
    this.#deleteSession.run(tokenHash);
  }

  async dropSessions(lastSeenBefore: number): Promise<void> {
    this.#deleteIdleSessions.run(lastSeenBefore);
  }

  async room(slug: string): Promise<Room | null> {
    const row = this.#selectRoom.get(slug);
    if (row === undefined) return null;
    return {
      slug: text(row, 'slug'),
      name: text(row, 'name'),
      lastSeq: integer(row, 'last_seq'),
      rev: integer(row, 'last_rev'),
    };
  }

  async append({ room, person, nonce, body, at }: NewMessage): Promise<Appended> {
    return this.#transaction(() => {
      const stored = nonce === null ? undefined : this.#selectByNonce.get(person, nonce);
      if (stored !== undefined) return { message: readMessage(stored), repeated: true };
      const place = this.#advanceRoom.get(room);
      if (place === undefined) throw new RangeError(`Cannot append: there is no room "${room}"`);
      const [roomId, seq] = [integer(place, 'id'), integer(place, 'last_seq')];
      this.#insertMessage.run(roomId, seq, integer(place, 'last_rev'), person, nonce, body, at);
      return { message: readMessage(expectRow(this.#selectBySeq.get(roomId, seq))), repeated: false };
    });
  }

  async before(room: string, seq: number | null, limit: number): Promise<Page> {
    // One more than asked for: whether it comes tells whether older ones exist.
    const rows = this.#selectBefore.all(room, seq ?? Number.MAX_SAFE_INTEGER, limit + 1);
    return { messages: rows.slice(0, limit).map(readMessage).toReversed(), older: rows.length > limit };
  }

  async since(room: string, rev: number, limit: number): Promise<Message[] | null> {
    const rows = this.#selectSince.all(room, rev, limit + 1);
    if (rows.length > limit) return null;
    return rows.map(readMessage).sort((a, b) => a.seq - b.seq);
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }

  /** IMMEDIATE takes the write lock at once: two processes on one file cannot both read the same last seq. */
  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as a full disk.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

function readPerson(row: Row): Person {
  return { id: integer(row, 'id'), name: text(row, 'name') };
}

function readMessage(row: Row): Message {
  return {
    room: text(row, 'room'),
    seq: integer(row, 'seq'),
    rev: integer(row, 'rev'),
    from: { id: integer(row, 'person'), name: text(row, 'name') },
    body: text(row, 'body'),
    at: integer(row, 'at'),
  };
}

function expectRow(row: Row | undefined): Row {
  if (row === undefined) throw new TypeError('The database returned no row where there must be one');
  return row;
}

function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column "${column}" is not a number`);
  return value;
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column "${column}" is not a text`);
  return value;
}
