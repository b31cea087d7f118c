/** The search itself, for whichever thread runs it. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Sought } from '../reading.ts';
import { CONTENT_BITS } from './content-bits.ts';

export interface SearchTask extends Sought {
  person: number | null;
  /** Only messages whose row comes before this one: the `cursor` of the last answer. */
  cursor: number | null;
  limit: number;
}

export interface FoundIds {
  /** Rows of `message`, the newest first. */
  ids: number[];
  cursor: number | null;
}

/** Finds in all there is. How long it takes depends on what is looked for: not for the main thread. */
export function findMessages(db: DatabaseSync, task: SearchTask): FoundIds {
  const conditions = new Conditions();
  const source =
    task.match === null ? 'message' : 'message_words CROSS JOIN message ON message.id = message_words.rowid';
  const row = task.match === null ? 'message.id' : 'message_words.rowid';
  if (task.match !== null) conditions.add('message_words MATCH ?', task.match);
  if (task.cursor !== null) conditions.add(`${row} < ?`, task.cursor);
  addFilters(conditions, task);
  const sql = `SELECT message.id FROM ${source} WHERE ${conditions.sql} ORDER BY ${row} DESC LIMIT ?`;
  return pageOf(db.prepare(sql).all(...conditions.values, task.limit + 1), task.limit);
}

/** As many hits as are looked at on the main thread. */
const FEW = 500;

/**
 * Finds what can be found by looking at few rows: a whole word, without filters. Null means: not for sure, look at
 * all of them.
 */
export function findQuickly(db: DatabaseSync, task: SearchTask): FoundIds | null {
  if (task.match === null || !/^"[^" ]+"$/.test(task.match) || hasFilters(task)) return null;
  const hits = db
    .prepare(
      'SELECT rowid AS id FROM message_words WHERE message_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
    )
    .all(task.match, task.cursor ?? Number.MAX_SAFE_INTEGER, FEW)
    .map((row) => row['id'] as number);
  const conditions = new Conditions();
  conditions.add('message.id IN (SELECT value FROM json_each(?))', JSON.stringify(hits));
  addFilters(conditions, task);
  const sql = `SELECT message.id FROM message WHERE ${conditions.sql} ORDER BY message.id DESC LIMIT ?`;
  const found = pageOf(db.prepare(sql).all(...conditions.values, task.limit + 1), task.limit);
  return hits.length < FEW || found.cursor !== null ? found : null;
}

function hasFilters({ rooms, from, has, since, before }: Sought): boolean {
  return rooms.length + from.length + has.length > 0 || since !== null || before !== null;
}

/** The `+` keeps SQLite to the order of rows: by an index it would find all, and sort them, to give the newest few. */
function addFilters(conditions: Conditions, { rooms, from, has, since, before, person }: SearchTask): void {
  conditions.add(
    `+message.room IN (SELECT id FROM room WHERE kind = 'public' UNION SELECT room FROM member WHERE person = ?)`,
    person,
  );
  conditions.add("message.deleted IS NULL AND message.kind IS NOT 'system'");
  if (rooms.length > 0) {
    conditions.add(
      '+message.room IN (SELECT id FROM room WHERE slug IN (SELECT value FROM json_each(?)))',
      JSON.stringify(rooms),
    );
  }
  if (from.length > 0)
    conditions.add('+message.person IN (SELECT value FROM json_each(?))', JSON.stringify(from));
  if (since !== null) conditions.add('message.at >= ?', since);
  if (before !== null) conditions.add('message.at < ?', before);
  for (const what of has) {
    if (what === 'reaction')
      conditions.add('EXISTS (SELECT 1 FROM reaction WHERE reaction.message = message.id)');
    else conditions.add('message.has & ? <> 0', CONTENT_BITS[what]);
  }
}

function pageOf(rows: readonly Record<string, unknown>[], limit: number): FoundIds {
  const ids = rows.slice(0, limit).map((row) => row['id'] as number);
  return { ids, cursor: rows.length > limit ? (ids.at(-1) ?? null) : null };
}

class Conditions {
  readonly #parts: string[] = [];
  readonly values: SQLInputValue[] = [];

  add(sql: string, ...values: SQLInputValue[]): void {
    this.#parts.push(sql);
    this.values.push(...values);
  }

  get sql(): string {
    return this.#parts.join(' AND ');
  }
}
