/** Searches in the worker: step by step, in turns, and none of them for ever. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Database } from '../server/store/sqlite/database.ts';
import { type SearchStep, type SearchTask, findStep } from '../server/store/sqlite/find-messages.ts';
import { openDatabase } from '../server/store/sqlite/open.ts';
import type { WorkerAnswer } from '../server/store/sqlite/search-worker.ts';
import { Search, type SearchThread } from '../server/store/sqlite/search.ts';
import { StoreBusy } from '../server/store/store.ts';
import { SqliteStore } from '../server/store/sqlite/store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const STEP_LIMIT_MS = 5_000;

function taskOf(person: number | null, sought: Partial<SearchTask> = {}): SearchTask {
  const nothing = { match: null, rooms: [], from: [], since: null, before: null, has: [] };
  return { ...nothing, person, cursor: null, limit: 2, ...sought };
}

/** A worker that answers when the test says so. */
class Thread implements SearchThread {
  readonly steps: SearchStep[] = [];
  isEnded = false;
  #listener: (answer: WorkerAnswer) => void = () => {};

  postMessage(step: SearchStep): void {
    this.steps.push(step);
  }

  on(
    event: 'message' | 'error',
    listener: ((answer: WorkerAnswer) => void) & ((error: Error) => void),
  ): void {
    if (event === 'message') this.#listener = listener;
  }

  answer(ids: number[], below: number | null, tookMs = 1): void {
    this.#listener({ found: { ids, below }, tookMs });
  }

  async terminate(): Promise<void> {
    this.isEnded = true;
  }

  ref(): void {}
  unref(): void {}
}

function place(context: TestContext): { search: Search; threads: Thread[] } {
  const db = new Database(openDatabase(temporaryFolder(context)));
  const threads: Thread[] = [];
  const search = new Search(db, () => {
    threads.push(new Thread());
    return threads.at(-1) as Thread;
  });
  context.after(() => {
    search.close();
    db.close();
  });
  return { search, threads };
}

test('after each step it is the next person’s turn, however much one of them looks for', async (context) => {
  const { search, threads } = place(context);
  const [first, second] = [search.find(taskOf(1)), search.find(taskOf(1, { limit: 3 }))];
  const other = search.find(taskOf(2));
  const [thread] = threads;
  assert.ok(thread);
  thread.answer([], 500);
  thread.answer([7, 6, 5], 5);
  assert.deepEqual(await other, { ids: [7, 6], cursor: 6 }, 'after one step of a search that goes on');
  thread.answer([], 400);
  thread.answer([9], null);
  assert.deepEqual(await first, { ids: [9], cursor: null });
  thread.answer([8], null);
  assert.deepEqual(await second, { ids: [8], cursor: null });
  assert.deepEqual(
    thread.steps.map(({ task, below, most }) => [task.person, task.limit, below, most]),
    [
      [1, 2, null, 3],
      [2, 2, null, 3],
      [1, 3, null, 4],
      [1, 2, 500, 3],
      [1, 3, 400, 4],
    ],
  );
});

test('a search that has taken its share answers with what it found, and can go on from there', async (context) => {
  const { search, threads } = place(context);
  const found = search.find(taskOf(1));
  threads[0]?.answer([9], 500, 2_000);
  threads[0]?.answer([], 400, 2_000);
  assert.deepEqual(await found, { ids: [9], cursor: 400 });
});

test('a step without an end is given up alone: whoever waits goes on with another worker', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { search, threads } = place(context);
  const endless = search.find(taskOf(1));
  const other = search.find(taskOf(2));
  const rejected = assert.rejects(endless, /took too long/);
  context.mock.timers.tick(STEP_LIMIT_MS);
  await rejected;
  assert.equal(threads[0]?.isEnded, true);
  threads[0].answer([1], null);
  threads[1]?.answer([2], null);
  assert.deepEqual(await other, { ids: [2], cursor: null });
});

test('what one person looks for does not pile up, and keeps nobody else out', async (context) => {
  const { search, threads } = place(context);
  const failures: unknown[] = [];
  for (let count = 0; count < 100; count += 1) {
    search.find(taskOf(1)).catch((error: unknown) => failures.push(error));
  }
  const other = search.find(taskOf(2));
  threads[0]?.answer([1], null);
  threads[0]?.answer([2], null);
  assert.deepEqual(await other, { ids: [2], cursor: null });
  assert.equal(failures.length, 100 - 11, 'one is under way, ten wait');
  assert.ok(failures.every((error) => error instanceof StoreBusy));
});

test('closing ends all searches', async (context) => {
  const { search } = place(context);
  const all = [search.find(taskOf(1)), search.find(taskOf(2))].map((found) =>
    assert.rejects(found, /closed/),
  );
  search.close();
  await Promise.all(all);
});

test('steps of any length find the same', async (context) => {
  const db = new Database(openDatabase(temporaryFolder(context)));
  const store = new SqliteStore(db);
  context.after(() => store.close());
  const people = store.people;
  const ada = await people.create({ name: 'Ada', keys: ['ada'], role: 'member', at: 1 });
  const bob = await people.create({ name: 'Bob', keys: ['bob'], role: 'member', at: 1 });
  assert.ok(ada && bob);
  const wish = { name: 'Den', keys: [], kind: 'private', topic: '', by: ada.id, at: 1 } as const;
  const den = await store.rooms.create(wish);
  assert.ok(den);
  for (let at = 1; at <= 30; at += 1) {
    const room = at % 3 === 0 ? den.slug : 'general';
    const by = room === 'general' && at % 2 === 0 ? bob : ada;
    const body = at % 5 === 0 ? 'tea https://example.org' : 'teaspoons and coffee';
    const { message } = await store.messages.append({ room, person: by.id, nonce: null, body, at });
    if (at % 4 === 0) {
      const reaction = { person: ada.id, emoji: '👍', on: true, at };
      await store.messages.react(room, message.seq, reaction, 5);
    }
  }
  const find = (task: SearchTask, rows: number): number[] => {
    const ids: number[] = [];
    for (let below: number | null | undefined = undefined; below !== null;) {
      const step = findStep(db.connection, { task, below: below ?? null, rows, most: 3 });
      ids.push(...step.ids);
      below = step.below;
    }
    return ids;
  };
  const asks: [Partial<SearchTask>, forAda: number, forBob: number][] = [
    [{}, 30, 20],
    [{ match: '"tea"' }, 6, 4],
    [{ match: '"tea" *' }, 30, 20],
    [{ match: '"teaspoo" *' }, 24, 16],
    [{ match: '"coffee" AND "and"' }, 24, 16],
    [{ from: [bob.id] }, 10, 10],
    [{ from: [ada.id], has: ['link'] }, 4, 2],
    [{ has: ['link'] }, 6, 4],
    [{ has: ['reaction'] }, 7, 5],
    [{ has: ['reaction', 'link'], match: '"tea"' }, 1, 1],
    [{ rooms: [den.slug] }, 10, 0],
    [{ since: 10, before: 20 }, 10, 7],
  ];
  for (const [ask, forAda, forBob] of asks) {
    const each: readonly (readonly [who: number, hits: number])[] = [
      [ada.id, forAda],
      [bob.id, forBob],
    ];
    for (const [who, hits] of each) {
      const all = find(taskOf(who, ask), 1_000);
      assert.equal(all.length, hits, JSON.stringify(ask));
      assert.deepEqual(
        all,
        all.toSorted((a, b) => b - a),
      );
      for (const rows of [1, 4, 7]) assert.deepEqual(find(taskOf(who, ask), rows), all, JSON.stringify(ask));
    }
  }
});
