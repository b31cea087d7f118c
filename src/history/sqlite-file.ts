/**
 * The file of a `SqliteLog`: opened for one process, made if it is not there, refused in one sentence if it is not ours. A
 * file that is refused is left as it is: it is looked at through a connection that cannot write, before one that can.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { Statements } from './sqlite-statements.ts';

export interface FileOptions {
  readonly synchronous: 'normal' | 'full';
  readonly busyTimeout: number;
  readonly maxFileBytes: number;
}

/** How a file says that it is ours: "wsio". https://www.sqlite.org/fileformat2.html#application_id */
const APPLICATION_ID = 0x7773696f;
const SCHEMA_VERSION = 1;

/**
 * `name`, `shelf`, `room` and `key` may be texts or bytes (`keyOf`). A commit to one room writes two pages: the end of its shelf,
 * and the end of the room in `addressed`, where an entry is once for each of its rooms, or once for everybody. What a shelf
 * counts for is written down seldom: `counted_through` tells which entries are in it.
 */
const SCHEMA = `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name ANY NOT NULL UNIQUE,
    gone_elsewhere INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE epoch (
    stream INTEGER NOT NULL,
    first INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (stream, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE shelf (
    stream INTEGER NOT NULL,
    name ANY NOT NULL,
    events INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    gone_through INTEGER NOT NULL,
    counted_through INTEGER NOT NULL,
    PRIMARY KEY (stream, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    stream INTEGER NOT NULL,
    shelf ANY NOT NULL,
    offset INTEGER NOT NULL,
    at REAL NOT NULL,
    bytes INTEGER NOT NULL,
    rooms TEXT,
    left_out TEXT,
    messages ANY NOT NULL,
    PRIMARY KEY (stream, shelf, offset)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE addressed (
    stream INTEGER NOT NULL,
    room ANY NOT NULL,
    offset INTEGER NOT NULL,
    shelf ANY NOT NULL,
    PRIMARY KEY (stream, room, offset)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE note (
    stream INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key ANY NOT NULL,
    at REAL,
    value BLOB NOT NULL,
    PRIMARY KEY (stream, kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX note_by_age ON note (stream, kind, at) WHERE at IS NOT NULL;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** The second file is written over from its beginning; after one very large commit it is cut. */
const WAL_BYTES_LEFT = 64 * 1024 * 1024;
const CACHE_KIB = 16 * 1024;

/** @throws {Error} saying in one sentence why the file cannot be used */
export function openFile(path: string, options: FileOptions): Statements {
  let db: DatabaseSync | undefined;
  try {
    if (existsSync(path)) lookInto(path);
    db = new DatabaseSync(path, { timeout: options.busyTimeout });
    // Before anything else: then the lock is kept from the first transaction until the file is closed.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    // The file may have become another one while we waited for it.
    if (checkSchema(path, db) === 'none') db.exec(SCHEMA);
    db.exec('COMMIT');
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${options.synchronous};
      PRAGMA journal_size_limit = ${WAL_BYTES_LEFT};
      PRAGMA cache_size = -${CACHE_KIB};
    `);
    limitPages(db, options.maxFileBytes);
    return new Statements(db);
  } catch (error) {
    db?.close();
    throw explain(path, error, options);
  }
}

/** `immutable`: reads the file and nothing beside it, waits for nobody, and leaves no trace. */
function lookInto(path: string): void {
  const url = pathToFileURL(path);
  url.search = 'immutable=1';
  const db = new DatabaseSync(url, { readOnly: true });
  try {
    checkSchema(path, db);
  } finally {
    db.close();
  }
}

class Refusal extends Error {}

/** @throws {Refusal} for a file that is not ours, or of a newer version */
function checkSchema(path: string, db: DatabaseSync): 'ours' | 'none' {
  const [id, version] = [readPragma(db, 'application_id'), readPragma(db, 'user_version')];
  if (id === APPLICATION_ID) {
    if (version <= SCHEMA_VERSION) return 'ours';
    throw new Refusal(
      `The history log "${path}" was written by a newer version of this library: its schema is ${version}, and this version knows ${SCHEMA_VERSION}`,
    );
  }
  const tables = Number(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']);
  if (id === 0 && version === 0 && tables === 0) return 'none';
  throw new Refusal(`Cannot keep history in "${path}": it is the database of another program`);
}

function readPragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function limitPages(db: DatabaseSync, maxFileBytes: number): void {
  if (maxFileBytes === Infinity) return;
  const pages = Math.max(1, Math.floor(maxFileBytes / readPragma(db, 'page_size')));
  // SQLite knows no larger number.
  db.exec(`PRAGMA max_page_count = ${Math.min(pages, 2 ** 32 - 2)}`);
}

/** https://www.sqlite.org/rescode.html: the low byte is the kind of trouble. */
const REASONS: Readonly<Record<number, string>> = {
  3: 'writing there is not allowed',
  5: 'it is open already, in this process or another',
  8: 'writing there is not allowed',
  10: 'the disk has failed',
  11: 'it is damaged: put a backup in its place',
  13: 'the disk is full',
  14: 'there is no such folder, or it may not be used',
  26: 'it is not a database, or damaged',
};

function explain(path: string, error: unknown, { busyTimeout }: FileOptions): Error {
  if (error instanceof Refusal) return new Error(error.message);
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const reason = REASONS[code] ?? (error as Error).message;
  const waited = code === 5 ? `, still after ${busyTimeout} ms` : '';
  return new Error(`Cannot open the history log "${path}": ${reason}${waited}`, { cause: error });
}
