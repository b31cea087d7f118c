import { openSqliteStore } from '../server/sqlite-store.ts';
import { storeLaws } from '../server/store-laws.ts';
import { temporaryFolder } from './running-chat.ts';

storeLaws('SqliteStore', (context) => {
  const folder = temporaryFolder(context);
  return { open: async () => openSqliteStore(folder) };
});
