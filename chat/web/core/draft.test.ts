import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Draft } from './draft.ts';
import { makeNonce } from './nonce.ts';
import { memoryStorage, webStorage } from './storage.ts';

test('a draft is kept 300 ms after the last key and forgotten at once', (context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  context.after(() => mock.timers.reset());
  const storage = memoryStorage();
  const draft = new Draft(storage, 'general');
  draft.write('hel');
  mock.timers.tick(299);
  draft.write('hello');
  mock.timers.tick(299);
  assert.equal(storage.read('draft:general'), undefined);
  mock.timers.tick(1);
  assert.equal(new Draft(storage, 'general').text, 'hello');
  draft.write('');
  assert.deepEqual(storage.keys(), []);
});

test('a nonce is 32 hexadecimal digits', () => {
  const nonce = makeNonce((bytes) => bytes.fill(10));
  assert.equal(nonce, '0a'.repeat(16));
});

test('a browser that refuses storage costs only the memory after a reload', () => {
  const blocked = webStorage(() => {
    throw new Error('SecurityError');
  });
  blocked.write('a', '1');
  assert.equal(blocked.read('a'), '1');

  const full = webStorage(() => ({
    length: 0,
    key: () => null,
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
    removeItem: () => undefined,
  }));
  full.write('a', '1');
  assert.deepEqual([full.read('a'), full.keys()], ['1', ['a']]);
  full.remove('a');
  assert.equal(full.read('a'), undefined);
});
