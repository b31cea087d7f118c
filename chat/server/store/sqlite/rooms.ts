import type { ListedRoom, Member, MyRoom, NotifyLevel, Room } from '../../../shared/rooms.ts';
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { NewRoom, RoomChange, Rooms, SeenRoom } from '../rooms.ts';
import { secretSlug, slugOf } from '../slug.ts';
import { type Database, expectRow, integer, text } from './database.ts';
import { MY_ROOM, ROOM, personColumns, readMyRoom, readPerson, readRoom } from './rows.ts';

const BY_SLUG = '(SELECT id FROM room WHERE slug = ?)';
/** Nobody but who opened it has a direct room in which nothing was said. */
const IS_SHOWN = '(room.people IS NULL OR room.last_seq > 0 OR room.made_by = member.person)';

export class SqliteRooms implements Rooms {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async seenBy(slug: string, person: number | null): Promise<SeenRoom | null> {
    const row = this.#db.get(`${ROOM} WHERE slug = ?`, slug);
    if (row === undefined) return null;
    const room = readRoom(row);
    const member = this.#db.get(
      'SELECT host FROM member WHERE room = ? AND person = ?',
      integer(row, 'room_id'),
      person,
    );
    if (member === undefined) return room.kind === 'public' ? { room, membership: null } : null;
    return { room, membership: { host: integer(member, 'host') === 1 } };
  }

  async mine(slug: string, person: number): Promise<MyRoom | null> {
    const row = this.#db.get(`${MY_ROOM} WHERE room.slug = ? AND member.person = ?`, slug, person);
    return row === undefined ? null : readMyRoom(row);
  }

  async allMine(person: number): Promise<MyRoom[]> {
    return this.#db
      .all(`${MY_ROOM} WHERE member.person = ? AND ${IS_SHOWN} ORDER BY room.id`, person)
      .map(readMyRoom);
  }

  async slugsOf(person: number): Promise<string[]> {
    const sql = 'SELECT slug FROM member JOIN room ON room.id = member.room WHERE member.person = ?';
    return this.#db.all(sql, person).map((row) => text(row, 'slug'));
  }

  async listed(person: number, after: string, limit: number): Promise<ListedRoom[]> {
    const rows = this.#db.all(
      `SELECT listed.*, (SELECT count(*) FROM member WHERE member.room = listed.room_id) AS members,
          EXISTS (SELECT 1 FROM member WHERE member.room = listed.room_id AND member.person = ?) AS joined
        FROM (${ROOM} WHERE kind = 'public' AND archived IS NULL AND slug > ? ORDER BY slug LIMIT ?) AS listed`,
      person,
      after,
      limit,
    );
    return rows.map((row) => ({
      ...readRoom(row),
      members: integer(row, 'members'),
      joined: integer(row, 'joined') === 1,
    }));
  }

  async create({ name, keys, kind, topic, by, at }: NewRoom): Promise<Room | null> {
    return this.#db.write(() => {
      if (!this.#areFree(keys, null)) return null;
      const slug = kind === 'public' ? this.#freeSlug(slugOf(name)) : secretSlug();
      this.#db.run(
        'INSERT INTO room (slug, name, kind, topic, made_by, created) VALUES (?, ?, ?, ?, ?, ?)',
        slug,
        name,
        kind,
        topic,
        by,
        at,
      );
      this.#insertKeys(keys, slug);
      this.#insertMember(slug, by, true, at);
      return this.#get(slug);
    });
  }

  async hasDirect(people: readonly number[], by: number): Promise<boolean> {
    return this.#db.get('SELECT 1 FROM room WHERE people = ?', idsOf(people, by).join(' ')) !== undefined;
  }

  async direct(people: readonly number[], by: number, at: number): Promise<{ room: Room; made: boolean }> {
    return this.#db.write(() => {
      const all = idsOf(people, by);
      const ids = all.join(' ');
      const known = this.#db.get(`${ROOM} WHERE room.people = ?`, ids);
      if (known !== undefined) {
        // Whoever left a group and writes to it again is in it again.
        this.#insertMember(text(known, 'slug'), by, false, at);
        return { room: readRoom(known), made: false };
      }
      const slug = secretSlug();
      this.#db.run(
        "INSERT INTO room (slug, name, kind, people, made_by, created) VALUES (?, '', ?, ?, ?, ?)",
        slug,
        all.length === 2 ? 'dm' : 'group',
        ids,
        by,
        at,
      );
      for (const person of all) this.#insertMember(slug, person, false, at);
      return { room: this.#get(slug), made: true };
    });
  }

  async change(slug: string, { name, topic, archived }: RoomChange, at: number): Promise<Room | null> {
    return this.#db.write(() => {
      if (name !== undefined) {
        if (!this.#areFree(name.keys, slug)) return null;
        this.#db.run('UPDATE room SET name = ? WHERE slug = ?', name.name, slug);
        this.#db.run(`DELETE FROM room_key WHERE room = ${BY_SLUG}`, slug);
        this.#insertKeys(name.keys, slug);
      }
      if (topic !== undefined) this.#db.run('UPDATE room SET topic = ? WHERE slug = ?', topic, slug);
      if (archived !== undefined) {
        const sql = 'UPDATE room SET archived = ?, is_default = is_default AND slug = ? WHERE slug = ?';
        this.#db.run(sql, archived ? at : null, DEFAULT_ROOM, slug);
      }
      return this.#get(slug);
    });
  }

  async setDefaults(slugs: readonly string[]): Promise<Room[]> {
    const isWanted = `(slug = ? OR (slug IN (SELECT value FROM json_each(?)) AND kind = 'public' AND archived IS NULL))`;
    const sql = `UPDATE room SET is_default = ${isWanted} WHERE is_default <> ${isWanted} RETURNING slug`;
    const wanted = [DEFAULT_ROOM, JSON.stringify(slugs)];
    return this.#db.write(() =>
      this.#db.all(sql, ...wanted, ...wanted).map((row) => this.#get(text(row, 'slug'))),
    );
  }

  async join(slug: string, person: number, at: number): Promise<boolean> {
    return this.#db.write(() => {
      this.#get(slug);
      return this.#insertMember(slug, person, false, at);
    });
  }

  async leave(slug: string, person: number): Promise<boolean> {
    const sql = `DELETE FROM member WHERE room = ${BY_SLUG} AND person = ?`;
    return this.#db.write(() => this.#db.run(sql, slug, person) === 1);
  }

  async setLevel(
    slug: string,
    person: number,
    { level, quietUntil }: { level?: NotifyLevel; quietUntil?: number },
  ): Promise<void> {
    const sql = `UPDATE member SET level = coalesce(?, level), quiet_until = nullif(coalesce(?, quiet_until), 0)
      WHERE room = ${BY_SLUG} AND person = ?`;
    this.#db.write(() => this.#db.run(sql, level ?? null, quietUntil ?? null, slug, person));
  }

  async members(slug: string, after: number | null, limit: number): Promise<Omit<Member, 'online'>[]> {
    const rows = this.#db.all(
      `SELECT ${personColumns('person', '')}, member.host FROM member JOIN person ON person.id = member.person
        WHERE member.room = ${BY_SLUG} AND (? IS NULL OR
          (person.name COLLATE NOCASE, person.id) > (SELECT name COLLATE NOCASE, id FROM person WHERE id = ?))
        ORDER BY person.name COLLATE NOCASE, person.id LIMIT ?`,
      slug,
      after,
      after,
      limit,
    );
    return rows.map((row) => ({ person: readPerson(row), host: integer(row, 'host') === 1 }));
  }

  async memberIds(slug: string): Promise<number[]> {
    return this.#db
      .all(`SELECT person FROM member WHERE room = ${BY_SLUG}`, slug)
      .map((row) => integer(row, 'person'));
  }

  async membersAmong(slug: string, people: readonly number[]): Promise<number[]> {
    const sql = `SELECT person FROM member WHERE room = ${BY_SLUG} AND person IN (SELECT value FROM json_each(?))`;
    return this.#db.all(sql, slug, JSON.stringify(people)).map((row) => integer(row, 'person'));
  }

  #get(slug: string): Room {
    return readRoom(expectRow(this.#db.get(`${ROOM} WHERE slug = ?`, slug), 'room'));
  }

  #insertMember(slug: string, person: number, host: boolean, at: number): boolean {
    const sql = `INSERT OR IGNORE INTO member (room, person, host, read_seq, joined)
      SELECT id, ?, ?, last_seq, ? FROM room WHERE slug = ?`;
    return this.#db.run(sql, person, host ? 1 : 0, at, slug) === 1;
  }

  /** No room's, or this one's own. */
  #areFree(keys: readonly string[], slug: string | null): boolean {
    const sql = `SELECT 1 FROM room_key WHERE key IN (SELECT value FROM json_each(?)) AND room IS NOT ${BY_SLUG} LIMIT 1`;
    return this.#db.get(sql, JSON.stringify(keys), slug) === undefined;
  }

  #insertKeys(keys: readonly string[], slug: string): void {
    for (const key of keys) {
      this.#db.run(`INSERT INTO room_key (key, room) VALUES (?, ${BY_SLUG})`, key, slug);
    }
  }

  #freeSlug(wish: string): string {
    const isTaken = (slug: string): boolean =>
      this.#db.get('SELECT 1 FROM room WHERE slug = ?', slug) !== undefined;
    for (let number = 1; ; number += 1) {
      const slug = number === 1 ? wish : `${wish}-${number}`;
      if (!isTaken(slug)) return slug;
    }
  }
}

function idsOf(people: readonly number[], by: number): number[] {
  return [...new Set([...people, by])].toSorted((a, b) => a - b);
}
