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

/** A part of a search: the rows before `below`, and no more of them than `rows`. */
export interface SearchStep {
  task: SearchTask;
  /** Null is behind the last row. */
  below: number | null;
  rows: number;
  /** How many hits are enough. */
  most: number;
}

export interface StepFound {
  ids: number[];
  /** Where the next step begins; null when there is nothing left to look at. */
  below: number | null;
}

/** FTS5 has lists of the beginnings of words up to so many letters: see migration-4.ts. */
const LISTED_LETTERS = 6;
const LONG_BEGINNING = new RegExp(`[^ "]{${LISTED_LETTERS + 1},}" \\*$`, 'u');

/** Nothing can interrupt a statement of SQLite, so each looks at a window of rows only. How long that takes is bounded. */
export function findStep(db: DatabaseSync, { task, below, rows, most }: SearchStep): StepFound {
  const top = below ?? lastId(db) + 1;
  // FTS5 merges the lists of all words that begin so before it gives the first row: once is enough.
  const isWhole = task.match !== null && LONG_BEGINNING.test(task.match);
  const bottom = isWhole ? 0 : Math.max(0, top - rows);
  const conditions = new Conditions();
  const row = task.match === null ? 'message.id' : 'message_words.rowid';
  if (task.match !== null) conditions.add('message_words MATCH ?', task.match);
  conditions.add(`${row} < ? AND ${row} >= ?`, top, bottom);
  addFilters(conditions, task);
  if (task.has.includes('reaction')) {
    conditions.add(
      'message.id IN (SELECT reaction.message FROM reaction WHERE reaction.message < ? AND reaction.message >= ?)',
      top,
      bottom,
    );
  }
  const sql = `SELECT message.id FROM ${sourceOf(task)} WHERE ${conditions.sql} ORDER BY ${row} DESC LIMIT ?`;
  const ids = readIds(db.prepare(sql).all(...conditions.values, most));
  if (ids.length === most) return { ids, below: ids.at(-1) ?? null };
  return { ids, below: bottom > 0 ? bottom : null };
}

/** What gives the rows in their order, and as few as possible that the filters then leave out. */
function sourceOf({ match, has, from }: SearchTask): string {
  if (match !== null) return 'message_words CROSS JOIN message ON message.id = message_words.rowid';
  const content = has.find((what) => what !== 'reaction');
  if (content !== undefined) return `message INDEXED BY message_with_${content}`;
  if (has.length === 0 && from.length > 0) return 'message INDEXED BY message_by_person';
  return 'message';
}

function lastId(db: DatabaseSync): number {
  return (db.prepare('SELECT max(id) AS id FROM message').get()?.['id'] as number | null | undefined) ?? 0;
}

/** As many hits as are looked at on the main thread. */
const FEW = 128;

/**
 * Finds what can be found by looking at few rows: a whole word, without filters. Null means: not for sure, look at
 * all of them.
 */
export function findQuickly(db: DatabaseSync, task: SearchTask): FoundIds | null {
  if (task.match === null || !/^"[^" ]+"$/.test(task.match) || hasFilters(task)) return null;
  const hits = readIds(
    db
      .prepare(
        'SELECT rowid AS id FROM message_words WHERE message_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
      )
      .all(task.match, task.cursor ?? Number.MAX_SAFE_INTEGER, FEW),
  );
  const conditions = new Conditions();
  conditions.add('message.id IN (SELECT value FROM json_each(?))', JSON.stringify(hits));
  addFilters(conditions, task);
  const sql = `SELECT message.id FROM message WHERE ${conditions.sql} ORDER BY message.id DESC LIMIT ?`;
  const found = pageOf(readIds(db.prepare(sql).all(...conditions.values, task.limit + 1)), task.limit);
  return hits.length < FEW || found.cursor !== null ? found : null;
}

/** The first `limit` of them, and where the next page begins. */
export function pageOf(ids: readonly number[], limit: number): FoundIds {
  const page = ids.slice(0, limit);
  return { ids: page, cursor: ids.length > limit ? (page.at(-1) ?? null) : null };
}

function hasFilters({ rooms, from, has, since, before }: Sought): boolean {
  return rooms.length + from.length + has.length > 0 || since !== null || before !== null;
}

/** The `+` keeps SQLite to the order of rows: by an index it would find all, and sort them, to give the newest few. */
function addFilters(
  conditions: Conditions,
  { match, rooms, from, has, since, before, person }: SearchTask,
): void {
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
  if (from.length > 0) {
    const column = match === null && has.length === 0 ? 'message.person' : '+message.person';
    conditions.add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(from));
  }
  if (since !== null) conditions.add('message.at >= ?', since);
  if (before !== null) conditions.add('message.at < ?', before);
  for (const what of has) {
    // Word for word as the indexes have it, or SQLite does not see that they fit.
    if (what !== 'reaction') conditions.add(`message.has & ${CONTENT_BITS[what]} <> 0`);
  }
}

function readIds(rows: readonly Record<string, unknown>[]): number[] {
  return rows.map((row) => row['id'] as number);
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
