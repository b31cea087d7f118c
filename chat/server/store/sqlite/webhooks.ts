import type { Bot, Person } from '../../../shared/people.ts';
import type { FoundWebhook, NewWebhook, Webhooks } from '../webhooks.ts';
import { type Database, expectRow, integer, text } from './database.ts';
import { insertPerson, revokeBot } from './person-rows.ts';
import { personColumns, readBot, readPerson } from './rows.ts';

const ROOM_ID = '(SELECT id FROM room WHERE slug = ?)';

export class SqliteWebhooks implements Webhooks {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create({ room, most, by, tokenHash, ...person }: NewWebhook): Promise<Person | 'taken' | 'too many'> {
    return this.#db.write(() => {
      const known = this.#db.get(`SELECT count(*) AS known FROM webhook WHERE room = ${ROOM_ID}`, room);
      if (integer(expectRow(known, 'count'), 'known') >= most) return 'too many';
      const id = insertPerson(this.#db, person, by);
      if (id === null) return 'taken';
      this.#db.run(
        'INSERT INTO member (room, person, read_seq, joined) SELECT id, ?, last_seq, ? FROM room WHERE slug = ?',
        id,
        person.at,
        room,
      );
      this.#db.run(
        `INSERT INTO webhook (person, room, token_hash) VALUES (?, ${ROOM_ID}, ?)`,
        id,
        room,
        tokenHash,
      );
      const row = this.#db.get(`SELECT ${personColumns('person', '')} FROM person WHERE id = ?`, id);
      return readPerson(expectRow(row, 'person'));
    });
  }

  async find(tokenHash: Uint8Array): Promise<FoundWebhook | null> {
    const row = this.#db.get(
      `SELECT ${personColumns('person', '')}, room.slug FROM webhook
        JOIN person ON person.id = webhook.person JOIN room ON room.id = webhook.room WHERE token_hash = ?`,
      tokenHash,
    );
    if (row === undefined) return null;
    return {
      bot: { ...readPerson(row), hasPassword: false },
      room: text(row, 'slug'),
      by: integer(row, 'bot_of'),
    };
  }

  async list(room: string): Promise<Bot[]> {
    const rows = this.#db.all(
      `SELECT ${personColumns('person', '')}, ${personColumns('maker', 'by_')}, person.created,
          (SELECT at FROM message WHERE message.person = person.id ORDER BY message.id DESC LIMIT 1) AS seen
        FROM webhook JOIN person ON person.id = webhook.person JOIN person AS maker ON maker.id = person.bot_of
        WHERE webhook.room = ${ROOM_ID} ORDER BY person.id`,
      room,
    );
    return rows.map(readBot);
  }

  async among(people: readonly number[]): Promise<number[]> {
    const sql = 'SELECT person FROM webhook WHERE person IN (SELECT value FROM json_each(?)) ORDER BY person';
    return this.#db.all(sql, JSON.stringify(people)).map((row) => integer(row, 'person'));
  }

  async revoke(room: string, bot: number): Promise<boolean> {
    const sql = `SELECT 1 FROM webhook WHERE person = ? AND room = ${ROOM_ID}`;
    return this.#db.write(() => this.#db.get(sql, bot, room) !== undefined && revokeBot(this.#db, bot));
  }
}
