import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { Drafts } from './drafts.ts';
import { memoryStorage, type Storage } from './storage.ts';
import { message } from './testing.ts';

describe('Drafts', () => {
  beforeEach((context) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    if ('after' in context) context.after(() => mock.timers.reset());
  });

  /** The drafts of the person 7. */
  function draftsIn(storage: Storage, onChange: () => void = () => undefined): Drafts {
    const drafts = new Drafts(storage, onChange);
    drafts.belongTo(7);
    return drafts;
  }

  const quote = { seq: 4, from: message(4).from, excerpt: 'message 4' };

  test('a draft is stored after a pause in typing, and found again', () => {
    const storage = memoryStorage();
    const drafts = draftsIn(storage);
    drafts.write('general', { text: 'hel' });
    drafts.write('general', { text: 'hello', replyTo: quote });
    assert.deepEqual(storage.keys(), []);
    mock.timers.tick(300);
    const again = draftsIn(storage);
    assert.deepEqual(again.of('general'), { text: 'hello', replyTo: quote });
    assert.deepEqual([...again.rooms], ['general']);
    assert.deepEqual(again.of('kiln'), { text: '' });
  });

  test('each room has its own, and all are stored before the page goes', () => {
    const storage = memoryStorage();
    const drafts = draftsIn(storage);
    drafts.write('general', { text: 'one' });
    drafts.write('kiln', { text: 'two' });
    drafts.save();
    const again = draftsIn(storage);
    assert.deepEqual([again.of('general').text, again.of('kiln').text], ['one', 'two']);
  });

  test('an empty one is gone at once, and the list of rooms is told', () => {
    const storage = memoryStorage();
    let changes = 0;
    const drafts = draftsIn(storage, () => changes++);
    drafts.write('general', { text: 'one' });
    drafts.write('general', { text: 'one more' });
    drafts.save();
    drafts.write('general', { text: '' });
    assert.deepEqual([storage.keys(), changes, drafts.rooms.size], [[], 3, 0]);
  });

  test('what others put into the storage is no draft', () => {
    const storage = memoryStorage();
    storage.write('draft:7:general', 'no JSON');
    storage.write('draft:7:kiln', '{"text":1}');
    assert.equal(draftsIn(storage).rooms.size, 0);
  });

  test('of whoever was here before, nothing is left: not shown, not stored, not written late', () => {
    const storage = memoryStorage();
    const drafts = draftsIn(storage);
    drafts.write('secret', { text: 'kept' });
    drafts.save();
    drafts.write('secret', { text: 'not stored yet', replyTo: quote });
    assert.equal(drafts.belongTo(8), true);
    mock.timers.tick(1_000);
    assert.deepEqual([storage.keys(), drafts.of('secret').text], [[], '']);
    drafts.write('general', { text: 'hello' });
    drafts.save();
    assert.equal(drafts.belongTo(8), false);
    assert.equal(drafts.of('general').text, 'hello');
    new Drafts(storage, () => undefined).belongTo(null);
    assert.deepEqual(storage.keys(), [], 'nor after the page was loaded by somebody without a name');
  });

  test('a draft in a room where one is no longer is gone', () => {
    const storage = memoryStorage();
    const drafts = draftsIn(storage);
    drafts.write('general', { text: 'one' });
    drafts.write('secret', { text: 'two', replyTo: quote });
    drafts.save();
    drafts.keepIn(new Set(['general']));
    assert.deepEqual(storage.keys(), ['draft:7:general']);
  });
});
