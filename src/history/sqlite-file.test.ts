import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { SqliteLog } from './sqlite-log.ts';

const parent = mkdtempSync(join(tmpdir(), 'sqlite-file-'));
after(() => rmSync(parent, { recursive: true }));

/** A file in a folder of its own. */
function newFile(): { file: string; folder: string } {
  const folder = mkdtempSync(join(parent, 'case-'));
  return { file: join(folder, 'history.db'), folder };
}

function write(file: string, entries: number): void {
  const log = new SqliteLog(file);
  const stream = log.open('/', 0);
  const notes = Array.from({ length: 50 }, (_, at) => `key ${at}`);
  stream.commit({
    entries: Array.from({ length: entries }, (_, at) => {
      return { offset: at + 1, at: 0, rooms: ['a'], except: [], shelf: '', messages: ['x'.repeat(50)] };
    }),
    notes: notes.map((key) => ({ kind: 'answer', key, at: 0, value: key })),
  });
  log.close();
}

/** It is refused in one sentence that names it, and neither it nor its folder is changed. */
function checkRefused(file: string, folder: string, reason: RegExp): void {
  const [bytes, names] = [readFileSync(file), readdirSync(folder)];
  assert.throws(
    () => new SqliteLog(file),
    (error: Error) => {
      assert.match(error.message, reason);
      assert.ok(error.message.includes(`"${file}"`), error.message);
      return true;
    },
  );
  assert.deepEqual(readFileSync(file), bytes);
  assert.deepEqual(readdirSync(folder), names);
}

const module = JSON.stringify(new URL('sqlite-log.ts', import.meta.url).href);

describe('the file of a SqliteLog', () => {
  it('of another program is refused', () => {
    const { file, folder } = newFile();
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    checkRefused(file, folder, /it is the database of another program/);
  });

  it('of another program in use, with its own mark, is refused', () => {
    const { file, folder } = newFile();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA application_id = 5; PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)');
    checkRefused(file, folder, /it is the database of another program/);
    db.exec('INSERT INTO theirs VALUES (1)');
    db.close();
  });

  it('of a newer version is refused', () => {
    const { file, folder } = newFile();
    write(file, 5);
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    checkRefused(file, folder, /written by a newer version of this library: its schema is 99/);
  });

  it('that is no database is refused', () => {
    const { file, folder } = newFile();
    writeFileSync(file, 'Dear diary,\n'.repeat(1_000));
    checkRefused(file, folder, /it is not a database, or damaged/);
  });

  it('that is cut off is refused', () => {
    const { file, folder } = newFile();
    write(file, 500);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 3 * 4096));
    checkRefused(file, folder, /it is damaged: put a backup in its place/);
  });

  it('whose table of contents is damaged is refused', () => {
    const { file, folder } = newFile();
    write(file, 5);
    const bytes = readFileSync(file);
    bytes.fill(0xff, 200, 4096);
    writeFileSync(file, bytes);
    checkRefused(file, folder, /Cannot open the history log .*: it is damaged/);
  });

  it('may be empty, or not there', () => {
    for (const make of [true, false]) {
      const { file } = newFile();
      if (make) writeFileSync(file, '');
      write(file, 5);
      const log = new SqliteLog(file);
      assert.equal(log.open('/', 0).head, 5);
      log.close();
    }
  });

  it('needs its folder', () => {
    const file = join(parent, 'nowhere', 'history.db');
    assert.throws(() => new SqliteLog(file), /"[^"]*nowhere[^"]*": there is no such folder/);
    assert.throws(() => new SqliteLog(parent), /Cannot open the history log/);
  });

  it('is one log’s: a second is refused, in this process and in another', () => {
    const { file } = newFile();
    write(file, 5);
    const log = new SqliteLog(file);
    const stream = log.open('/', 0);
    const script = `import { SqliteLog } from ${module};
      try { new SqliteLog(${JSON.stringify(file)}, { busyTimeout: 50 }); console.log('opened'); }
      catch (error) { console.log(error.message); }`;
    const refused = /"[^"]*": it is open already, in this process or another, still after 50 ms/;
    for (let round = 0; round < 2; round += 1) {
      assert.throws(() => new SqliteLog(file, { busyTimeout: 50 }), refused);
      // Looking into it, and closing what looked, has not let go of the lock.
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      assert.match(stdout, refused);
      stream.commit({ entries: [], notes: [{ kind: 'answer', key: `${round}`, at: 0, value: round }] });
    }
    log.close();
    write(newFile().file, 1);
    new SqliteLog(file, { busyTimeout: 0 }).close();
  });

  it('is waited for while the process that is replaced closes it', async () => {
    const { file } = newFile();
    const script = `import { SqliteLog } from ${module};
      const log = new SqliteLog(${JSON.stringify(file)});
      console.log('open');
      process.stdin.once('data', () => log.close()).resume();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.throws(() => new SqliteLog(file, { busyTimeout: 0 }), /it is open already/);
    child.stdin.end('close');
    // Blocks until then.
    const log = new SqliteLog(file, { busyTimeout: 60_000 });
    assert.equal(log.open('/', 0).head, 0);
    log.close();
    await exited;
  });

  it('options are checked', () => {
    const { file, folder } = newFile();
    const cases = [
      { synchronous: 'off' },
      { busyTimeout: -1 },
      { busyTimeout: Infinity },
      { maxFileBytes: 0 },
    ];
    for (const options of cases) {
      const name = Object.keys(options).join();
      assert.throws(() => new SqliteLog(file, options as object), new RegExp(`Option "${name}"`));
    }
    assert.deepEqual(readdirSync(folder), []);
  });
});
