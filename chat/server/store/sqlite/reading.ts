import type { Message } from '../../../shared/messages.ts';
import type { ReadState } from '../../../shared/reading.ts';
import type { Page, Reading, Sought } from '../reading.ts';
import { type Database, type Row, expectRow, integer, text } from './database.ts';
import { CAN_SEE, MESSAGE, READ_COLUMNS, readMessage } from './rows.ts';
import type { Search } from './search.ts';

const IN_ROOM = 'WHERE message.room = (SELECT id FROM room WHERE slug = ?)';
const READ_STATE = `SELECT room.slug, ${READ_COLUMNS} FROM member JOIN room ON room.id = member.room`;

export class SqliteReading implements Reading {
  readonly #db: Database;
  readonly #search: Search;

  constructor(db: Database, search: Search) {
    this.#db = db;
    this.#search = search;
  }

  async before(room: string, seq: number | null, limit: number): Promise<Page> {
    const messages = this.#before(room, seq ?? Number.MAX_SAFE_INTEGER, limit + 1);
    return {
      messages: messages.slice(-limit),
      older: messages.length > limit,
      newer: seq !== null && this.#exists(room, seq),
    };
  }

  async after(room: string, seq: number, limit: number): Promise<Page> {
    const messages = this.#after(room, seq, limit + 1);
    return {
      messages: messages.slice(0, limit),
      older: this.#before(room, seq + 1, 1).length > 0,
      newer: messages.length > limit,
    };
  }

  async around(room: string, seq: number, limit: number): Promise<Page & { focus: number | null }> {
    const half = Math.floor(limit / 2);
    // One more than asked for on each side: whether it comes tells whether there are more.
    const earlier = this.#before(room, seq, limit + 1);
    const later = this.#after(room, seq - 1, limit + 1);
    const [early, late] = share(half, limit, earlier.length, later.length);
    const messages = [...earlier.slice(earlier.length - early), ...later.slice(0, late)];
    const focus = later[0]?.seq ?? earlier.at(-1)?.seq ?? null;
    return { messages, older: earlier.length > early, newer: later.length > late, focus };
  }

  async firstAt(room: string, at: number): Promise<number | null> {
    const first =
      this.#db.get(`SELECT seq FROM message ${IN_ROOM} AND at >= ? ORDER BY at, seq LIMIT 1`, room, at) ??
      this.#db.get(`SELECT seq FROM message ${IN_ROOM} ORDER BY seq DESC LIMIT 1`, room);
    return first === undefined ? null : integer(first, 'seq');
  }

  async since(room: string, rev: number, limit: number): Promise<Message[] | null> {
    const rows = this.#db.all(
      `${MESSAGE} ${IN_ROOM} AND message.rev > ? ORDER BY message.rev LIMIT ?`,
      room,
      rev,
      limit + 1,
    );
    if (rows.length > limit) return null;
    return rows.map(readMessage).toSorted((a, b) => a.seq - b.seq);
  }

  async days(room: string, edges: readonly number[]): Promise<boolean[]> {
    const sql = `SELECT 1 FROM message ${IN_ROOM} AND at >= ? AND at < ? LIMIT 1`;
    return edges
      .slice(1)
      .map((end, index) => this.#db.get(sql, room, edges[index] ?? end, end) !== undefined);
  }

  async read(room: string, person: number, seq: number, back: boolean): Promise<ReadState> {
    return this.#db.write(() => {
      this.#db.run(
        `UPDATE member SET read_seq = CASE WHEN ? THEN wanted.seq ELSE max(read_seq, wanted.seq) END
          FROM (SELECT id, min(last_seq, ?) AS seq FROM room WHERE slug = ?) AS wanted
          WHERE member.room = wanted.id AND member.person = ?`,
        back ? 1 : 0,
        seq,
        room,
        person,
      );
      this.#db.run(
        `UPDATE mention SET late = 0 WHERE person = ? AND late = 1 AND room = (SELECT room.id FROM room
          JOIN member ON member.room = room.id AND member.person = ? WHERE slug = ? AND read_seq >= last_seq)`,
        person,
        person,
        room,
      );
      const row = this.#db.get(`${READ_STATE} WHERE room.slug = ? AND member.person = ?`, room, person);
      return readState(expectRow(row, 'membership'));
    });
  }

  async readAll(person: number): Promise<ReadState[]> {
    return this.#db.write(() => {
      this.#db.run(
        'UPDATE member SET read_seq = (SELECT last_seq FROM room WHERE room.id = member.room) WHERE person = ?',
        person,
      );
      this.#db.run('UPDATE mention SET late = 0 WHERE person = ? AND late = 1', person);
      return this.#db.all(`${READ_STATE} WHERE member.person = ?`, person).map(readState);
    });
  }

  async mentions(
    person: number,
    before: number | null,
    limit: number,
  ): Promise<{ mentions: { message: Message; seen: boolean }[]; cursor: number | null }> {
    const rows = this.#db.all(
      `SELECT whole.*, whole.seq <= coalesce((SELECT read_seq FROM member JOIN room ON room.id = member.room
            WHERE room.slug = whole.room AND member.person = ?), 0)
          AND NOT EXISTS (SELECT 1 FROM mention WHERE mention.message = whole.message_id AND mention.person = ?
            AND late = 1) AS seen
        FROM (${MESSAGE} JOIN mention AS mine ON mine.message = message.id
          WHERE mine.person = ? AND mine.message < ? AND message.deleted IS NULL AND ${CAN_SEE}
          ORDER BY mine.message DESC LIMIT ?) AS whole`,
      person,
      person,
      person,
      before ?? Number.MAX_SAFE_INTEGER,
      person,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      mentions: page.map((row) => ({ message: readMessage(row), seen: integer(row, 'seen') === 1 })),
      cursor: rows.length > limit && last !== undefined ? integer(last, 'message_id') : null,
    };
  }

  async search(
    sought: Sought,
    person: number | null,
    before: number | null,
    limit: number,
  ): Promise<{ messages: Message[]; cursor: number | null }> {
    const { ids, cursor } = await this.#search.find({ ...sought, person, cursor: before, limit });
    const rows = this.#db.all(
      `${MESSAGE} WHERE message.id IN (SELECT value FROM json_each(?)) AND message.deleted IS NULL ORDER BY message.id DESC`,
      JSON.stringify(ids),
    );
    return { messages: rows.map(readMessage), cursor };
  }

  #before(room: string, seq: number, limit: number): Message[] {
    const sql = `${MESSAGE} ${IN_ROOM} AND message.seq < ? ORDER BY message.seq DESC LIMIT ?`;
    return this.#db.all(sql, room, seq, limit).map(readMessage).toReversed();
  }

  #after(room: string, seq: number, limit: number): Message[] {
    const sql = `${MESSAGE} ${IN_ROOM} AND message.seq > ? ORDER BY message.seq LIMIT ?`;
    return this.#db.all(sql, room, seq, limit).map(readMessage);
  }

  /** Whether there is a message at this seq or behind it. */
  #exists(room: string, seq: number): boolean {
    return this.#db.get(`SELECT 1 FROM message ${IN_ROOM} AND seq >= ? LIMIT 1`, room, seq) !== undefined;
  }
}

/** How many to take of each side: half of the limit, and more where the other side has fewer. */
function share(half: number, limit: number, earlier: number, later: number): [number, number] {
  const early = Math.min(earlier, Math.max(half, limit - later));
  return [early, Math.min(later, limit - early)];
}

function readState(row: Row): ReadState {
  return {
    room: text(row, 'slug'),
    read: integer(row, 'read_seq'),
    unread: integer(row, 'unread'),
    mentions: integer(row, 'mentions'),
  };
}
