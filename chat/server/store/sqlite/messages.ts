import { toSearchWords } from '../../../shared/search-words.ts';
import type { Mention, Message, Revision } from '../../../shared/messages.ts';
import type { Appended, Edit, Messages, NewEvent, NewMessage } from '../messages.ts';
import { contentBits } from './content-bits.ts';
import { type Database, type Row, expectRow, integer, text } from './database.ts';
import { MESSAGE, readMessage } from './rows.ts';
import { takeRev } from './take-rev.ts';

const BY_ADDRESS = 'WHERE message.room = (SELECT id FROM room WHERE slug = ?) AND message.seq = ?';

/** A message's row, for changing it. */
interface Found {
  id: number;
  room: number;
  rev: number;
  body: string;
  isDeleted: boolean;
}

export class SqliteMessages implements Messages {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async append(message: NewMessage): Promise<Appended> {
    const { room, person, nonce, body, at, kind, replyTo, mentions = [], mentionsRoom = false } = message;
    return this.#db.write(() => {
      const stored =
        nonce === null
          ? undefined
          : this.#db.get(`${MESSAGE} WHERE message.person = ? AND message.nonce = ?`, person, nonce);
      if (stored !== undefined) return { message: readMessage(stored), repeated: true };

      const place = this.#advance(room);
      const [roomId, seq] = [integer(place, 'id'), integer(place, 'last_seq')];
      const row = this.#db.get(
        `INSERT INTO message (room, seq, rev, person, nonce, body, at, kind, reply_seq, mentions_room, has)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT seq FROM message WHERE room = ? AND seq = ?), ?, ?) RETURNING id`,
        roomId,
        seq,
        integer(place, 'last_rev'),
        person,
        nonce,
        body,
        at,
        kind ?? null,
        roomId,
        replyTo ?? null,
        mentionsRoom ? 1 : 0,
        contentBits(body),
      );
      const id = integer(expectRow(row, 'message'), 'id');
      this.#index(id, body);
      this.#insertMentions(id, roomId, seq, mentions);
      if (mentionsRoom) {
        this.#db.run(
          'INSERT OR IGNORE INTO mention (message, person, room, seq) SELECT ?, person, room, ? FROM member WHERE room = ? AND person <> ?',
          id,
          seq,
          roomId,
          person,
        );
      }
      this.#db.run('UPDATE member SET read_seq = ? WHERE room = ? AND person = ?', seq, roomId, person);
      this.#db.run('UPDATE mention SET late = 0 WHERE person = ? AND room = ? AND late = 1', person, roomId);
      return { message: this.#read(id), repeated: false };
    });
  }

  async knows(person: number, nonce: string): Promise<boolean> {
    return this.#db.get('SELECT 1 FROM message WHERE person = ? AND nonce = ?', person, nonce) !== undefined;
  }

  async nonces(room: string, person: number, seqs: readonly number[]): Promise<Map<number, string>> {
    const rows = this.#db.all(
      `SELECT seq, nonce FROM message WHERE room = (SELECT id FROM room WHERE slug = ?)
        AND seq IN (SELECT value FROM json_each(?)) AND person = ? AND nonce IS NOT NULL`,
      room,
      JSON.stringify(seqs),
      person,
    );
    return new Map(rows.map((row) => [integer(row, 'seq'), text(row, 'nonce')]));
  }

  async appendEvent(room: string, person: number, event: NewEvent, at: number): Promise<Message> {
    return this.#db.write(() => {
      const { about, ...kept } =
        'person' in event ? { what: event.what, about: event.person } : { ...event, about: null };
      const place = this.#advance(room);
      const row = this.#db.get(
        "INSERT INTO message (room, seq, rev, person, body, at, kind, event, about) VALUES (?, ?, ?, ?, '', ?, 'system', ?, ?) RETURNING id",
        integer(place, 'id'),
        integer(place, 'last_seq'),
        integer(place, 'last_rev'),
        person,
        at,
        JSON.stringify(kept),
        about,
      );
      return this.#read(integer(expectRow(row, 'message'), 'id'));
    });
  }

  async get(room: string, seq: number): Promise<Message | null> {
    const row = this.#db.get(`${MESSAGE} ${BY_ADDRESS}`, room, seq);
    return row === undefined ? null : readMessage(row);
  }

  async edit(
    room: string,
    seq: number,
    { body, mentions, dropsPreview }: Edit,
    at: number,
  ): Promise<Message> {
    return this.#db.write(() => {
      const found = this.#find(room, seq);
      if (found.isDeleted) throw new RangeError('Cannot edit: the message is deleted');
      if (found.body === body) return this.#read(found.id);
      this.#db.run(
        'INSERT INTO revision (message, body, at) SELECT id, body, coalesce(edited, at) FROM message WHERE id = ?',
        found.id,
      );
      this.#db.run(
        'UPDATE message SET body = ?, edited = ?, has = ? WHERE id = ?',
        body,
        at,
        contentBits(body),
        found.id,
      );
      if (dropsPreview === true) this.#db.run('DELETE FROM preview WHERE message = ?', found.id);
      this.#mentionAnew(found, seq, mentions);
      this.#unindex(found.id);
      this.#index(found.id, body);
      return this.#changed(found);
    });
  }

  async revisions(room: string, seq: number): Promise<Revision[]> {
    const rows = this.#db.all(
      `SELECT revision.body, revision.at FROM revision JOIN message ON message.id = revision.message
        ${BY_ADDRESS} AND message.deleted IS NULL ORDER BY revision.id`,
      room,
      seq,
    );
    return rows.map((row) => ({ body: text(row, 'body'), at: integer(row, 'at') }));
  }

  async delete(room: string, seq: number, by: number, at: number, until: number): Promise<Message> {
    return this.#db.write(() => {
      const found = this.#find(room, seq);
      if (found.isDeleted) return this.#read(found.id);
      this.#db.run('INSERT INTO undo (message, body, until) VALUES (?, ?, ?)', found.id, found.body, until);
      this.#db.run(
        "UPDATE message SET body = '', deleted = ?, deleted_by = ? WHERE id = ?",
        at,
        by,
        found.id,
      );
      this.#unindex(found.id);
      return this.#changed(found);
    });
  }

  async restore(room: string, seq: number, at: number): Promise<Message | null> {
    return this.#db.write(() => {
      const found = this.#find(room, seq);
      const kept = this.#db.get(
        'DELETE FROM undo WHERE message = ? AND until >= ? RETURNING body',
        found.id,
        at,
      );
      if (kept === undefined) return null;
      const body = text(kept, 'body');
      this.#db.run(
        'UPDATE message SET body = ?, deleted = NULL, deleted_by = NULL WHERE id = ?',
        body,
        found.id,
      );
      this.#index(found.id, body);
      return this.#changed(found);
    });
  }

  async sweep(at: number): Promise<void> {
    this.#db.write(() => {
      for (const row of this.#db.all('DELETE FROM undo WHERE until < ? RETURNING message', at)) {
        const id = integer(row, 'message');
        for (const table of ['revision', 'reaction', 'mention', 'pin', 'saved', 'preview']) {
          this.#db.run(`DELETE FROM ${table} WHERE message = ?`, id);
        }
        this.#db.run('UPDATE message SET has = 0, reply_seq = NULL, mentions_room = 0 WHERE id = ?', id);
      }
    });
  }

  async react(
    room: string,
    seq: number,
    { person, emoji, on, at }: { person: number; emoji: string; on: boolean; at: number },
    most: number,
  ): Promise<Message | null> {
    return this.#db.write(() => {
      const found = this.#find(room, seq);
      if (on && this.#hasOther(found.id, emoji, most)) return null;
      const changed = on
        ? this.#db.run(
            'INSERT OR IGNORE INTO reaction (message, emoji, person, at) VALUES (?, ?, ?, ?)',
            found.id,
            emoji,
            person,
            at,
          )
        : this.#db.run(
            'DELETE FROM reaction WHERE message = ? AND emoji = ? AND person = ?',
            found.id,
            emoji,
            person,
          );
      return changed === 0 ? this.#read(found.id) : this.#changed(found);
    });
  }

  /** True if the message has `most` emoji, this one not among them. */
  #hasOther(id: number, emoji: string, most: number): boolean {
    const row = this.#db.get(
      'SELECT count(DISTINCT emoji) AS kinds, coalesce(max(emoji = ?), 0) AS present FROM reaction WHERE message = ?',
      emoji,
      id,
    );
    return row !== undefined && integer(row, 'present') === 0 && integer(row, 'kinds') >= most;
  }

  /** Takes the room's next seq and rev. */
  #advance(room: string): Row {
    const sql =
      'UPDATE room SET last_seq = last_seq + 1, last_rev = last_rev + 1 WHERE slug = ? RETURNING id, last_seq, last_rev';
    return expectRow(this.#db.get(sql, room), 'room');
  }

  #find(room: string, seq: number): Found {
    const sql = `SELECT id, room, rev, body, deleted FROM message ${BY_ADDRESS}`;
    const row = expectRow(this.#db.get(sql, room, seq), 'message');
    return {
      id: integer(row, 'id'),
      room: integer(row, 'room'),
      rev: integer(row, 'rev'),
      body: text(row, 'body'),
      isDeleted: row['deleted'] !== null,
    };
  }

  /** Gives a changed message the room's next rev, and reads it. */
  #changed({ id, room }: Found): Message {
    takeRev(this.#db, room, id);
    return this.#read(id);
  }

  #read(id: number): Message {
    return readMessage(expectRow(this.#db.get(`${MESSAGE} WHERE message.id = ?`, id), 'message'));
  }

  #insertMentions(id: number, room: number, seq: number, mentions: readonly Mention[]): void {
    for (const { person, as } of mentions) {
      this.#db.run(
        `INSERT INTO mention (message, person, room, seq, spoken) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (message, person) DO UPDATE SET spoken = excluded.spoken`,
        id,
        person,
        room,
        seq,
        as,
      );
    }
  }

  /** By name; who was mentioned with the whole room still is. Who had read the message already is mentioned late. */
  #mentionAnew({ id, room }: Found, seq: number, mentions: readonly Mention[]): void {
    const named = JSON.stringify(mentions.map(({ person }) => person));
    const dropped = 'message = ? AND spoken IS NOT NULL AND person NOT IN (SELECT value FROM json_each(?))';
    this.#db.run(
      `UPDATE mention SET spoken = NULL WHERE ${dropped}
        AND EXISTS (SELECT 1 FROM message WHERE message.id = mention.message AND mentions_room = 1)
        AND EXISTS (SELECT 1 FROM member WHERE member.room = mention.room AND member.person = mention.person)`,
      id,
      named,
    );
    this.#db.run(`DELETE FROM mention WHERE ${dropped}`, id, named);
    const known = this.#db.all('SELECT person FROM mention WHERE message = ?', id);
    const before = JSON.stringify(known.map((row) => integer(row, 'person')));
    this.#insertMentions(id, room, seq, mentions);
    this.#db.run(
      `UPDATE mention SET late = 1 WHERE message = ? AND person NOT IN (SELECT value FROM json_each(?))
        AND EXISTS (SELECT 1 FROM member WHERE member.room = mention.room AND member.person = mention.person
          AND member.read_seq >= mention.seq)`,
      id,
      before,
    );
  }

  #index(id: number, body: string): void {
    this.#db.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', id, toSearchWords(body));
  }

  #unindex(id: number): void {
    this.#db.run('DELETE FROM message_words WHERE rowid = ?', id);
  }
}
