/** Files that an older version has written are opened, copied before, and keep what was in them. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { FIRST_STEP } from '../server/store/sqlite/migration-1.ts';
import { rememberMore } from '../server/store/sqlite/migration-2.ts';
import { SCHEMA_VERSION, migrate } from '../server/store/sqlite/migrations.ts';
import { openDatabase } from '../server/store/sqlite/open.ts';
import { openSqliteStore } from '../server/store/sqlite/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a file of the second schema is copied, and keeps people, rooms, messages and settings', async (context) => {
  const folder = temporaryFolder(context);
  writeSecondSchema(folder);

  const db = open(context, folder);
  assert.equal(versionOf(db), SCHEMA_VERSION);
  assert.deepEqual(db.prepare('PRAGMA foreign_key_check').all(), []);
  assert.equal(db.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
  const room = db
    .prepare("SELECT slow_s, read_only, retain_days, guest_files FROM room WHERE slug = 'tea'")
    .get();
  assert.deepEqual({ ...room }, { slow_s: 0, read_only: 0, retain_days: null, guest_files: 1 });
  assert.deepEqual(
    { ...db.prepare('SELECT muted_until, quiet_until FROM member').get() },
    {
      muted_until: null,
      quiet_until: null,
    },
  );
  db.close();

  const store = openSqliteStore(folder);
  context.after(() => store.close());
  assert.equal((await store.people.get(1))?.name, 'Ada');
  assert.deepEqual(await store.people.chat(), { name: 'Old chat', accent: 'green', entry: 'invite' });
  assert.equal((await store.rooms.seenBy('tea', 1))?.room.name, 'Tea');

  const copy = new DatabaseSync(join(folder, 'backups', 'chat-schema-2.db'), { readOnly: true });
  context.after(() => copy.close());
  assert.equal(versionOf(copy), 2);
  assert.equal(copy.prepare('SELECT body FROM message').get()?.['body'], 'old words');
});

test('a file that is opened again is not copied again', (context) => {
  const folder = temporaryFolder(context);
  writeSecondSchema(folder);
  open(context, folder).close();
  open(context, folder).close();
  assert.ok(existsSync(join(folder, 'backups', 'chat-schema-2.db')));
  assert.ok(!existsSync(join(folder, 'backups', `chat-schema-${SCHEMA_VERSION}.db`)));
  assert.ok(!existsSync(join(folder, 'backups', 'chat-schema-2-2.db')));
});

test('steps that another process has taken meanwhile are not taken again', (context) => {
  const folder = temporaryFolder(context);
  writeSecondSchema(folder);
  const db = open(context, folder);
  migrate(db, 2);
  migrate(db, 0);
  assert.equal(versionOf(db), SCHEMA_VERSION);
  assert.equal(db.prepare('SELECT body FROM message').get()?.['body'], 'old words');
});

test('public rooms that looked alike keep their names, and the first has the key', (context) => {
  const folder = temporaryFolder(context);
  writeSecondSchema(folder);
  const db = open(context, folder);
  const keys = db
    .prepare('SELECT room.slug FROM room_key JOIN room ON room.id = room ORDER BY slug')
    .all()
    .map((row) => row['slug']);
  assert.deepEqual(new Set(keys), new Set(['general', 'tea']));
  assert.equal(db.prepare("SELECT count(*) AS teas FROM room WHERE lower(name) = 'tea'").get()?.['teas'], 3);
});

test('what belongs to a person goes with them, and the record of deeds stays', (context) => {
  const folder = temporaryFolder(context);
  writeSecondSchema(folder);
  const db = open(context, folder);
  db.exec(`
    INSERT INTO person (name, created) VALUES ('Guest', 9);
    INSERT INTO saved VALUES (2, 1, 9);
    INSERT INTO report (message, person, reason, at) VALUES (1, 2, 'spam', 9);
    INSERT INTO credential VALUES (x'01', 2, x'02', 0, '[]', 'phone', 9, NULL);
    INSERT INTO recovery VALUES (2, x'03', 1, 9, 10);
    INSERT INTO webhook VALUES (2, 1, x'04');
    INSERT INTO pin VALUES (1, 1, 2, 9);
    INSERT INTO audit (at, person, what, about) VALUES (9, 1, 'role', 2);
    DELETE FROM person WHERE id = 2;
  `);
  for (const table of ['saved', 'report', 'credential', 'recovery', 'webhook']) {
    assert.equal(db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'], 0, table);
  }
  assert.equal(db.prepare('SELECT made_by FROM pin').get()?.['made_by'], null);
  assert.deepEqual(
    { ...db.prepare('SELECT person, what, about FROM audit').get() },
    {
      person: 1,
      what: 'role',
      about: null,
    },
  );
});

function open(context: TestContext, folder: string): DatabaseSync {
  const db = openDatabase(folder);
  context.after(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

function versionOf(db: DatabaseSync): unknown {
  return db.prepare('PRAGMA user_version').get()?.['user_version'];
}

function writeSecondSchema(folder: string): void {
  const db = new DatabaseSync(join(folder, 'chat.db'));
  db.exec(FIRST_STEP);
  rememberMore(db);
  db.exec(`
    PRAGMA user_version = 2;
    INSERT INTO person (name, created, role) VALUES ('Ada', 1, 'owner');
    INSERT INTO room (slug, name, created) VALUES ('tea', 'Tea', 2), ('tea-2', 'TEA', 3);
    INSERT INTO room (slug, name, kind, created) VALUES ('tea-3', 'tea', 'private', 4);
    INSERT INTO member (room, person, read_seq, joined) VALUES (1, 1, 0, 1), (2, 1, 0, 2);
    INSERT INTO message (room, seq, rev, person, nonce, body, at) VALUES (1, 1, 1, 1, NULL, 'old words', 5);
    UPDATE room SET last_seq = 1, last_rev = 1 WHERE id = 1;
    UPDATE setting SET value = 'Old chat' WHERE name = 'name';
    UPDATE setting SET value = 'invite' WHERE name = 'entry';
  `);
  db.close();
}
