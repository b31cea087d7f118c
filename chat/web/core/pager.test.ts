import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { History, Message } from '../../shared/events.ts';
import { Pager } from './pager.ts';
import { RoomStore } from './room-store.ts';
import { entered, messages, settle, TestWire } from './testing.ts';

interface Bench {
  wire: TestWire;
  store: RoomStore;
  pager: Pager;
}

function page(list: Message[], more: Partial<History> = {}): History & { ok: true } {
  return { ok: true, messages: list, older: false, newer: false, rev: 0, focus: null, ...more };
}

function bench(from: number, to: number): Bench {
  const wire = new TestWire();
  const store = new RoomStore(() => undefined);
  store.enter(entered(messages(from, to)), true);
  return { wire, store, pager: new Pager(wire, 'general', store) };
}

test('asks for one older page at a time, by the first message known', async () => {
  const { wire, store, pager } = bench(101, 150);
  void pager.older();
  void pager.older();
  assert.deepEqual(
    wire.asked('history').map(({ ask }) => ask.before),
    [101],
  );
  wire.asked('history')[0]?.answer({ ...page(messages(51, 100), { older: true }) });
  await settle();
  assert.equal(store.window.length, 100);
});

test('asks again after a page that did not come', async () => {
  const { wire, pager } = bench(101, 150);
  void pager.older();
  wire.asked('history')[0]?.fail();
  await settle();
  void pager.older();
  assert.equal(wire.asked('history').length, 2);
});

test('asks for nothing at the beginning of the room and at its end', async () => {
  const { wire, pager } = bench(1, 50);
  await pager.older();
  await pager.newer();
  await pager.newest();
  assert.equal(wire.asked('history').length, 0);
});

test('pages forward over a gap, and jumps over it', async () => {
  const { wire, store, pager } = bench(1, 50);
  store.enter(entered(messages(451, 500)), false);
  store.replace(page(messages(1, 50), { newer: true, rev: 500 }));
  void pager.newer();
  assert.equal(wire.asked('history')[0]?.ask.after, 50);
  void pager.newest();
  wire.asked('history')[1]?.answer(page(messages(451, 500), { older: true }));
  wire.asked('history')[0]?.answer(page(messages(51, 100), { older: true, newer: true }));
  await settle();
  assert.deepEqual([store.firstSeq, store.lastSeq, store.hasNewer], [451, 500, false]);
});

test('a jump replaces what was there, and says which message to show', async () => {
  const { wire, store, pager } = bench(451, 500);
  const jump = pager.jump({ around: 120 });
  wire.asked('history')[0]?.answer(page(messages(96, 145), { older: true, newer: true, focus: 120 }));
  assert.equal(await jump, 120);
  assert.deepEqual([store.firstSeq, store.lastSeq, store.hasOlder, store.hasNewer], [96, 145, true, true]);
  assert.equal(await pager.jump({ around: 100 }), 100, 'which is here already');
  assert.equal(wire.asked('history').length, 1);
});

test('of two jumps the later one counts', async () => {
  const { wire, store, pager } = bench(451, 500);
  const first = pager.jump({ at: 1_000 });
  const second = pager.jump({ after: 0 });
  wire.asked('history')[1]?.answer(page(messages(1, 50), { newer: true }));
  wire.asked('history')[0]?.answer(page(messages(201, 250), { older: true, newer: true, focus: 220 }));
  assert.deepEqual([await first, await second, store.firstSeq], [undefined, 1, 1]);
});

test('a jump in an empty room finds nothing', async () => {
  const { wire, pager } = bench(1, 0);
  const jump = pager.jump({ at: 0 });
  wire.asked('history')[0]?.answer(page([]));
  assert.equal(await jump, null);
});

test('what is stale is read again before anything else, the whole window of it', async () => {
  const { wire, store, pager } = bench(101, 250);
  store.enter(entered(messages(951, 1_000)), false);
  void pager.older();
  const asked = () => wire.asked('history');
  assert.deepEqual(asked()[0]?.ask, { room: 'general', after: 100, limit: 100 });
  asked()[0]?.answer(page(messages(101, 200), { older: true, newer: true, rev: 1_000 }));
  await settle();
  assert.equal(asked()[1]?.ask.after, 200);
  asked()[1]?.answer(page(messages(201, 300), { older: true, newer: true, rev: 1_001 }));
  await settle();
  assert.deepEqual([store.firstSeq, store.lastSeq, store.hasNewer, store.rev], [101, 250, true, 1_000]);
  assert.equal(asked()[2]?.ask.before, 101);
});

test('what could not be read again is still stale', async () => {
  const { wire, store, pager } = bench(1, 50);
  store.enter(entered(messages(951, 1_000)), false);
  void pager.reread();
  wire.asked('history')[0]?.fail();
  await settle();
  assert.deepEqual([store.isStale, store.rev], [true, 50]);
  const jump = pager.jump({ around: 20 });
  wire.asked('history')[1]?.answer(page(messages(1, 50), { newer: true, rev: 1_000, focus: 20 }));
  assert.equal(await jump, 20);
  assert.equal(store.isStale, false);
});
