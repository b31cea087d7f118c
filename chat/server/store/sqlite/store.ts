/** The store in one SQLite file, by the `node:sqlite` that comes with Node. */
import { DEFAULT_ROOM } from '../../../shared/limits.ts';
import type { Store } from '../store.ts';
import { Database, expectRow, integer } from './database.ts';
import { SqliteDeeds } from './deeds.ts';
import { SqliteInvites } from './invites.ts';
import { SqliteKeeping } from './keeping.ts';
import { SqliteMessages } from './messages.ts';
import { type Synchronous, openDatabase } from './open.ts';
import { SqlitePasskeys } from './passkeys.ts';
import { SqlitePeople } from './people.ts';
import { SqlitePreviews } from './previews.ts';
import { SqliteReading } from './reading.ts';
import { SqliteRecoveries } from './recoveries.ts';
import { SqliteRooms } from './rooms.ts';
import { Search } from './search.ts';
import { SqliteSessions } from './sessions.ts';
import { SqliteWebhooks } from './webhooks.ts';

/** @throws {StartFault} when the folder or the file in it cannot be used */
export function openSqliteStore(dataFolder: string, synchronous: Synchronous = 'normal'): SqliteStore {
  return new SqliteStore(new Database(openDatabase(dataFolder, synchronous)));
}

export class SqliteStore implements Store {
  readonly people: SqlitePeople;
  readonly sessions: SqliteSessions;
  readonly rooms: SqliteRooms;
  readonly messages: SqliteMessages;
  readonly reading: SqliteReading;
  readonly invites: SqliteInvites;
  readonly recoveries: SqliteRecoveries;
  readonly passkeys: SqlitePasskeys;
  readonly deeds: SqliteDeeds;
  readonly webhooks: SqliteWebhooks;
  readonly keeping: SqliteKeeping;
  readonly previews: SqlitePreviews;
  readonly #db: Database;
  readonly #search: Search;

  constructor(db: Database) {
    this.#db = db;
    this.#search = new Search(db);
    this.people = new SqlitePeople(db);
    this.sessions = new SqliteSessions(db);
    this.rooms = new SqliteRooms(db);
    this.messages = new SqliteMessages(db);
    this.reading = new SqliteReading(db, this.#search);
    this.invites = new SqliteInvites(db);
    this.recoveries = new SqliteRecoveries(db);
    this.passkeys = new SqlitePasskeys(db);
    this.deeds = new SqliteDeeds(db);
    this.webhooks = new SqliteWebhooks(db);
    this.keeping = new SqliteKeeping(db);
    this.previews = new SqlitePreviews(db);
  }

  async check(): Promise<void> {
    expectRow(this.#db.get('SELECT 1 FROM room WHERE slug = ?', DEFAULT_ROOM), 'room');
  }

  async counts(): Promise<{ people: number; rooms: number; messages: number }> {
    // The sum of the rooms' last numbers: counting a million rows would take a while.
    const row = expectRow(
      this.#db.get(
        'SELECT (SELECT max(id) FROM person) AS people, (SELECT count(*) FROM room) AS rooms, (SELECT sum(last_seq) FROM room) AS messages',
      ),
      'count',
    );
    return {
      people: row['people'] === null ? 0 : integer(row, 'people'),
      rooms: integer(row, 'rooms'),
      messages: integer(row, 'messages'),
    };
  }

  /** Counts anew what the planner goes by, where much has changed. The limit keeps that to a few milliseconds. */
  async tidy(): Promise<void> {
    this.#db.exec('PRAGMA analysis_limit = 400; PRAGMA optimize');
  }

  async backup(file: string): Promise<void> {
    this.#db.run('VACUUM INTO ?', file);
  }

  /** For tests of a full disk: the file grows by at most so many pages from now on. */
  limitPages(more: number): void {
    const pages = integer(expectRow(this.#db.get('PRAGMA page_count'), 'count'), 'page_count');
    this.#db.exec(`PRAGMA max_page_count = ${pages + more}`);
  }

  async close(): Promise<void> {
    this.#search.close();
    this.#db.close();
  }
}
