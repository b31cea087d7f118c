import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pager } from './pager.ts';
import { RoomStore } from './room-store.ts';
import { entered, messages, settle, TestWire } from './testing.ts';

interface Bench {
  wire: TestWire;
  store: RoomStore;
  pager: Pager;
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
    wire.pages.map(({ ask }) => ask.before),
    [101],
  );
  wire.pages[0]?.answer({ ok: true, messages: messages(51, 100), older: true });
  await settle();
  assert.equal(store.window.length, 100);
});

test('asks again after a page that did not come', async () => {
  const { wire, pager } = bench(101, 150);
  void pager.older();
  wire.pages[0]?.fail();
  await settle();
  void pager.older();
  assert.equal(wire.pages.length, 2);
});

test('asks for nothing at the beginning of the room and at its end', async () => {
  const { wire, pager } = bench(1, 50);
  await pager.older();
  await pager.newer();
  await pager.newest();
  assert.equal(wire.pages.length, 0);
});

test('pages forward over a gap, and jumps over it', async () => {
  const { wire, store, pager } = bench(1, 50);
  store.enter(entered(messages(451, 500)), false);
  void pager.newer();
  assert.equal(wire.pages[0]?.ask.before, 101, 'which answers 51 to 100');
  void pager.newest();
  wire.pages[1]?.answer({ ok: true, messages: messages(451, 500), older: true });
  wire.pages[0].answer({ ok: true, messages: messages(51, 100), older: true });
  await settle();
  assert.deepEqual([store.firstSeq, store.lastSeq, store.hasNewer], [451, 500, false]);
});
