import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Standpoints } from './standpoints.ts';
import { memoryStorage } from './storage.ts';

test('where one stood is found again after a reload, for the entries that were left last', () => {
  const storage = memoryStorage();
  const standpoints = new Standpoints(storage);
  for (let seq = 1; seq <= 60; seq++)
    standpoints.leave(`entry ${seq}`, { room: 'general', at: { seq, top: -12.5 } });
  standpoints.leave('entry 11', { room: 'general', at: null });
  const again = new Standpoints(storage);
  assert.deepEqual(again.find('entry 60'), { room: 'general', at: { seq: 60, top: -12.5 } });
  assert.deepEqual(again.find('entry 11'), { room: 'general', at: null });
  assert.equal(again.find('entry 10'), undefined);
  again.forget();
  assert.deepEqual([storage.keys(), again.find('entry 60')], [[], undefined]);
});

test('what others put into the storage is no place', () => {
  const storage = memoryStorage();
  for (const text of [
    'no JSON',
    '{}',
    '[1]',
    '[["a"]]',
    '[["a",{"room":"x"}]]',
    '[["a",{"room":"x","at":{}}]]',
  ]) {
    storage.write('standpoints', text);
    assert.equal(new Standpoints(storage).find('a'), undefined, text);
  }
});
