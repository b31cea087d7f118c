import { ACCENTS } from '../../../shared/accents.ts';
import { type Bot, type ChatInfo, type Me, type Person, type QuietHours } from '../../../shared/people.ts';
import type { Role } from '../../../shared/roles.ts';
import type { ForgetGuests, ForgottenGuests, NewBot, NewPerson, People } from '../people.ts';
import { type Database, expectRow, integer, text } from './database.ts';
import { areKeysFree, forgetPerson, insertKeys, insertPerson, revokeBot } from './person-rows.ts';
import { ME, personColumns, readBot, readMe, readPerson } from './rows.ts';

const LISTED = 'person.revoked IS NULL';

/**
 * With a password or passkey one may come back at any time. Somebody in a direct room is a name to the other; an invite to a
 * private room is worth keeping as long as there is a session to come back with. ?3 is the time, ?4 are those present.
 */
const IDLE_GUEST = `role = 'guest' AND bot_of IS NULL AND password IS NULL AND revoked IS NULL AND created < ?3
    AND NOT EXISTS (SELECT 1 FROM credential WHERE credential.person = person.id)
    AND NOT EXISTS (SELECT 1 FROM session WHERE session.person = person.id AND seen >= ?3)
    AND NOT EXISTS (SELECT 1 FROM message WHERE message.person = person.id AND message.kind IS NOT 'system')
    AND NOT EXISTS (SELECT 1 FROM member JOIN room ON room.id = member.room WHERE member.person = person.id
      AND room.kind <> 'public'
      AND (room.people IS NOT NULL OR EXISTS (SELECT 1 FROM session WHERE session.person = person.id)))
    AND NOT EXISTS (SELECT 1 FROM recovery WHERE recovery.person = person.id AND recovery.created >= ?3)
    AND id NOT IN (SELECT value FROM json_each(?4))`;

export class SqlitePeople implements People {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(person: NewPerson): Promise<Me | null> {
    return this.#db.write(() => {
      const id = this.#insert(person, null);
      return id === null ? null : this.#get(id);
    });
  }

  async get(person: number): Promise<Me | null> {
    const row = this.#db.get(`${ME} WHERE id = ? AND ${LISTED}`, person);
    return row === undefined ? null : readMe(row);
  }

  async created(person: number): Promise<number> {
    const row = this.#db.get('SELECT created FROM person WHERE id = ?', person);
    return integer(expectRow(row, 'person'), 'created');
  }

  async rename(person: number, name: string, keys: readonly string[]): Promise<Me | null> {
    return this.#db.write(() => {
      const me = this.#get(person);
      if (!areKeysFree(this.#db, keys, person)) return null;
      this.#db.run('DELETE FROM name_key WHERE person = ?', person);
      insertKeys(this.#db, keys, person);
      this.#db.run('UPDATE person SET name = ? WHERE id = ?', name, person);
      return { ...me, name };
    });
  }

  async byKeys(keys: readonly string[]): Promise<{ key: string; person: Person }[]> {
    const rows = this.#db.all(
      `SELECT key, ${personColumns('person', '')} FROM name_key JOIN person ON person.id = name_key.person
        WHERE rank = 0 AND key IN (SELECT value FROM json_each(?))`,
      JSON.stringify(keys),
    );
    return rows.map((row) => ({ key: text(row, 'key'), person: readPerson(row) }));
  }

  async list({ like, room, limit }: { like: string; room: string | null; limit: number }): Promise<Person[]> {
    const rows = this.#db.all(
      `SELECT ${personColumns('person', '')} FROM person
        LEFT JOIN member ON member.person = person.id AND member.room = (SELECT id FROM room WHERE slug = ?)
        WHERE ${LISTED} AND (person.name LIKE ? ESCAPE '\\' OR person.name LIKE ? ESCAPE '\\')
        ORDER BY member.person IS NULL, person.name COLLATE NOCASE, person.id LIMIT ?`,
      room,
      `${escapeLike(like)}%`,
      `% ${escapeLike(like)}%`,
      limit,
    );
    return rows.map((row) => readPerson(row));
  }

  async setPassword(person: number, hash: string): Promise<void> {
    this.#db.write(() => {
      this.#db.run('UPDATE person SET password = ? WHERE id = ?', hash, person);
      this.#db.run('DELETE FROM recovery WHERE person = ?', person);
    });
  }

  async password(key: string): Promise<{ person: number; hash: string } | null> {
    const row = this.#db.get(
      'SELECT id, password FROM name_key JOIN person ON person.id = person WHERE key = ? AND rank = 0 AND password IS NOT NULL',
      key,
    );
    return row === undefined ? null : { person: integer(row, 'id'), hash: text(row, 'password') };
  }

  async setQuietHours(person: number, quiet: QuietHours | null): Promise<Me> {
    const sql = 'UPDATE person SET quiet_from = ?, quiet_to = ?, zone = coalesce(?, zone) WHERE id = ?';
    return this.#db.write(() => {
      this.#db.run(sql, quiet?.from ?? null, quiet?.to ?? null, quiet?.zone ?? null, person);
      return this.#get(person);
    });
  }

  async setRole(person: number, role: Role): Promise<Me> {
    return this.#db.write(() => {
      this.#db.run('UPDATE person SET role = ? WHERE id = ?', role, person);
      return this.#get(person);
    });
  }

  async handOver(from: number, to: number): Promise<boolean> {
    return this.#db.write(() => {
      this.#get(to);
      // In this order: the index lets no two owners stand, not even within a transaction.
      const sql = "UPDATE person SET role = 'admin' WHERE id = ? AND role = 'owner'";
      if (from === to || this.#db.run(sql, from) === 0) return false;
      this.#db.run("UPDATE person SET role = 'owner' WHERE id = ?", to);
      return true;
    });
  }

  async owner(): Promise<number | null> {
    const row = this.#db.get("SELECT id FROM person WHERE role = 'owner'");
    return row === undefined ? null : integer(row, 'id');
  }

  async claim(person: number): Promise<boolean> {
    const sql =
      "UPDATE OR IGNORE person SET role = 'owner' WHERE id = ? AND NOT EXISTS (SELECT 1 FROM person WHERE role = 'owner')";
    return this.#db.write(() => this.#db.run(sql, person) === 1);
  }

  async createBot(bot: NewBot): Promise<Person | null> {
    return this.#db.write(() => {
      const id = this.#insert(bot, bot.by);
      if (id === null) return null;
      this.#db.run(
        "INSERT INTO session (token_hash, person, is_bot, agent, address, created, seen) VALUES (?, ?, 1, '', '', ?, 0)",
        bot.tokenHash,
        id,
        bot.at,
      );
      const { hasPassword: _, ...person } = this.#get(id);
      return person;
    });
  }

  async bots(): Promise<Bot[]> {
    const rows = this.#db.all(
      `SELECT ${personColumns('person', '')}, ${personColumns('maker', 'by_')}, person.created,
          (SELECT nullif(max(seen), 0) FROM session WHERE session.person = person.id) AS seen
        FROM person JOIN person AS maker ON maker.id = person.bot_of
        WHERE ${LISTED} AND person.id NOT IN (SELECT person FROM webhook) ORDER BY person.id`,
    );
    return rows.map(readBot);
  }

  async revokeBot(bot: number): Promise<boolean> {
    return this.#db.write(() => revokeBot(this.#db, bot));
  }

  async forgetGuests({ seenBefore, present, after, limit }: ForgetGuests): Promise<ForgottenGuests> {
    const rows = this.#db.all('SELECT id FROM person WHERE id > ? ORDER BY id LIMIT ?', after, limit);
    const last = rows.at(-1);
    if (last === undefined) return { forgotten: [], after: null };
    const end = integer(last, 'id');
    return this.#db.write(() => {
      const idle = this.#db.all(
        `UPDATE person SET revoked = 1 WHERE id > ?1 AND id <= ?2 AND ${IDLE_GUEST}
          RETURNING ${personColumns('person', '')}`,
        after,
        end,
        seenBefore,
        JSON.stringify(present),
      );
      const forgotten = idle.map((row) => {
        const person = readPerson(row);
        return { person, rooms: forgetPerson(this.#db, person.id) };
      });
      return { forgotten, after: rows.length < limit ? null : end };
    });
  }

  async chat(): Promise<Omit<ChatInfo, 'claimable'>> {
    const settings = new Map(
      this.#db.all('SELECT name, value FROM setting').map((row) => [text(row, 'name'), text(row, 'value')]),
    );
    return {
      name: settings.get('name') ?? '',
      accent: ACCENTS.find((accent) => accent === settings.get('accent')) ?? ACCENTS[0],
      entry: settings.get('entry') === 'invite' ? 'invite' : 'open',
      ...(settings.get('previews') === 'on' && { previews: 'on' }),
    };
  }

  async configure(chat: Partial<Omit<ChatInfo, 'claimable'>>): Promise<void> {
    this.#db.write(() => {
      for (const [name, value] of Object.entries(chat)) {
        this.#db.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', name, value);
      }
    });
  }

  #get(person: number): Me {
    return readMe(expectRow(this.#db.get(`${ME} WHERE id = ?`, person), 'person'));
  }

  /** In all default rooms. Null if a key is taken. */
  #insert(person: NewPerson, botOf: number | null): number | null {
    const id = insertPerson(this.#db, person, botOf);
    if (id === null) return null;
    this.#db.run(
      'INSERT INTO member (room, person, read_seq, joined) SELECT id, ?, last_seq, ? FROM room WHERE is_default = 1',
      id,
      person.at,
    );
    return id;
  }
}

/** What people type is no pattern. */
function escapeLike(typed: string): string {
  return typed.replaceAll(/[\\%_]/g, '\\$&');
}
