/**
 * Opens the database file, or says in one sentence why it cannot be used. A file that we refuse is left as it is:
 * it is looked at through a read-only connection before anything may write to it.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartFault, systemCode } from '../../start-fault.ts';
import { SCHEMA_VERSION, migrate } from './migrations.ts';
import { SQLITE, sqliteCode } from './result-codes.ts';

export const FILE_NAME = 'chat.db';
/** Where copies are put before the tables are changed. */
const BACKUP_FOLDER = 'backups';
/** How long a statement waits for a backup or another program that holds the file. */
const BUSY_TIMEOUT_MS = 5_000;

/** `full` waits for the disk at each message; `normal` may lose the last ones in a power cut, and nothing in a crash. */
export type Synchronous = 'normal' | 'full';

/** @throws {StartFault} when the folder or the file in it cannot be used */
export function openDatabase(dataFolder: string, synchronous: Synchronous = 'normal'): DatabaseSync {
  const folder = resolve(dataFolder);
  makeFolder(folder);
  const file = join(folder, FILE_NAME);
  let db: DatabaseSync | undefined;
  try {
    const version = existsSync(file) ? readVersion(file) : 0;
    db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = ' + synchronous);
    if (version > 0 && version < SCHEMA_VERSION) keepCopy(db, folder, version);
    migrate(db, version);
    return db;
  } catch (error) {
    db?.close();
    throw error instanceof StartFault ? error : explainDatabase(file, error);
  }
}

/** Copies the database as it is before a newer version changes its tables, so that the older one can go on with it. */
function keepCopy(db: DatabaseSync, folder: string, version: number): void {
  const backups = join(folder, BACKUP_FOLDER);
  makeFolder(backups);
  const taken = new Set(readdirSync(backups));
  for (let number = 1; ; number += 1) {
    const name = `chat-schema-${version}${number === 1 ? '' : `-${number}`}.db`;
    if (taken.has(name)) continue;
    db.prepare('VACUUM INTO ?').run(join(backups, name));
    return;
  }
}

function makeFolder(folder: string): void {
  try {
    makeFolders(folder);
  } catch (error) {
    throw explainFolder(folder, error);
  }
}

/**
 * Makes the folder and those above it. Node's own `recursive` never returns where a folder exists but nothing can be
 * made in it and the system says ENOENT, as below /proc.
 */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  // Only the owner may look in: everything that was ever said is in there.
  mkdirSync(folder, { mode: 0o700 });
}

/** Reads the schema's version and refuses files that are not ours to write to. */
export function readVersion(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version > SCHEMA_VERSION) {
      throw new StartFault(
        `The database ${file} was written by a newer version of this chat (schema ${version}, this version knows ${SCHEMA_VERSION}): start that version, or choose another data folder with --data.`,
      );
    }
    const tables = Number(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables']);
    if (version <= 0 && tables > 0) {
      throw new StartFault(
        `The database ${file} belongs to another program: choose another data folder with --data.`,
      );
    }
    return version;
  } finally {
    db.close();
  }
}

function explainFolder(folder: string, error: unknown): StartFault {
  const hint = 'choose another one with --data';
  switch (systemCode(error) ?? '') {
    case 'EEXIST':
    case 'ENOTDIR':
      return fault(`The data folder ${folder} is a file or lies below one: ${hint}.`, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fault(
        `The data folder ${folder} cannot be made, because writing there is not allowed: ${hint}.`,
        error,
      );
    case 'ENOSPC':
      return fault(`The data folder ${folder} cannot be made, because the disk is full.`, error);
    default:
      return fault(`The data folder ${folder} cannot be made (${oneLine(error)}): ${hint}.`, error);
  }
}

export function explainDatabase(file: string, error: unknown): StartFault {
  switch (sqliteCode(error) ?? 0) {
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return fault(
        `The database ${file} is damaged or is no database; it was left as it is: put a backup in its place, or choose another data folder with --data.`,
        error,
      );
    case SQLITE.permission:
    case SQLITE.readOnly:
    case SQLITE.cantOpen:
      return fault(
        `The database ${file} cannot be opened for writing: check who owns it and its folder, or choose another data folder with --data.`,
        error,
      );
    case SQLITE.busy:
    case SQLITE.locked:
      return fault(
        `The database ${file} is locked by another program: stop that program and try again.`,
        error,
      );
    case SQLITE.full:
      return fault(`The database ${file} cannot be written, because the disk is full.`, error);
    default:
      return fault(`The database ${file} cannot be opened (${oneLine(error)}).`, error);
  }
}

function oneLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).replaceAll(/\s+/g, ' ');
}

function fault(text: string, cause: unknown): StartFault {
  return new StartFault(text, 1, { cause });
}
