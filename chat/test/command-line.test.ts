/** The real process: flags, bad weather, signals, and what a sudden death leaves. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { NOTHING_MORE } from '../server/previews/guard.ts';
import { readCommandLine } from '../server/command-line.ts';
import { FIRST_STEP } from '../server/store/sqlite/migration-1.ts';
import { SCHEMA_VERSION } from '../server/store/sqlite/migrations.ts';
import { StartFault } from '../server/start-fault.ts';
import { bodies, connected, enter, openSocket, postJson, readCookie, say } from './running-chat.ts';
import { assertOneSentence, run, start, writeDatabase } from './started-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('--help lists all options with their defaults, --version tells the version', async (context) => {
  const help = await run(context, ['--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  for (const words of [
    '--port',
    'PORT',
    '3000',
    '--host',
    'HOST',
    '--data',
    'DATA',
    './data',
    '--trust-proxy',
    'OWNER_CODE',
    '--config',
    'backup <file>',
    '--help',
    '--version',
  ]) {
    assert.ok(help.stdout.includes(words), words);
  }
  const version = await run(context, ['--version']);
  assert.deepEqual([version.code, version.stderr], [0, '']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a wrong command line is one sentence', async (context) => {
  const ended = await run(context, ['--prot', '3000']);
  assertOneSentence(ended, 2);
  assert.equal(ended.stderr, 'There is no option "--prot" (--help shows all options).\n');
});

for (const [args, env, sentence] of [
  [['-p'], {}, 'There is no option "-p" (--help shows all options).'],
  [['3000'], {}, '"3000" is not an option (--help shows all options).'],
  [['--port'], {}, '--port needs a value (--help shows all options).'],
  [['--port', '--help'], {}, '--port needs a value (--help shows all options).'],
  [['--data='], {}, '--data needs a folder (--help shows all options).'],
  [['--help=yes'], {}, '--help does not take a value (--help shows all options).'],
  [
    ['--port', '70000'],
    {},
    '"70000" is not a port: it must be a whole number from 0 to 65535 (--help shows all options).',
  ],
  [
    ['--port=3e3'],
    {},
    '"3e3" is not a port: it must be a whole number from 0 to 65535 (--help shows all options).',
  ],
  [
    [],
    { PORT: 'http' },
    '"http" is not a port: it must be a whole number from 0 to 65535 (--help shows all options).',
  ],
  [
    ['--previews=yes'],
    {},
    '"yes" is no value for --previews: it must be owner or never (--help shows all options).',
  ],
  [
    [],
    { PREVIEWS_ALLOW: 'https://wiki' },
    'PREVIEWS_ALLOW must list names, name:port and networks, with commas between them (--help shows all options).',
  ],
] as const) {
  test(`refused: ${[...args, ...Object.values(env)].join(' ')}`, () => {
    assert.throws(() => readCommandLine(args, env), new StartFault(sentence, 2));
  });
}

test('flags win over the environment, the environment over the file, and an empty variable is none', (context) => {
  const file = join(temporaryFolder(context), 'chat.json');
  const settings = (args: readonly string[], env: Record<string, string>): object => {
    const line = readCommandLine(args, env);
    assert.ok(line.command === 'start');
    return line.settings;
  };
  const defaults = {
    port: 3000,
    host: undefined,
    dataFolder: './data',
    trustProxy: false,
    publicMetrics: false,
    offline: true,
    maxSocketsPerAddress: 500,
    guestLinksAfterMinutes: 5,
    synchronous: 'normal',
    previews: 'owner',
    previewsAllow: NOTHING_MORE,
    log: 'text',
    ownerCode: undefined,
  };
  assert.deepEqual(settings([], { PORT: '', HOST: '', DATA: '', CONFIG: '' }), defaults);
  writeFileSync(
    file,
    JSON.stringify({ port: 2000, dataFolder: '/from/file', trustProxy: true, log: 'json' }),
  );
  const fromFile = { ...defaults, port: 2000, dataFolder: '/from/file', trustProxy: true, log: 'json' };
  assert.deepEqual(settings(['--config', file], {}), fromFile);
  const env = {
    CONFIG: file,
    PORT: '4000',
    HOST: '127.0.0.1',
    DATA: '/srv/chat',
    OWNER_CODE: 'sixteen-letters-',
  };
  const fromEnvironment = {
    ...fromFile,
    port: 4000,
    host: '127.0.0.1',
    dataFolder: '/srv/chat',
    ownerCode: 'sixteen-letters-',
  };
  assert.deepEqual(settings([], env), fromEnvironment);
  assert.deepEqual(
    settings(['--port=5000', '--host=::1', '--data', 'here', '--public-metrics', '--offline=no'], env),
    {
      ...fromEnvironment,
      port: 5000,
      host: '::1',
      dataFolder: 'here',
      publicMetrics: true,
      offline: false,
    },
  );
});

test('a wrong file or variable is one sentence', (context) => {
  const file = join(temporaryFolder(context), 'chat.json');
  const refused = (content: string | null, sentence: RegExp): void => {
    if (content !== null) writeFileSync(file, content);
    assert.throws(
      () => readCommandLine(['--config', file], {}),
      (error: StartFault) => {
        assert.equal(error.exitCode, 2);
        assert.match(error.message, sentence);
        return true;
      },
    );
  };
  refused(null, /cannot be read \(ENOENT\)/);
  refused('{"port":', /is not valid JSON/);
  refused('[]', /must hold a JSON object/);
  refused('{"prot":3000}', /There is no setting "prot"/);
  refused('{"port":{}}', /must be a text, a number, true or false/);
  refused('{"port":70000}', /"70000" is not a port/);
  refused('{"log":"xml"}', /"xml" is no log format/);
  assert.throws(() => readCommandLine([], { OWNER_CODE: 'short' }), /16 to 64/);
  assert.throws(() => readCommandLine([], { TRUST_PROXY: 'maybe' }), /must be true or false/);
  assert.throws(() => readCommandLine(['--synchronous=off'], {}), /must be normal or full/);
  assert.throws(() => readCommandLine(['--guest-links-after=soon'], {}), /whole number of minutes/);
  assert.throws(() => readCommandLine(['backup'], {}), /backup needs the file/);
  assert.throws(() => readCommandLine(['reset-owner', 'now'], {}), /"now" is not an option/);
});

test('a backup of a running chat is a whole chat: started elsewhere it goes on from there', async (context) => {
  const folder = temporaryFolder(context);
  const running = await start(context, ['--data', folder]);
  const cookie = readCookie(await postJson(`${running.url}/api/session`, { name: 'Ada' }));
  const ada = openSocket(running.url, { cookie });
  await connected(ada);
  for (const body of ['one', 'two', 'three']) await say(ada, body);
  const copy = join(temporaryFolder(context), 'copy.db');
  const backup = await run(context, ['backup', copy, '--data', folder]);
  assert.deepEqual([backup.code, backup.stdout, backup.stderr], [0, `Backup written to ${copy}.\n`, '']);
  await say(ada, 'after the backup');
  ada.disconnect();
  assertOneSentence(await run(context, ['backup', copy, '--data', folder]), 1);
  assertOneSentence(await run(context, ['backup', '/nowhere/copy.db', '--data', folder]), 1);
  assertOneSentence(await run(context, ['backup', `${copy}2`, '--data', temporaryFolder(context)]), 1);

  const elsewhere = temporaryFolder(context);
  copyFileSync(copy, join(elsewhere, 'chat.db'));
  const restored = await start(context, ['--data', elsewhere]);
  const back = openSocket(restored.url, { cookie });
  await connected(back);
  const { messages, me } = await enter(back);
  assert.deepEqual([bodies(messages), me?.name], [['one', 'two', 'three'], 'Ada']);
  assert.equal((await say(back, 'four')).seq, 4);
  back.disconnect();
});

test('a database of an older version is copied before it is changed, and keeps everything', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'chat.db');
  writeDatabase(
    file,
    `${FIRST_STEP}; PRAGMA user_version = 1;
    INSERT INTO person (name, created) VALUES ('Ada', 1), ('Ada', 2), ('Bob', 3);
    INSERT INTO session VALUES (zeroblob(32), 1, 1, 1);
    INSERT INTO message (room, seq, rev, person, nonce, body, at) VALUES (1, 1, 1, 2, NULL, 'old words', 5);
    UPDATE room SET last_seq = 1, last_rev = 1;`,
  );
  const { url } = await start(context, ['--data', folder]);
  const reader = openSocket(url);
  await connected(reader);
  const { messages, room } = await enter(reader);
  assert.deepEqual([bodies(messages), messages[0]?.from.role, room.rev], [['old words'], 'guest', 1]);
  reader.disconnect();
  const copy = new DatabaseSync(join(folder, 'backups', 'chat-schema-1.db'), { readOnly: true });
  context.after(() => copy.close());
  assert.equal(copy.prepare('PRAGMA user_version').get()?.['user_version'], 1);
  assert.equal(copy.prepare('SELECT body FROM message').get()?.['body'], 'old words');
});

test('a port in use is one sentence', async (context) => {
  const other = createServer().listen(0);
  context.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const ended = await run(context, ['--port', String(port), '--data', temporaryFolder(context)]);
  assertOneSentence(ended, 1);
  assert.match(ended.stderr, new RegExp(`^Port ${port} is already in use: `));
});

test('an address that this machine does not have is one sentence', async (context) => {
  const ended = await run(context, ['--port=0', '--host=192.0.2.1', '--data', temporaryFolder(context)]);
  assertOneSentence(ended, 1);
  assert.match(ended.stderr, /no address "192\.0\.2\.1"/);
});

test('a data folder that is a file, lies below one, or cannot be made is one sentence', async (context) => {
  const file = join(temporaryFolder(context), 'notes.txt');
  writeFileSync(file, 'my notes');
  for (const folder of [file, join(file, 'below')]) {
    const ended = await run(context, ['--port=0', '--data', folder]);
    assertOneSentence(ended, 1);
    assert.match(ended.stderr, /is a file or lies below one/);
  }
  assert.equal(readFileSync(file, 'utf8'), 'my notes');
  const ended = await run(context, ['--port=0', '--data', '/proc/chat-data']);
  assertOneSentence(ended, 1);
  assert.match(ended.stderr, /data folder \/proc\/chat-data cannot be made/);
});

test('a database that we must not write to is one sentence, and stays as it is', async (context) => {
  const databases: [RegExp, (file: string) => void][] = [
    [/newer version/, (file) => writeDatabase(file, `PRAGMA user_version = ${SCHEMA_VERSION + 1}`)],
    [/newer version/, (file) => writeDatabase(file, 'PRAGMA journal_mode = WAL; PRAGMA user_version = 99')],
    [/another program/, (file) => writeDatabase(file, 'CREATE TABLE song (title TEXT)')],
    [/damaged or is no database/, (file) => writeFileSync(file, 'this is no database '.repeat(500))],
    [/damaged or is no database/, truncatedDatabase],
  ];
  for (const [sentence, write] of databases) {
    const folder = temporaryFolder(context);
    const file = join(folder, 'chat.db');
    write(file);
    const before = readFileSync(file);
    const ended = await run(context, ['--port=0', '--data', folder]);
    assertOneSentence(ended, 1);
    assert.match(ended.stderr, sentence);
    assert.ok(readFileSync(file).equals(before), 'the file is untouched');
  }
});

test('a database that cannot be opened is one sentence', async (context) => {
  const folder = temporaryFolder(context);
  // A folder in the file's place cannot be opened by anybody, not even by root.
  mkdirSync(join(folder, 'chat.db'));
  const ended = await run(context, ['--port=0', '--data', folder]);
  assertOneSentence(ended, 1);
  assert.match(ended.stderr, /cannot be opened/);
});

test('it prints one line with the address, and SIGTERM ends it well', async (context) => {
  const folder = join(temporaryFolder(context), 'made', 'on the way');
  const { child, url, ended } = await start(context, ['--data', folder]);
  const socket = openSocket(url);
  await connected(socket);
  await enter(socket);
  // Also with a request that never comes to an end.
  const { hostname, port } = new URL(url);
  const stuck = connect({ host: hostname, port: Number(port) });
  await once(stuck, 'connect');
  stuck.on('error', () => {});
  stuck.write('POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
  const closed = new Promise<string>((resolve) => socket.once('disconnect', resolve));
  child.kill('SIGTERM');
  assert.match(await closed, /transport close|io server disconnect/);
  const { code, stdout, stderr } = await ended;
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^Chat at http:\/\/localhost:\d+( \(on your network: http:\/\/[\d.]+:\d+\))?\n(Nobody owns it yet: [^\n]+\/claim\/[\w-]{22} elsewhere\.\n)?Chat stopped\.\n$/,
  );
  assert.ok(existsSync(join(folder, 'chat.db')));
  assert.ok(!existsSync(join(folder, 'chat.db-wal')), 'the database was closed');
});

test('Ctrl-C ends it well, also when npm passes the signal on a second time', async (context) => {
  const { child, ended } = await start(context, ['--host', '127.0.0.1', '--data', temporaryFolder(context)]);
  child.kill('SIGINT');
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.equal(code, 0);
  assert.match(stdout, /^Chat at http:\/\/127\.0\.0\.1:\d+\nChat stopped\.\n$/);
});

test('what was answered survives kill -9', async (context) => {
  const folder = temporaryFolder(context);
  const first = await start(context, ['--data', folder]);
  const cookie = readCookie(await postJson(`${first.url}/api/session`, { name: 'Ada' }));
  const ada = openSocket(first.url, { cookie });
  await connected(ada);
  const said = Array.from({ length: 10 }, (_, index) => `number ${index}`);
  await Promise.all(said.map((body) => say(ada, body)));
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await start(context, ['--data', folder]);
  const back = openSocket(second.url, { cookie });
  await connected(back);
  const { messages, me } = await enter(back);
  assert.deepEqual(bodies(messages), said);
  assert.equal(me?.name, 'Ada');
  assert.equal((await say(back, 'again')).seq, 11);
  back.disconnect();
});

function truncatedDatabase(file: string): void {
  const rows = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)';
  writeDatabase(
    file,
    `PRAGMA user_version = 1; CREATE TABLE room (a TEXT); ${rows} INSERT INTO room SELECT hex(randomblob(20)) FROM n`,
  );
  writeFileSync(file, readFileSync(file).subarray(0, 10_000));
}
