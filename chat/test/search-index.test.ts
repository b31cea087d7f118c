/** What an older version has stored is found by the newer indexes. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { FIRST_STEP } from '../server/store/sqlite/migration-1.ts';
import { rememberMore } from '../server/store/sqlite/migration-2.ts';
import { makeRoomForMore } from '../server/store/sqlite/migration-3.ts';
import { openSqliteStore } from '../server/store/sqlite/store.ts';
import type { Sought } from '../server/store/reading.ts';
import { parseSearch } from '../shared/search-query.ts';
import { toSearchWords } from '../shared/search-words.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { bodies } from './running-chat.ts';

const NOTHING: Sought = { match: null, rooms: [], from: [], since: null, before: null, has: [] };

test('what was said before the fourth schema is found by its indexes, and what was deleted is not', async (context) => {
  const folder = temporaryFolder(context);
  const db = new DatabaseSync(join(folder, 'chat.db'));
  db.exec(FIRST_STEP);
  rememberMore(db);
  makeRoomForMore(db);
  db.exec("INSERT INTO person (id, name, created) VALUES (1, 'Ada', 1)");
  const said = ['see https://example.org', 'teaspoons', '', '明日の会議'];
  for (const [index, body] of said.entries()) {
    const seq = index + 1;
    db.prepare(
      'INSERT INTO message (room, seq, rev, person, body, at, has, deleted, deleted_by) VALUES (1, ?, ?, 1, ?, 1, ?, ?, ?)',
    ).run(seq, seq, body, seq === 1 ? 1 : 0, body === '' ? 1 : null, body === '' ? 1 : null);
    if (body !== '') {
      db.prepare('INSERT INTO message_words (rowid, words) VALUES (?, ?)').run(seq, toSearchWords(body));
    }
  }
  db.exec("INSERT INTO undo VALUES (3, 'teatime', 99); UPDATE room SET last_seq = 4, last_rev = 4");
  db.exec('PRAGMA user_version = 3');
  db.close();

  const store = openSqliteStore(folder);
  context.after(() => store.close());
  const find = async (query: string): Promise<string[]> => {
    const { match, has } = parseSearch(query);
    return bodies((await store.reading.search({ ...NOTHING, match, has }, null, null, 10)).messages);
  };
  assert.deepEqual(await find('teaspo'), ['teaspoons']);
  assert.deepEqual(await find('tea'), ['teaspoons']);
  assert.deepEqual(await find('会議'), ['明日の会議']);
  assert.deepEqual(await find('has:link'), ['see https://example.org']);
  await store.messages.restore('general', 3, 50);
  await store.messages.edit('general', 2, { body: 'nothing', mentions: [] }, 60);
  assert.deepEqual(await find('tea'), ['teatime']);
  assert.ok(existsSync(join(folder, 'backups', 'chat-schema-3.db')));
});
