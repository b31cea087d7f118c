import type { Invite } from '../../../shared/people.ts';
import type { Invites, NewInvite } from '../invites.ts';
import { type Database, type Row, expectRow, integer, text, textOrNull } from './database.ts';
import { personColumns, readPerson, readRole } from './rows.ts';

const INVITE = `SELECT invite.id AS invite_id, room.slug AS room, invite.role AS invite_role, invite.created, invite.expires,
    invite.uses_left, ${personColumns('person', 'by_')}
  FROM invite JOIN person ON person.id = invite.made_by LEFT JOIN room ON room.id = invite.room`;

export class SqliteInvites implements Invites {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create({ codeHash, room, role, by, at, expires, uses }: NewInvite): Promise<Invite> {
    return this.#db.write(() => {
      this.#db.run(
        `INSERT INTO invite (code_hash, room, role, made_by, created, expires, uses_left)
          VALUES (?, (SELECT id FROM room WHERE slug = ?), ?, ?, ?, ?, ?)`,
        codeHash,
        room,
        role,
        by,
        at,
        expires,
        uses,
      );
      return readInvite(expectRow(this.#db.get(`${INVITE} WHERE code_hash = ?`, codeHash), 'invite'));
    });
  }

  async find(codeHash: Uint8Array, at: number): Promise<Invite | null> {
    const row = this.#db.get(`${INVITE} WHERE code_hash = ? AND expires > ? AND uses_left > 0`, codeHash, at);
    return row === undefined ? null : readInvite(row);
  }

  async use(codeHash: Uint8Array, at: number): Promise<Invite | null> {
    return this.#db.write(() => {
      const sql =
        'UPDATE invite SET uses_left = uses_left - 1 WHERE code_hash = ? AND expires > ? AND uses_left > 0';
      if (this.#db.run(sql, codeHash, at) === 0) return null;
      return readInvite(expectRow(this.#db.get(`${INVITE} WHERE code_hash = ?`, codeHash), 'invite'));
    });
  }

  async list(by: number | null, at: number): Promise<Invite[]> {
    const rows = this.#db.all(
      `${INVITE} WHERE expires > ? AND uses_left > 0 AND invite.made_by = coalesce(?, invite.made_by) ORDER BY invite.id DESC LIMIT 200`,
      at,
      by,
    );
    return rows.map(readInvite);
  }

  async revoke(id: number, by: number | null): Promise<boolean> {
    const sql = 'DELETE FROM invite WHERE id = ? AND made_by = coalesce(?, made_by)';
    return this.#db.write(() => this.#db.run(sql, id, by) === 1);
  }
}

function readInvite(row: Row): Invite {
  return {
    id: integer(row, 'invite_id'),
    room: textOrNull(row, 'room'),
    role: readRole(text(row, 'invite_role')),
    by: readPerson(row, 'by_'),
    created: integer(row, 'created'),
    expires: integer(row, 'expires'),
    usesLeft: integer(row, 'uses_left'),
  };
}
