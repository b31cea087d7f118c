import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Drafts } from './drafts.ts';
import { memoryStorage } from './storage.ts';
import { message } from './testing.ts';

beforeEach((context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  if ('after' in context) context.after(() => mock.timers.reset());
});

const quote = { seq: 4, from: message(4).from, excerpt: 'message 4' };

test('a draft is stored after a pause in typing, and found again', () => {
  const storage = memoryStorage();
  const drafts = new Drafts(storage, () => undefined);
  drafts.write('general', { text: 'hel' });
  drafts.write('general', { text: 'hello', replyTo: quote });
  assert.deepEqual(storage.keys(), []);
  mock.timers.tick(300);
  const again = new Drafts(storage, () => undefined);
  assert.deepEqual(again.of('general'), { text: 'hello', replyTo: quote });
  assert.deepEqual([...again.rooms], ['general']);
  assert.deepEqual(again.of('kiln'), { text: '' });
});

test('each room has its own, and all are stored before the page goes', () => {
  const storage = memoryStorage();
  const drafts = new Drafts(storage, () => undefined);
  drafts.write('general', { text: 'one' });
  drafts.write('kiln', { text: 'two' });
  drafts.save();
  const again = new Drafts(storage, () => undefined);
  assert.deepEqual([again.of('general').text, again.of('kiln').text], ['one', 'two']);
});

test('an empty one is gone at once, and the list of rooms is told', () => {
  const storage = memoryStorage();
  let changes = 0;
  const drafts = new Drafts(storage, () => changes++);
  drafts.write('general', { text: 'one' });
  drafts.write('general', { text: 'one more' });
  drafts.save();
  drafts.write('general', { text: '' });
  assert.deepEqual([storage.keys(), changes, drafts.rooms.size], [[], 2, 0]);
});

test('what others put into the storage is no draft', () => {
  const storage = memoryStorage();
  storage.write('draft:general', 'no JSON');
  storage.write('draft:kiln', '{"text":1}');
  assert.equal(new Drafts(storage, () => undefined).rooms.size, 0);
});
