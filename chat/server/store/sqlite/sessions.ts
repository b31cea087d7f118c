import type { SessionInfo } from '../../../shared/people.ts';
import type { NewSession, Resumed, SessionStore } from '../sessions.ts';
import { StoreFull } from '../store.ts';
import { type Database, expectRow, integer, text } from './database.ts';

export class SqliteSessions implements SessionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async open({ tokenHash, person, agent, address, at }: NewSession): Promise<number> {
    return this.#db.write(() => {
      const row = this.#db.get(
        'INSERT INTO session (token_hash, person, agent, address, created, seen) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
        tokenHash,
        person,
        agent,
        address,
        at,
        at,
      );
      return integer(expectRow(row, 'session'), 'id');
    });
  }

  async resume(
    tokenHash: Uint8Array,
    at: number,
    idleLimitMs: number,
    address: string,
  ): Promise<Resumed | null> {
    const row = this.#db.get('SELECT id, person, is_bot, seen FROM session WHERE token_hash = ?', tokenHash);
    if (row === undefined) return null;
    const isBot = integer(row, 'is_bot') === 1;
    if (!isBot && integer(row, 'seen') < at - idleLimitMs) return null;
    const id = integer(row, 'id');
    this.#touch(id, at, address);
    return { id, person: integer(row, 'person'), isBot };
  }

  /** On a full disk people can still read: then it is not noted that they did. */
  #touch(session: number, at: number, address: string): void {
    try {
      this.#db.write(() =>
        this.#db.run('UPDATE session SET seen = ?, address = ? WHERE id = ?', at, address, session),
      );
    } catch (error) {
      if (!(error instanceof StoreFull)) throw error;
    }
  }

  async replaceToken(session: number, tokenHash: Uint8Array): Promise<void> {
    this.#db.write(() => this.#db.run('UPDATE session SET token_hash = ? WHERE id = ?', tokenHash, session));
  }

  async list(person: number): Promise<Omit<SessionInfo, 'current'>[]> {
    const rows = this.#db.all(
      'SELECT id, agent, address, created, seen FROM session WHERE person = ? ORDER BY seen DESC, id DESC',
      person,
    );
    return rows.map((row) => ({
      id: integer(row, 'id'),
      agent: text(row, 'agent'),
      address: text(row, 'address'),
      created: integer(row, 'created'),
      seen: integer(row, 'seen'),
    }));
  }

  async close(person: number, session: number): Promise<boolean> {
    return this.#db.write(
      () => this.#db.run('DELETE FROM session WHERE id = ? AND person = ?', session, person) === 1,
    );
  }

  async closeOthers(person: number, kept: number): Promise<number[]> {
    return this.#db.write(() =>
      this.#db
        .all('DELETE FROM session WHERE person = ? AND id <> ? RETURNING id', person, kept)
        .map((row) => integer(row, 'id')),
    );
  }

  async dropIdle(lastSeenBefore: number): Promise<void> {
    this.#db.write(() => this.#db.run('DELETE FROM session WHERE seen < ? AND is_bot = 0', lastSeenBefore));
  }
}
