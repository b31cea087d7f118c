import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laterWire } from './later-wire.ts';
import { settle, TestWire } from './testing.ts';

const LISTENERS = { opened: () => undefined, closed: () => undefined, heard: () => undefined };

test('is fetched once, when it is first connected', async () => {
  const inner = new TestWire();
  let loads = 0;
  const wire = laterWire(async () => {
    loads += 1;
    return inner;
  });
  wire.listen(LISTENERS);
  wire.tellTyping('general');
  await assert.rejects(wire.ask('hello', {}), /closed/);
  assert.equal(loads, 0);
  wire.connect();
  wire.connect();
  await settle();
  assert.deepEqual([loads, inner.connects, inner.listeners], [1, 1, LISTENERS]);
  wire.tellTyping('general');
  void wire.ask('hello', {});
  assert.deepEqual([inner.typings, inner.asked('hello').length], [['general'], 1]);
});

test('does not connect if that was taken back meanwhile', async () => {
  const inner = new TestWire();
  const wire = laterWire(async () => inner);
  wire.connect();
  wire.disconnect();
  await settle();
  assert.equal(inner.connects, 0);
  wire.connect();
  assert.equal(inner.connects, 1);
});

test('code that does not come is a server that does not answer', async () => {
  const inner = new TestWire();
  const closed: boolean[] = [];
  const loads = [async () => Promise.reject(new Error('No network')), async () => inner];
  const wire = laterWire(async () => (loads.shift() ?? assert.fail)());
  wire.listen({ ...LISTENERS, closed: (mayReturn) => closed.push(mayReturn) });
  wire.connect();
  await settle();
  assert.deepEqual(closed, [false]);
  wire.connect();
  await settle();
  assert.equal(inner.connects, 1);
});
