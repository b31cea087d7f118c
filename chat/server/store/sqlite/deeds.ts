import { DEEDS, type Deed } from '../../../shared/deeds.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Deeds, NewDeed, WantedDeeds } from '../deeds.ts';
import { type Database, type Row, integer, text } from './database.ts';
import { personColumns, readPerson } from './rows.ts';

const INSERT_DEED =
  'INSERT INTO audit (at, person, what, about, room, detail) VALUES (?, ?, ?, ?, (SELECT id FROM room WHERE slug = ?), ?)';

/** The ids of a page, by the indexes of what is named, so that no more is read. */
function idsOf({ before, limit, person, what }: WantedDeeds): { sql: string; values: (string | number)[] } {
  const page = [before ?? Number.MAX_SAFE_INTEGER, ...(what === undefined ? [] : [what]), limit];
  const among = (whose: string): string =>
    `SELECT id FROM audit WHERE ${whose}id < ?${what === undefined ? '' : ' AND what = ?'} ORDER BY id DESC LIMIT ?`;
  if (person === undefined) return { sql: among(''), values: page };
  const [did, was] = [among('person = ? AND '), among('about = ? AND ')];
  return {
    sql: `SELECT id FROM (SELECT * FROM (${did}) UNION SELECT * FROM (${was}) ORDER BY id DESC LIMIT ?)`,
    values: [person, ...page, person, ...page, limit],
  };
}

export class SqliteDeeds implements Deeds {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async note({ what, by, at, about, room, detail = '' }: NewDeed): Promise<void> {
    const kept = detail.slice(0, LIMITS.deedDetailChars);
    this.#db.write(() => this.#db.run(INSERT_DEED, at, by, what, about ?? null, room ?? null, kept));
  }

  async list(wanted: WantedDeeds): Promise<Deed[]> {
    const { sql, values } = idsOf(wanted);
    const rows = this.#db.all(
      `SELECT audit.id AS deed, audit.at, audit.what, audit.detail, room.id AS room_id, room.slug, room.name,
          room.kind = 'public' OR EXISTS (SELECT 1 FROM member WHERE member.room = room.id AND member.person = ?)
            AS is_seen,
          ${personColumns('doer', 'by_')}, ${personColumns('other', 'about_')}
        FROM audit LEFT JOIN person AS doer ON doer.id = audit.person
          LEFT JOIN person AS other ON other.id = audit.about LEFT JOIN room ON room.id = audit.room
        WHERE audit.id IN (${sql}) ORDER BY audit.id DESC`,
      wanted.reader,
      ...values,
    );
    return rows.flatMap((row) => readDeed(row) ?? []);
  }

  async sweep(before: number, most: number): Promise<number> {
    // Deeds are noted as they happen: the oldest have the smallest ids, and nothing has to be looked for.
    const sql = 'DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT ?) AND at < ?';
    return this.#db.write(() => this.#db.run(sql, most, before));
  }
}

function readRoom(row: Row): NonNullable<Deed['room']> | null {
  return integer(row, 'is_seen') === 1 ? { slug: text(row, 'slug'), name: text(row, 'name') } : null;
}

/** Undefined for what this version has no word for. */
function readDeed(row: Row): Deed | undefined {
  const what = DEEDS.find((name) => name === row['what']);
  if (what === undefined) return undefined;
  const detail = text(row, 'detail');
  return {
    id: integer(row, 'deed'),
    at: integer(row, 'at'),
    what,
    by: row['by_id'] === null ? null : readPerson(row, 'by_'),
    ...(row['about_id'] !== null && { about: readPerson(row, 'about_') }),
    ...(row['room_id'] !== null && { room: readRoom(row) }),
    ...(detail !== '' && { detail }),
  };
}
