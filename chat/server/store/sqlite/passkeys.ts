import type { NewPasskey, Passkey, Passkeys } from '../passkeys.ts';
import { type Database, type Row, expectRow, integer, integerOrNull, text } from './database.ts';

const COLUMNS = 'id, person, public_key, counter, transports, label, created, used';

export class SqlitePasskeys implements Passkeys {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(passkey: NewPasskey, most: number): Promise<'added' | 'taken' | 'full'> {
    const { id, person, publicKey, counter, transports, label, at } = passkey;
    return this.#db.write(() => {
      if (this.#count(person) >= most) return 'full';
      const added = this.#db.run(
        `INSERT INTO credential (id, person, public_key, counter, transports, label, created)
          VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
        id,
        person,
        publicKey,
        counter,
        JSON.stringify(transports),
        label,
        at,
      );
      return added === 1 ? 'added' : 'taken';
    });
  }

  async find(id: Uint8Array): Promise<Passkey | null> {
    const row = this.#db.get(`SELECT ${COLUMNS} FROM credential WHERE id = ?`, id);
    return row === undefined ? null : readPasskey(row);
  }

  async list(person: number): Promise<Passkey[]> {
    const sql = `SELECT ${COLUMNS} FROM credential WHERE person = ? ORDER BY created, id`;
    return this.#db.all(sql, person).map(readPasskey);
  }

  async use(id: Uint8Array, counter: number, at: number): Promise<boolean> {
    const sql = `UPDATE credential SET counter = ?2, used = ?3
      WHERE id = ?1 AND (counter < ?2 OR (counter = 0 AND ?2 = 0))`;
    return this.#db.write(() => this.#db.run(sql, id, counter, at) === 1);
  }

  async rename(person: number, id: Uint8Array, label: string): Promise<boolean> {
    const sql = 'UPDATE credential SET label = ? WHERE id = ? AND person = ?';
    return this.#db.write(() => this.#db.run(sql, label, id, person) === 1);
  }

  async remove(person: number, id: Uint8Array): Promise<'removed' | 'last' | 'unknown'> {
    return this.#db.write(() => {
      const sql = `SELECT password IS NULL AS needs_one FROM credential JOIN person ON person.id = credential.person
        WHERE credential.id = ? AND credential.person = ?`;
      const row = this.#db.get(sql, id, person);
      if (row === undefined) return 'unknown';
      if (integer(row, 'needs_one') === 1 && this.#count(person) === 1) return 'last';
      this.#db.run('DELETE FROM credential WHERE id = ?', id);
      return 'removed';
    });
  }

  async removeAll(person: number): Promise<number> {
    return this.#db.write(() => this.#db.run('DELETE FROM credential WHERE person = ?', person));
  }

  #count(person: number): number {
    const row = this.#db.get('SELECT count(*) AS count FROM credential WHERE person = ?', person);
    return integer(expectRow(row, 'count'), 'count');
  }
}

function readPasskey(row: Row): Passkey {
  return {
    id: bytes(row, 'id'),
    person: integer(row, 'person'),
    publicKey: bytes(row, 'public_key'),
    counter: integer(row, 'counter'),
    transports: JSON.parse(text(row, 'transports')) as string[],
    label: text(row, 'label'),
    created: integer(row, 'created'),
    used: integerOrNull(row, 'used'),
  };
}

function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`Column "${column}" is not binary`);
  return value;
}
