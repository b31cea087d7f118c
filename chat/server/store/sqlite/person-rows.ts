/** How people come into the tables and go out of them, whatever they are: visitors, bots, webhooks. */
import type { NewPerson } from '../people.ts';
import { type Database, expectRow, integer, text } from './database.ts';

/** In no room yet. Null if a key is taken. */
export function insertPerson(
  db: Database,
  { name, keys, role, at }: NewPerson,
  botOf: number | null,
): number | null {
  if (!areKeysFree(db, keys, null)) return null;
  const row = db.get(
    'INSERT INTO person (name, role, bot_of, created) VALUES (?, ?, ?, ?) RETURNING id',
    name,
    role,
    botOf,
    at,
  );
  const id = integer(expectRow(row, 'person'), 'id');
  insertKeys(db, keys, id);
  return id;
}

/** Nobody's, or the person's own. */
export function areKeysFree(db: Database, keys: readonly string[], person: number | null): boolean {
  const sql =
    'SELECT 1 FROM name_key WHERE key IN (SELECT value FROM json_each(?)) AND person IS NOT ? LIMIT 1';
  return db.get(sql, JSON.stringify(keys), person) === undefined;
}

export function insertKeys(db: Database, keys: readonly string[], person: number): void {
  const sql = 'INSERT INTO name_key (key, person, rank) VALUES (?, ?, ?)';
  for (const [rank, key] of keys.entries()) db.run(sql, key, person, rank);
}

/** False if there is no such bot. */
export function revokeBot(db: Database, bot: number): boolean {
  const sql = 'UPDATE person SET revoked = 1 WHERE id = ? AND bot_of IS NOT NULL AND revoked IS NULL';
  if (db.run(sql, bot) === 0) return false;
  forgetPerson(db, bot);
  return true;
}

/** Ends all by which one comes in, and memberships, and frees the name; gives the rooms that the person was in. */
export function forgetPerson(db: Database, person: number): string[] {
  for (const table of ['name_key', 'session', 'recovery', 'credential', 'webhook']) {
    db.run(`DELETE FROM ${table} WHERE person = ?`, person);
  }
  const sql =
    'DELETE FROM member WHERE person = ? RETURNING (SELECT slug FROM room WHERE room.id = member.room) AS slug';
  return db.all(sql, person).map((row) => text(row, 'slug'));
}
