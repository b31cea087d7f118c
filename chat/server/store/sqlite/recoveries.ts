import type { NewRecovery, Recoveries } from '../recoveries.ts';
import { type Database, integer } from './database.ts';

export class SqliteRecoveries implements Recoveries {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async make({ codeHash, person, by, at, expires }: NewRecovery): Promise<boolean> {
    const sql = `INSERT OR REPLACE INTO recovery (person, code_hash, made_by, created, expires)
      SELECT id, ?, ?, ?, ? FROM person WHERE id = ? AND revoked IS NULL`;
    return this.#db.write(() => this.#db.run(sql, codeHash, by, at, expires, person) > 0);
  }

  async find(codeHash: Uint8Array, at: number): Promise<Pick<NewRecovery, 'person' | 'by'> | null> {
    const sql = 'SELECT person, made_by FROM recovery WHERE code_hash = ? AND expires > ?';
    const row = this.#db.get(sql, codeHash, at);
    if (row === undefined) return null;
    return { person: integer(row, 'person'), by: row['made_by'] === null ? null : integer(row, 'made_by') };
  }

  async use(codeHash: Uint8Array, at: number): Promise<number | null> {
    return this.#db.write(() => {
      const row = this.#db.get(
        'DELETE FROM recovery WHERE code_hash = ? AND expires > ? RETURNING person',
        codeHash,
        at,
      );
      return row === undefined ? null : integer(row, 'person');
    });
  }

  async sweep(at: number): Promise<void> {
    this.#db.write(() => this.#db.run('DELETE FROM recovery WHERE expires <= ?', at));
  }
}
