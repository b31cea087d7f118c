import type { Saved } from '../../../shared/keeping.ts';
import type { Message } from '../../../shared/messages.ts';
import type { Keep, Keeping } from '../keeping.ts';
import { type Database, type Row, expectRow, integer } from './database.ts';
import { CAN_SEE, MESSAGE, readMessage } from './rows.ts';
import { takeRev } from './take-rev.ts';

export class SqliteKeeping implements Keeping {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async pin({ room: slug, seq, person, on, at }: Keep, most: number): Promise<Message | null> {
    return this.#db.write(() => {
      const { id, room } = this.#find(slug, seq);
      const isPinned =
        this.#db.get('SELECT 1 FROM pin WHERE room = ? AND message = ?', room, id) !== undefined;
      if (on && !isPinned && this.#count('pin', 'room', room) >= most) return null;
      if (on && !isPinned) {
        this.#db.run(
          'INSERT INTO pin (room, message, made_by, at) VALUES (?, ?, ?, ?)',
          room,
          id,
          person,
          at,
        );
      } else if (!on) {
        this.#db.run('DELETE FROM pin WHERE room = ? AND message = ?', room, id);
      }
      if (on !== isPinned) takeRev(this.#db, room, id);
      return this.#read(id);
    });
  }

  async pins(room: string): Promise<Message[]> {
    const sql = `${MESSAGE} WHERE pin.room = (SELECT id FROM room WHERE slug = ?) AND message.deleted IS NULL
      ORDER BY pin.at DESC, message.id DESC`;
    return this.#db.all(sql, room).map(readMessage);
  }

  async save({ room: slug, seq, person, on, at }: Keep, most: number): Promise<boolean> {
    return this.#db.write(() => {
      const { id } = this.#find(slug, seq);
      if (!on) {
        this.#db.run('DELETE FROM saved WHERE person = ? AND message = ?', person, id);
        return true;
      }
      const isSaved = this.#db.get('SELECT 1 FROM saved WHERE person = ? AND message = ?', person, id);
      if (isSaved !== undefined) return true;
      if (this.#count('saved', 'person', person) >= most) return false;
      this.#db.run('INSERT INTO saved (person, message, at) VALUES (?, ?, ?)', person, id, at);
      return true;
    });
  }

  async saved(person: number, before: number | null, limit: number): Promise<Saved> {
    const rows = this.#db.all(
      `${MESSAGE} JOIN saved ON saved.message = message.id
        WHERE saved.person = ? AND saved.message < ? AND message.deleted IS NULL AND ${CAN_SEE}
        ORDER BY saved.message DESC LIMIT ?`,
      person,
      before ?? Number.MAX_SAFE_INTEGER,
      person,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      messages: page.map(readMessage),
      cursor: rows.length > limit && last !== undefined ? integer(last, 'message_id') : null,
    };
  }

  async savedIn(room: string, person: number): Promise<number[]> {
    const rows = this.#db.all(
      `SELECT message.seq FROM saved JOIN message ON message.id = saved.message
        WHERE saved.person = ? AND message.room = (SELECT id FROM room WHERE slug = ?)`,
      person,
      room,
    );
    return rows.map((row) => integer(row, 'seq'));
  }

  #count(table: 'pin' | 'saved', column: 'room' | 'person', value: number): number {
    const sql = `SELECT count(*) AS n FROM ${table} JOIN message ON message.id = ${table}.message
      WHERE ${table}.${column} = ? AND message.deleted IS NULL`;
    return integer(expectRow(this.#db.get(sql, value), 'count'), 'n');
  }

  #find(slug: string, seq: number): { id: number; room: number } {
    const sql =
      'SELECT id, room FROM message WHERE room = (SELECT id FROM room WHERE slug = ?) AND seq = ? AND deleted IS NULL';
    const row: Row = expectRow(this.#db.get(sql, slug, seq), 'message');
    return { id: integer(row, 'id'), room: integer(row, 'room') };
  }

  #read(id: number): Message {
    return readMessage(expectRow(this.#db.get(`${MESSAGE} WHERE message.id = ?`, id), 'message'));
  }
}
