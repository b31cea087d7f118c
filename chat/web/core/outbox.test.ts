import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../shared/events.ts';
import { Outbox, type Written } from './outbox.ts';
import { storageShelf } from './outbox-shelf.ts';
import { memoryStorage, type Storage } from './storage.ts';
import { message, settle, TestWire } from './testing.ts';

interface Bench {
  wire: TestWire;
  outbox: Outbox;
  storage: Storage;
  confirmed: Message[];
  refusals: string[];
  pauses: number[];
}

function bench(storage: Storage = memoryStorage()): Bench {
  const wire = new TestWire();
  const confirmed: Message[] = [];
  const refusals: string[] = [];
  const pauses: number[] = [];
  let nonces = 0;
  const outbox = new Outbox({
    shelf: storageShelf(storage),
    send: async (ask) => wire.ask('send', ask),
    makeNonce: () => `nonce ${++nonces}`,
    now: () => nonces,
    pause: async (ms) => void pauses.push(ms),
    onChange: () => undefined,
    onConfirmed: (one) => confirmed.push(one),
    onRefused: (_entry, failure) => refusals.push(failure.text),
  });
  return { wire, outbox, storage, confirmed, refusals, pauses };
}

const said = (body: string, room = 'general'): Written => ({ room, body });
const bodies = ({ wire }: Bench): string[] => wire.asked('send').map(({ ask }) => ask.body);
const states = ({ outbox }: Bench): string[] => outbox.entries.map(({ state }) => state.kind);

test('sends in order, one in flight', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.outbox.add(7, said('two'));
  assert.deepEqual(bodies(b), ['one']);
  b.wire.asked('send')[0]?.answer({ ok: true, message: message(1) });
  await settle();
  assert.deepEqual(bodies(b), ['one', 'two']);
  assert.equal(b.confirmed[0]?.nonce, 'nonce 1', 'so that the row keeps its key');
  assert.deepEqual(states(b), ['pending']);
});

test('what is said without a connection goes out when it is there', () => {
  const b = bench();
  b.outbox.add(7, said('one'));
  assert.deepEqual(bodies(b), []);
  b.outbox.open(7);
  assert.deepEqual(bodies(b), ['one']);
});

test('a connection lost in flight: the same nonce is sent again', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.outbox.close();
  b.wire.asked('send')[0]?.fail();
  await settle();
  assert.deepEqual(states(b), ['pending']);
  b.outbox.open(7);
  assert.deepEqual(
    b.wire.asked('send').map(({ ask }) => ask.nonce),
    ['nonce 1', 'nonce 1'],
  );
});

test('no answer in time: not confirmed, and the next one goes out', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.outbox.add(7, said('two'));
  b.wire.asked('send')[0]?.fail();
  await settle();
  assert.deepEqual(states(b), ['unconfirmed', 'pending']);
  assert.deepEqual(bodies(b), ['one', 'two']);
});

test('what was not confirmed goes out again after a reconnect, in order', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.wire.asked('send')[0]?.fail();
  await settle();
  b.outbox.close();
  b.outbox.add(7, said('two'));
  b.outbox.open(7);
  assert.deepEqual(bodies(b), ['one', 'one']);
  assert.deepEqual(states(b), ['pending', 'pending']);
});

test('a refusal keeps the row with its reason until the person decides', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.wire.asked('send')[0]?.answer({ ok: false, code: 'too long', text: 'Too long.' });
  await settle();
  assert.deepEqual(b.outbox.entries[0]?.state, { kind: 'refused', code: 'too long', reason: 'Too long.' });
  assert.deepEqual(b.refusals, ['Too long.']);
  b.outbox.close();
  b.outbox.open(7);
  assert.equal(b.wire.asked('send').length, 1, 'a reconnect does not try it again');
  b.outbox.retry('nonce 1');
  assert.equal(b.wire.asked('send').length, 2);
  b.outbox.remove('nonce 1');
  assert.deepEqual(b.outbox.entries, []);
});

test('asked to slow down, it tries the same entry again after a pause, and the next ones wait', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.outbox.add(7, said('two'));
  b.wire.asked('send')[0]?.answer({ ok: false, code: 'too fast', text: 'Slow down.' });
  await settle();
  assert.deepEqual(states(b), ['pending', 'pending']);
  assert.deepEqual(bodies(b), ['one', 'one']);
  assert.equal(b.wire.asked('send')[1]?.ask.nonce, b.wire.asked('send')[0]?.ask.nonce);
  assert.equal(b.pauses.length, 1);
  assert.deepEqual(b.refusals, []);
});

test('a server that fails again and again: the person is told in the end', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  for (let attempt = 0; attempt < 4; attempt += 1) {
    assert.deepEqual(states(b), ['pending']);
    b.wire.asked('send')[attempt]?.answer({ ok: false, code: 'failed', text: 'The disk is full.' });
    await settle();
  }
  assert.deepEqual(states(b), ['refused']);
  assert.deepEqual(b.refusals, ['The disk is full.']);
});

test('a live message that overtakes the answer removes the row once', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.outbox.remove('nonce 1');
  b.wire.asked('send')[0]?.answer({ ok: true, message: message(1) });
  await settle();
  assert.deepEqual(b.outbox.entries, []);
});

test('survives a reload, with nonce and order', async () => {
  const before = bench();
  before.outbox.add(7, said('one'));
  before.outbox.add(7, said('two'));
  const after = bench(before.storage);
  after.outbox.open(7);
  await after.outbox.restore();
  assert.deepEqual(
    after.outbox.entries.map(({ nonce, body }) => [nonce, body]),
    [
      ['nonce 1', 'one'],
      ['nonce 2', 'two'],
    ],
  );
  assert.deepEqual(bodies(after), ['one']);
});

test('nobody sends what somebody else wrote in this browser', async () => {
  const before = bench();
  before.outbox.add(7, said('of seven'));
  const after = bench(before.storage);
  await after.outbox.restore();
  after.outbox.open(8);
  assert.equal(after.outbox.entries.length, 1);
  assert.deepEqual(bodies(after), []);
});

test('what others put into the storage is left alone', async () => {
  const storage = memoryStorage();
  storage.write('outbox:bad', '{"nonce":1}');
  storage.write('outbox:worse', 'no JSON');
  storage.write('theme', 'dark');
  const b = bench(storage);
  await b.outbox.restore();
  assert.deepEqual(b.outbox.entries, []);
});

test('each room has its own queue', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.outbox.add(7, said('two'));
  b.outbox.add(7, said('three', 'kiln'));
  assert.deepEqual(bodies(b), ['one', 'three']);
  assert.deepEqual(
    b.outbox.in('general').map(({ body }) => body),
    ['one', 'two'],
  );
});

test('waits as long as the server asks, within reason', async () => {
  const b = bench();
  b.outbox.open(7);
  b.outbox.add(7, said('one'));
  b.wire.asked('send')[0]?.answer({ ok: false, code: 'too fast', text: '', waitMs: 1_500 });
  await settle();
  b.wire.asked('send')[1]?.answer({ ok: false, code: 'too fast', text: '', waitMs: 3_600_000 });
  await settle();
  assert.deepEqual(b.pauses, [1_500, 10_000]);
});

test('a reply goes out with the seq of what it answers, and /me with its kind', () => {
  const b = bench();
  b.outbox.open(7);
  const quote = { seq: 4, from: message(4).from, excerpt: 'message 4' };
  b.outbox.add(7, { ...said('one'), replyTo: quote, kind: 'action' });
  const { nonce: _nonce, ...ask } = b.wire.asked('send')[0]?.ask ?? { nonce: '' };
  assert.deepEqual(ask, { room: 'general', body: 'one', replyTo: 4, kind: 'action' });
});

test('what a guest left goes with them once they are forgotten here, and what others left stays', async () => {
  const before = bench();
  before.outbox.add(7, said('a guest’s'), true);
  before.outbox.add(8, said('a member’s'));
  const lost: number[] = [];
  const again = async (me: number | null): Promise<string[]> => {
    const outbox = new Outbox({
      shelf: storageShelf(before.storage),
      send: async () => new Promise(() => undefined),
      makeNonce: () => 'unused',
      now: () => 0,
      pause: async () => undefined,
      onChange: () => undefined,
      onConfirmed: () => undefined,
      onRefused: () => undefined,
      onLost: (count) => lost.push(count),
    });
    const restored = outbox.restore();
    outbox.belongTo(me);
    await restored;
    return outbox.entries.map(({ body }) => body);
  };
  const both = await again(7);
  assert.deepEqual(both.toSorted(), ['a guest’s', 'a member’s']);
  assert.deepEqual([await again(null), lost], [['a member’s'], [1]]);
  assert.deepEqual([await again(7), lost], [['a member’s'], [1]], 'it is not said twice');
});
