import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { storeLaws } from '../server/store/laws/store.ts';
import { SqliteStore, openSqliteStore } from '../server/store/sqlite/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

storeLaws('SqliteStore', (context) => {
  const folder = temporaryFolder(context);
  return {
    open: async () => openSqliteStore(folder),
    backupFile: () => join(folder, 'copy.db'),
    openBackup: async (file) => {
      const other = temporaryFolder(context);
      copyFileSync(file, join(other, 'chat.db'));
      return openSqliteStore(other);
    },
    fill: (store) => {
      assert.ok(store instanceof SqliteStore);
      store.limitPages(20);
    },
  };
});
