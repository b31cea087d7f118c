import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoomStore } from './room-store.ts';
import { entered, message, messages, room } from './testing.ts';

const seqs = (store: RoomStore): number[] => store.window.map((entry) => entry.message.seq);
const range = (from: number, to: number): number[] => messages(from, to).map(({ seq }) => seq);

function storeWith(from: number, to: number): RoomStore {
  const store = new RoomStore(() => undefined);
  store.enter(entered(messages(from, to)), true);
  return store;
}

test('live messages are shown once, in order, whatever order they arrive in', () => {
  const store = storeWith(1, 3);
  assert.equal(store.receive(message(5), true), true);
  assert.equal(store.receive(message(4), true), false);
  assert.equal(store.receive(message(5), true), false);
  assert.deepEqual(seqs(store), [1, 2, 3, 4, 5]);
});

test('a row keeps its key when its message arrives again', () => {
  const store = storeWith(1, 3);
  store.receive(message(4, { nonce: 'mine' }), true);
  store.receive(message(4, { rev: 9, body: 'edited' }), true);
  store.enter(entered(messages(1, 4), { room: room(9, 4) }), true);
  assert.deepEqual(
    store.window.map(({ key }) => key),
    ['general:1', 'general:2', 'general:3', 'mine'],
  );
  assert.equal(store.window[3]?.message.body, 'edited', 'and an older revision does not undo a newer one');
});

test('catching up adds what was missed and tells which messages are new', () => {
  const store = storeWith(1, 50);
  const fresh = store.enter(
    entered([message(10, { rev: 51 }), message(51, { rev: 52 })], { caughtUp: true, older: false }),
    true,
  );
  assert.deepEqual(
    fresh.map(({ seq }) => seq),
    [51],
  );
  assert.deepEqual(seqs(store), range(1, 51));
  assert.equal(store.rev, 51);
});

test('after a long absence, somebody who follows gets the newest page alone', () => {
  const store = storeWith(1, 50);
  store.enter(entered(messages(451, 500)), true);
  assert.deepEqual(seqs(store), range(451, 500));
  assert.equal(store.hasOlder, true);
});

test('after a long absence, nothing that was kept survives for who follows: it may have changed', () => {
  const store = storeWith(1, 50);
  store.enter(entered(messages(31, 80), { room: room(300, 80) }), true);
  assert.deepEqual(seqs(store), range(31, 80));
  assert.equal(store.hasOlder, true);
  assert.equal(store.rev, 300);
});

test('after a long absence, what a reader has is stale, and its revision stays, until it was read again', () => {
  const store = storeWith(1, 50);
  store.enter(entered(messages(451, 500)), false);
  assert.equal(store.isStale, true);
  store.receive(message(501, { rev: 501 }), false);
  assert.equal(store.rev, 50, 'so that a lost connection asks from there again');
  store.receive(message(7, { rev: 502, body: 'changed' }), false);
  store.replace({ messages: messages(1, 50), older: false, newer: true, rev: 500 });
  assert.deepEqual([store.isStale, store.rev, store.find(7)?.body], [false, 500, 'changed']);
});

test('a change that overtakes the page that brings its message is not lost', () => {
  const store = storeWith(101, 150);
  store.receive(message(60, { rev: 151, body: 'changed' }), true);
  store.addOlder(101, messages(51, 100), true);
  assert.equal(store.find(60)?.body, 'changed');
});

test('after a long absence, a reader keeps the place and pages forward to the newest', () => {
  const store = storeWith(1, 50);
  store.enter(entered(messages(151, 200)), false);
  assert.deepEqual(seqs(store), range(1, 50));
  assert.equal(store.hasNewer, true);
  store.receive(message(201), false);
  assert.equal(store.lastSeq, 50, 'a live message beyond the gap is not shown out of place');
  store.addNewer(store.lastSeq, messages(51, 100), true);
  store.addNewer(store.lastSeq, messages(101, 150), true);
  store.addNewer(store.lastSeq, messages(151, 200), true);
  assert.equal(store.hasNewer, true);
  store.addNewer(store.lastSeq, messages(201, 201), false);
  assert.equal(store.hasNewer, false);
  store.receive(message(202), true);
  assert.deepEqual(seqs(store), range(1, 202));
});

test('at most 300 rows are shown, and following drops them above', () => {
  const store = storeWith(1, 50);
  for (let seq = 51; seq <= 400; seq++) store.receive(message(seq), true);
  assert.deepEqual(seqs(store), range(101, 400));
  assert.equal(store.showOlder(), true);
  assert.deepEqual(seqs(store), range(51, 350));
  assert.equal(store.hasNewer, true);
});

test('what arrives while somebody reads a full window waits below it', () => {
  const store = storeWith(1, 300);
  store.receive(message(301), false);
  assert.deepEqual(seqs(store), range(1, 300));
  assert.equal(store.hasNewer, true);
  assert.equal(store.showNewest(), true);
  assert.deepEqual(seqs(store), range(2, 301));
});

test('older pages are put before, and the window moves there', () => {
  const store = storeWith(301, 350);
  for (let first = 251; first > 0; first -= 50)
    store.addOlder(store.firstSeq, messages(first, first + 49), first > 1);
  assert.deepEqual(seqs(store), range(1, 300));
  assert.equal(store.hasOlder, false);
  assert.equal(store.hasNewer, true);
});

test('at most 2,000 messages are kept: following forgets the oldest', () => {
  const store = storeWith(1, 50);
  for (let seq = 51; seq <= 2_100; seq++) store.receive(message(seq), true);
  assert.equal(store.firstSeq, 101);
  assert.equal(store.hasOlder, true);
});

test('at most 2,000 messages are kept: reading far back forgets the newest', () => {
  const store = storeWith(2_451, 2_500);
  for (let first = 2_401; first > 0; first -= 50) {
    while (store.showOlder());
    store.addOlder(store.firstSeq, messages(first, first + 49), first > 1);
  }
  assert.ok(store.lastSeq - store.firstSeq < 2_000);
  assert.equal(store.showNewest(), false, 'so the newest page must be fetched');
  store.replace({ messages: messages(2_451, 2_500), older: true, newer: false, rev: 2_500 });
  assert.deepEqual(seqs(store), range(2_451, 2_500));
});

test('a server that starts from other data replaces everything', () => {
  const store = storeWith(1, 50);
  store.enter(entered(messages(1, 2), { caughtUp: true }), false);
  assert.deepEqual(seqs(store), [1, 2]);
  assert.equal(store.rev, 2);
});

test('a page that was overtaken leaves no gap', () => {
  const store = storeWith(101, 150);
  store.enter(entered(messages(451, 500)), true);
  store.addOlder(101, messages(51, 100), true);
  store.addNewer(150, messages(151, 200), true);
  assert.deepEqual(seqs(store), range(451, 500));
});

test('a page out of the middle is detached at both ends', () => {
  const store = storeWith(451, 500);
  store.replace({ messages: messages(101, 150), older: true, newer: true, rev: 500 });
  store.receive(message(501), false);
  assert.deepEqual(seqs(store), range(101, 150));
  assert.deepEqual([store.hasOlder, store.hasNewer], [true, true]);
  assert.equal(store.find(120)?.seq, 120);
  assert.equal(store.find(501), undefined);
  assert.deepEqual([store.nearest(120), store.nearest(999)], [120, 150]);
});

test('the window moves to a kept message', () => {
  const store = storeWith(1, 50);
  for (let seq = 51; seq <= 1_000; seq++) store.receive(message(seq), true);
  store.showAround(100);
  assert.ok(seqs(store).includes(100) && store.window.length <= 300);
  assert.equal(store.hasNewer, true);
});

test('a change is shown at once, and taken back unless something newer came', () => {
  const store = storeWith(1, 3);
  const undo = store.change(2, { body: 'changed' });
  assert.equal(store.find(2)?.body, 'changed');
  undo();
  assert.equal(store.find(2)?.body, 'message 2');
  const late = store.change(2, { body: 'changed' });
  store.receive(message(2, { rev: 4, body: 'by the server' }), true);
  late();
  assert.equal(store.find(2)?.body, 'by the server');
});

test('the last rows are drawn first, and the kept ones before them without a page', () => {
  const store = storeWith(1, 50);
  store.showLast(20);
  assert.deepEqual([seqs(store)[0], seqs(store).length, store.hasOlder], [31, 20, true]);
  store.receive(message(51), true);
  assert.equal(store.showOlder(), true);
  assert.deepEqual([seqs(store)[0], seqs(store).at(-1)], [1, 51]);
});
