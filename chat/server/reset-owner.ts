/** The console's way back for an owner who cannot sign in any more. Whoever can run it can read all data anyway. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeRecovery } from './recovery.ts';
import { StartFault } from './start-fault.ts';
import { FILE_NAME, explainDatabase, readVersion } from './store/sqlite/open.ts';
import { SCHEMA_VERSION } from './store/sqlite/migrations.ts';
import { type SqliteStore, openSqliteStore } from './store/sqlite/store.ts';

/**
 * Resolves with the code of a link, while a chat may be using the data.
 * @throws {StartFault} when there is no data, or nobody owns it
 */
export async function resetOwner(dataFolder: string, now: number = Date.now()): Promise<string> {
  const file = join(resolve(dataFolder), FILE_NAME);
  if (!existsSync(file))
    throw new StartFault(`There is no database ${file}: choose the data folder with --data.`);
  let store: SqliteStore | undefined;
  try {
    // The tables of a chat that may be running are not to be changed under it.
    if (readVersion(file) < SCHEMA_VERSION) {
      throw new StartFault(
        `The database ${file} is of an older version: start the chat once, then try again.`,
      );
    }
    store = openSqliteStore(dataFolder);
    const owner = await store.people.owner();
    const link = owner === null ? null : await makeRecovery(store, owner, null, now);
    if (owner === null || link === null) {
      throw new StartFault('Nobody owns this chat yet: start it, and it prints the link by which one does.');
    }
    await store.deeds.note({ what: 'recovery link made', by: null, about: owner, at: now });
    return link.code;
  } catch (error) {
    throw error instanceof StartFault ? error : explainDatabase(file, error);
  } finally {
    await store?.close();
  }
}
