import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { historyLaws } from '../testing/history-laws.ts';
import type { LogEntry, LogStream, Note } from './history-log.ts';
import { SqliteLog } from './sqlite-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-log-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

function newFile(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

function entry(offset: number, message: string | Buffer = `2["${offset}"]`): LogEntry {
  return { offset, at: offset, rooms: [`room ${offset % 3}`], except: [], shelf: '', messages: [message] };
}

function commit(stream: LogStream, ...entries: readonly LogEntry[]): void {
  stream.commit({ entries, notes: [] });
}

function offsets(stream: LogStream): number[] {
  const wanted = { rooms: new Set(['room 0', 'room 1', 'room 2']), everybody: true };
  const { entries } = stream.since(0, wanted, { maxEntries: Infinity, maxBytes: Infinity });
  return entries.map(({ offset }) => offset);
}

/** A process of its own that runs a script with a log in `file`, and says what it has done. */
class Child {
  readonly #process;
  #said = '';
  #hasEnded = false;
  #onNews = (): void => {};

  constructor(file: string, script: string) {
    const log = new URL('sqlite-log.ts', import.meta.url).href;
    const head = `import { SqliteLog } from ${JSON.stringify(log)}; const file = ${JSON.stringify(file)};`;
    this.#process = spawn(process.execPath, ['--input-type=module', '-e', head + script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.#process;
    stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
      this.#onNews();
    });
    stdout.once('end', () => {
      this.#hasEnded = true;
      this.#onNews();
    });
  }

  /** Whole lines only: the last may have been cut off. */
  get lines(): string[] {
    return this.#said.split('\n').slice(0, -1);
  }

  async hasSaid(count: number): Promise<void> {
    while (this.lines.length < count && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#onNews = resolve;
      });
    }
    assert.ok(this.lines.length >= count, `the child said only: ${this.#said}`);
  }

  async end(signal?: NodeJS.Signals): Promise<void> {
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    if (signal !== undefined) this.#process.kill(signal);
    await closed;
  }
}

historyLaws('SqliteLog', () => {
  const file = newFile();
  return { log: new SqliteLog(file), reopen: () => new SqliteLog(file) };
});

describe('SqliteLog: what it outlives', () => {
  it('says so', () => {
    const log = new SqliteLog(newFile());
    assert.equal(log.outlivesProcess, true);
    log.close();
  });

  for (const synchronous of ['normal', 'full']) {
    it(`kill -9: each batch that was committed is there, and none in part (${synchronous})`, async () => {
      const file = newFile();
      const child = new Child(
        file,
        `import { writeSync } from 'node:fs';
         const stream = new SqliteLog(file, { synchronous: '${synchronous}' }).open('/', 0);
         const make = (offset) => ({ offset, at: offset, rooms: ['room ' + (offset % 3)], except: [], shelf: '',
           messages: ['x'.repeat(offset % 900)] });
         while (true) {
           const size = 1 + (stream.head % 12);
           const entries = Array.from({ length: size }, (_, at) => make(stream.head + 1 + at));
           const value = { head: stream.head + size };
           stream.commit({ entries, notes: [{ kind: 'session', key: 'last', at: Infinity, value }] });
           writeSync(1, stream.head + '\\n');
           stream.trim('', { maxAgeMs: Infinity, maxEvents: 1_000, maxBytes: Infinity }, 0);
         }`,
      );
      await child.hasSaid(300);
      await child.end('SIGKILL');
      const acknowledged = Number(child.lines.at(-1));
      const log = new SqliteLog(file);
      const stream = log.open('/', 7);
      // One more may have been committed than could be said.
      assert.ok(stream.head >= acknowledged, `${stream.head} of ${acknowledged}`);
      const batches = [0];
      while ((batches.at(-1) ?? 0) < stream.head) {
        const head = batches.at(-1) ?? 0;
        batches.push(head + 1 + (head % 12));
      }
      assert.equal(batches.at(-1), stream.head, 'a batch is there in part');
      const kept = offsets(stream);
      assert.deepEqual(
        kept,
        Array.from({ length: kept.length }, (_, at) => stream.head - kept.length + 1 + at),
      );
      assert.ok(kept.length >= 1_000 && kept.length <= 1_012, `${kept.length} are kept`);
      assert.equal(stream.goneThrough(''), (kept[0] ?? 0) - 1);
      assert.deepEqual(stream.note('session', 'last'), {
        kind: 'session',
        key: 'last',
        at: 7,
        value: { head: stream.head },
      });
      log.close();
    });
  }

  it('closed, everything is in the one file', () => {
    const file = newFile();
    const log = new SqliteLog(file);
    commit(log.open('/', 0), entry(1));
    assert.equal(existsSync(`${file}-wal`), true);
    log.close();
    assert.equal(existsSync(`${file}-wal`), false);
    const copy = newFile();
    copyFileSync(file, copy);
    const again = new SqliteLog(copy);
    assert.deepEqual(offsets(again.open('/', 0)), [1]);
    again.close();
  });

  it('knows no positions of the time after the backup that it goes on from', () => {
    const [file, backup] = [newFile(), newFile()];
    let log = new SqliteLog(file);
    let stream = log.open('/', 0);
    commit(stream, entry(1), entry(2));
    const kept = stream.position(2);
    log.close();
    copyFileSync(file, backup);
    const lost: string[] = [];
    for (let restart = 0; restart < 3; restart += 1) {
      log = new SqliteLog(file);
      stream = log.open('/', 0);
      commit(stream, entry(stream.head + 1), entry(stream.head + 2));
      lost.push(stream.position(stream.head - 1), stream.position(stream.head));
      log.close();
    }
    copyFileSync(backup, file);
    log = new SqliteLog(file);
    stream = log.open('/', 0);
    for (let more = 0; more < 10; more += 1) {
      assert.equal(stream.offsetOf(kept), 2);
      for (const position of lost) assert.equal(stream.offsetOf(position), undefined);
      commit(stream, entry(stream.head + 1));
    }
    log.close();
  });

  it('a backup of a log that was in use: what came after it is not known', () => {
    const [file, backup] = [newFile(), newFile()];
    const log = new SqliteLog(file);
    const stream = log.open('/', 0);
    commit(stream, entry(1), entry(2));
    copyFileSync(file, backup);
    copyFileSync(`${file}-wal`, `${backup}-wal`);
    commit(stream, entry(3), entry(4));
    const [kept, lost] = [stream.position(2), stream.position(3)];
    log.close();
    const restored = new SqliteLog(backup);
    const again = restored.open('/', 0);
    assert.deepEqual(offsets(again), [1, 2]);
    commit(again, entry(3), entry(4));
    assert.equal(again.offsetOf(kept), 2);
    assert.equal(again.offsetOf(lost), undefined);
    restored.close();
  });

  it('a stream that is opened again goes on under its own name', () => {
    const log = new SqliteLog(newFile());
    const stream = log.open('/', 0);
    commit(stream, entry(1));
    stream.close();
    const again = log.open('/', 0);
    assert.notEqual(again, stream);
    commit(again, entry(2));
    assert.deepEqual(offsets(again), [1, 2]);
    assert.equal(again.position(1).split('.')[0], again.position(2).split('.')[0]);
    log.close();
  });
});

describe('SqliteLog: notes', () => {
  it('names the note that cannot be copied, and keeps nothing of its batch', () => {
    const log = new SqliteLog(newFile());
    const stream = log.open('/', 0);
    const notes: Note[] = [
      { kind: 'session', key: 'good', at: 0, value: 1 },
      { kind: 'session', key: 'bad', at: 0, value: { call: () => 5 } },
    ];
    assert.throws(() => stream.commit({ entries: [entry(1)], notes }), {
      name: 'TypeError',
      message: /^Cannot keep the session "bad": .*could not be cloned/,
    });
    assert.equal(stream.head, 0);
    assert.equal(stream.note('session', 'good'), undefined);
    assert.deepEqual(offsets(stream), []);
    commit(stream, entry(1));
    log.close();
  });

  it('takes one that this Node cannot read for none', () => {
    const file = newFile();
    let log = new SqliteLog(file);
    log.open('/', 0).commit({ entries: [], notes: [{ kind: 'session', key: 'a', at: 0, value: 1 }] });
    log.close();
    const db = new DatabaseSync(file);
    db.exec(`UPDATE note SET value = x'fffe01'`);
    db.close();
    log = new SqliteLog(file);
    assert.equal(log.open('/', 0).note('session', 'a'), undefined);
    log.close();
  });

  it('has names that are no well-formed text, and tells them apart', () => {
    const file = newFile();
    const names = ['\ud800', '\ud801', '\ufffd'];
    for (const round of [1, 2]) {
      const log = new SqliteLog(file);
      const stream = log.open(names[0] ?? '', 0);
      if (round === 1) {
        commit(
          stream,
          ...names.map((name, at) => ({ ...entry(at + 1), rooms: [name], except: names, shelf: name })),
        );
        const notes = names.map((key): Note => ({ kind: 'answer', key, at: 1, value: key }));
        stream.commit({ entries: [], notes });
      }
      for (const [at, name] of names.entries()) {
        const wanted = { rooms: new Set([name]), everybody: true };
        const { entries } = stream.since(0, wanted, { maxEntries: 9, maxBytes: 9_999 });
        assert.deepEqual(entries, [{ ...entry(at + 1), rooms: [name], except: names, shelf: name }]);
        assert.equal(stream.note('answer', name)?.value, name);
      }
      assert.deepEqual([...stream.shelves()].sort(), names);
      assert.equal(log.open(names[1] ?? '', 0).head, 0);
      log.close();
    }
  });
});

describe('SqliteLog: a full disk', () => {
  it('refuses what does not fit, and goes on when there is room again', () => {
    const file = newFile();
    const log = new SqliteLog(file, { maxFileBytes: 256 * 1024 });
    const stream = log.open('/', 0);
    const big = (offset: number): LogEntry => entry(offset, 'x'.repeat(10_000));
    const note: Note = { kind: 'session', key: 'a', at: 0, value: 'as it was' };
    stream.commit({ entries: [], notes: [note] });
    let failure: unknown;
    while (failure === undefined && stream.head < 100) {
      try {
        commit(stream, big(stream.head + 1));
      } catch (error) {
        failure = error;
      }
    }
    assert.match(String(failure), /full/);
    const { head } = stream;
    assert.ok(head > 10 && head < 30, `${head}`);
    const batch = { entries: [entry(head + 1), big(head + 2)], notes: [{ ...note, value: 'changed' }] };
    assert.throws(() => stream.commit(batch), /full/);
    assert.equal(stream.head, head);
    assert.deepEqual(stream.note('session', 'a'), note);
    assert.deepEqual(
      offsets(stream),
      Array.from({ length: head }, (_, at) => at + 1),
    );
    stream.trim('', { maxAgeMs: Infinity, maxEvents: 5, maxBytes: Infinity }, 0);
    stream.commit(batch);
    // What is free is used again: it could go on so for ever.
    for (let more = 0; more < 200; more += 1) {
      commit(stream, big(stream.head + 1));
      stream.trim('', { maxAgeMs: Infinity, maxEvents: 5, maxBytes: Infinity }, 0);
    }
    log.close();
    assert.ok(readFileSync(file).length <= 256 * 1024);
    const again = new SqliteLog(file);
    assert.deepEqual(offsets(again.open('/', 0)).length, 5);
    again.close();
  });
});

describe('SqliteLog: a batch that fails half-way', () => {
  it('is taken back', () => {
    const log = new SqliteLog(newFile());
    const stream = log.open('/', 0);
    const twice = { ...entry(2), rooms: ['room 0', 'room 0'] };
    const notes: Note[] = [{ kind: 'session', key: 'a', at: 0, value: 1 }];
    assert.throws(() => stream.commit({ entries: [entry(1), twice], notes }), /UNIQUE constraint/);
    assert.equal(stream.head, 0);
    assert.deepEqual(offsets(stream), []);
    commit(stream, entry(1));
    assert.deepEqual(offsets(stream), [1]);
    log.close();
  });
});

describe('SqliteLog: trim', () => {
  it('leaves nothing of an entry behind', () => {
    const file = newFile();
    const log = new SqliteLog(file);
    const stream = log.open('/', 0);
    const rooms = [[], ['a'], ['a', 'b', 'c']];
    commit(
      stream,
      ...Array.from({ length: 30 }, (_, at) => ({ ...entry(at + 1), rooms: rooms[at % 3] ?? [] })),
    );
    stream.trim('', { maxAgeMs: Infinity, maxEvents: 3, maxBytes: Infinity }, 0);
    log.close();
    const db = new DatabaseSync(file);
    const count = (table: string): unknown => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
    assert.deepEqual([count('entry'), count('addressed')], [3, 5]);
    db.close();
  });

  it('takes a long list in steps, and more than comes meanwhile', () => {
    const log = new SqliteLog(newFile());
    const stream = log.open('/', 0);
    commit(stream, ...Array.from({ length: 2_000 }, (_, at) => entry(at + 1)));
    const rule = { maxAgeMs: Infinity, maxEvents: 10, maxBytes: Infinity };
    stream.trim('', rule, 0);
    assert.equal(stream.goneThrough(''), 1_990);
    log.close();

    const file = newFile();
    const long = new SqliteLog(file);
    commit(long.open('/', 0), ...Array.from({ length: 2_000 }, (_, at) => entry(at + 1)));
    long.close();
    const again = new SqliteLog(file);
    const rest = again.open('/', 0);
    rest.trim('', rule, 0);
    assert.equal(rest.goneThrough(''), 256);
    assert.equal(offsets(rest).length, 1_744);
    let calls = 1;
    for (; offsets(rest).length > 10; calls += 1) {
      commit(rest, ...Array.from({ length: 100 }, (_, at) => entry(rest.head + 1 + at)));
      rest.trim('', rule, 0);
    }
    assert.equal(calls, 8);
    again.close();
  });

  it('counts again what was not written down', () => {
    const file = newFile();
    const rule = { maxAgeMs: Infinity, maxEvents: 1_500, maxBytes: Infinity };
    for (let round = 0; round < 4; round += 1) {
      const log = new SqliteLog(file);
      const stream = log.open('/', 0);
      for (let step = 0; step < 100; step += 1) {
        commit(stream, ...Array.from({ length: 7 }, (_, at) => entry(stream.head + 1 + at)));
      }
      const kept = offsets(stream).length;
      stream.trim('', rule, 0);
      assert.equal(offsets(stream).length, Math.min(kept, 1_500));
      log.close();
    }
  });
});
