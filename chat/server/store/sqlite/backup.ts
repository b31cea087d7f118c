/** Copies the database while a chat may be using it: readers and writers go on meanwhile. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartFault } from '../../start-fault.ts';
import { FILE_NAME, explainDatabase } from './open.ts';

/** @throws {StartFault} when there is nothing to copy, or no place for it */
export function backUpDatabase(dataFolder: string, target: string): void {
  const file = join(resolve(dataFolder), FILE_NAME);
  if (!existsSync(file))
    throw new StartFault(`There is no database ${file}: choose the data folder with --data.`);
  if (existsSync(target)) throw new StartFault(`The file ${target} exists already: choose another name.`);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    // One read transaction: the copy is the database of one moment, whole and compact.
    db.prepare('VACUUM INTO ?').run(resolve(target));
  } catch (error) {
    if (db?.isOpen === true && !existsSync(target)) {
      throw new StartFault(
        `The backup ${target} cannot be written: check that its folder exists and has space.`,
        1,
        {
          cause: error,
        },
      );
    }
    throw explainDatabase(file, error);
  } finally {
    db?.close();
  }
}
