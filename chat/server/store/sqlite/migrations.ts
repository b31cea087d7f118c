/**
 * The numbered steps from an empty file to today's tables. A step that was released is never edited: changes are new
 * steps at the end. `PRAGMA user_version` holds the number of steps taken.
 */
import type { DatabaseSync } from 'node:sqlite';
import { FIRST_STEP } from './migration-1.ts';
import { rememberMore } from './migration-2.ts';
import { makeRoomForMore } from './migration-3.ts';
import { indexMore } from './migration-4.ts';
import { FIFTH_STEP } from './migration-5.ts';

const MIGRATIONS: readonly ((db: DatabaseSync) => void)[] = [
  (db) => db.exec(FIRST_STEP),
  rememberMore,
  makeRoomForMore,
  indexMore,
  (db) => db.exec(FIFTH_STEP),
];

/** The `user_version` that this build writes and reads. */
export const SCHEMA_VERSION: number = MIGRATIONS.length;

/**
 * Takes the steps that the file has not seen yet, each in a transaction of its own together with its number. That is read
 * again there: another process may have been started on the same file since.
 */
export function migrate(db: DatabaseSync, from: number): void {
  for (const [taken, step] of MIGRATIONS.entries()) {
    if (taken < from) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      if (db.prepare('PRAGMA user_version').get()?.['user_version'] === taken) {
        step(db);
        db.exec(`PRAGMA user_version = ${taken + 1}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}
