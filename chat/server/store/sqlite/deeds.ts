import { DEEDS, type Deed } from '../../../shared/deeds.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Deeds, NewDeed } from '../deeds.ts';
import { type Database, type Row, integer, text, textOrNull } from './database.ts';
import { personColumns, readPerson } from './rows.ts';

const INSERT_DEED =
  'INSERT INTO audit (at, person, what, about, room, detail) VALUES (?, ?, ?, ?, (SELECT id FROM room WHERE slug = ?), ?)';

export class SqliteDeeds implements Deeds {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async note({ what, by, at, about, room, detail = '' }: NewDeed): Promise<void> {
    const kept = detail.slice(0, LIMITS.deedDetailChars);
    this.#db.write(() => this.#db.run(INSERT_DEED, at, by, what, about ?? null, room ?? null, kept));
  }

  async before(id: number | null, limit: number): Promise<Deed[]> {
    const rows = this.#db.all(
      `SELECT audit.id AS deed, audit.at, audit.what, audit.detail, room.slug AS room,
          ${personColumns('doer', 'by_')}, ${personColumns('other', 'about_')}
        FROM audit LEFT JOIN person AS doer ON doer.id = audit.person
          LEFT JOIN person AS other ON other.id = audit.about LEFT JOIN room ON room.id = audit.room
        WHERE audit.id < coalesce(?, 9007199254740991) ORDER BY audit.id DESC LIMIT ?`,
      id,
      limit,
    );
    return rows.flatMap((row) => readDeed(row) ?? []);
  }
}

/** Undefined for what this version has no word for. */
function readDeed(row: Row): Deed | undefined {
  const what = DEEDS.find((name) => name === row['what']);
  if (what === undefined) return undefined;
  const room = textOrNull(row, 'room');
  const detail = text(row, 'detail');
  return {
    id: integer(row, 'deed'),
    at: integer(row, 'at'),
    what,
    by: row['by_id'] === null ? null : readPerson(row, 'by_'),
    ...(row['about_id'] !== null && { about: readPerson(row, 'about_') }),
    ...(room !== null && { room }),
    ...(detail !== '' && { detail }),
  };
}
