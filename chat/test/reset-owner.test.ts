/** The console's way back to a chat whose owner cannot sign in any more. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { FIRST_STEP } from '../server/store/sqlite/migration-1.ts';
import { postJson, readCookie } from './running-chat.ts';
import { type Ended, assertOneSentence, run, start, writeDatabase } from './started-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('reset-owner prints a link by which the owner of a running chat comes back, once', async (context) => {
  const folder = temporaryFolder(context);
  const running = await start(context, ['--data', folder]);
  const reset = (): Promise<Ended> => run(context, ['reset-owner', '--data', folder]);
  const early = await reset();
  assertOneSentence(early, 1);
  assert.match(early.stderr, /^Nobody owns this chat yet/);
  const claimed = await postJson(`${running.url}/api/owner`, { name: 'Olga', password: 'a lost secret' });
  const ended = await reset();
  assert.deepEqual([ended.code, ended.stderr], [0, '']);
  const code = /^Open \/recover\/([\w-]{22}) at the address of the chat/.exec(ended.stdout)?.[1];
  assert.ok(code !== undefined, ended.stdout);
  const back = (): Promise<Response> =>
    postJson(`${running.url}/api/recovery/${code}`, { password: 'a new secret word' });
  const first = await back();
  assert.equal(first.status, 200);
  assert.partialDeepStrictEqual(await first.json(), { me: { name: 'Olga', role: 'owner' } });
  assert.equal((await back()).status, 410);
  const before = await fetch(`${running.url}/api/session`, { headers: { cookie: readCookie(claimed) } });
  assert.deepEqual(await before.json(), { me: null }, 'whoever was her before is nobody now');
  const db = new DatabaseSync(join(folder, 'chat.db'), { readOnly: true });
  context.after(() => db.close());
  assert.deepEqual(
    { ...db.prepare("SELECT person, about FROM audit WHERE what LIKE '%made'").get() },
    {
      person: null,
      about: 1,
    },
  );
});

test('reset-owner without data, or with data of an older version, changes nothing', async (context) => {
  const nowhere = await run(context, ['reset-owner', '--data', temporaryFolder(context)]);
  assertOneSentence(nowhere, 1);
  const folder = temporaryFolder(context);
  const file = join(folder, 'chat.db');
  writeDatabase(file, `${FIRST_STEP}; PRAGMA user_version = 1`);
  const before = readFileSync(file);
  const older = await run(context, ['reset-owner', '--data', folder]);
  assertOneSentence(older, 1);
  assert.match(older.stderr, /older version: start the chat once/);
  assert.deepEqual(readFileSync(file), before);
});
