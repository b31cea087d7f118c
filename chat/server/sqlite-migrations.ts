/**
 * The numbered steps from an empty file to today's tables. A step that was released is never edited: changes are new
 * steps at the end. `PRAGMA user_version` holds the number of steps taken.
 */
import type { DatabaseSync } from 'node:sqlite';
import { DEFAULT_ROOM } from '../shared/events.ts';

const MIGRATIONS: readonly string[] = [
  // The nonce may be null: the tutorial's clients have none, and SQLite's UNIQUE lets any number of nulls stand.
  `
  CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE room (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_rev INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES room (id),
    seq INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id),
    nonce TEXT,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (room, seq),
    UNIQUE (person, nonce)
  ) STRICT;

  CREATE INDEX message_by_rev ON message (room, rev);

  INSERT INTO room (slug, name, created)
    VALUES ('${DEFAULT_ROOM}', 'General', CAST(unixepoch('subsec') * 1000 AS INTEGER));
  `,
];

/** The `user_version` that this build writes and reads. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/** Takes the steps that the file has not seen yet, each in a transaction of its own together with its number. */
export function migrate(db: DatabaseSync, from: number): void {
  for (const [index, step] of MIGRATIONS.entries()) {
    const version = index + 1;
    if (version <= from) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(step);
      db.exec(`PRAGMA user_version = ${version}`);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}
