import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, MyRoom } from '../../shared/events.ts';
import { message, myRoom } from './testing.ts';
import { worthOf } from './worth.ts';

const ME = 7;
const mention: Partial<Message> = { mentions: [{ person: ME, as: 'Jo' }] };

function worth(said: Partial<Message>, room: Partial<MyRoom> = {}): string | null {
  return worthOf(message(5, said), myRoom('general', { read: 4, ...room }), ME);
}

test('what mentions me, and what is said between a few people, is personal', () => {
  assert.equal(worth(mention), 'personal');
  assert.equal(worth({ mentionsRoom: true }), 'personal');
  assert.equal(worth({}, { kind: 'dm' }), 'personal');
  assert.equal(worth({}, { kind: 'group' }), 'personal');
  assert.equal(worth({}), 'any');
});

test('the level of a room decides', () => {
  assert.equal(worth({}, { level: 'mentions' }), null);
  assert.equal(worth(mention, { level: 'mentions' }), 'personal');
  assert.equal(worth({}, { level: 'mentions', kind: 'dm' }), null);
  assert.equal(worth(mention, { level: 'none' }), null);
  assert.equal(worth(mention, { quietUntil: 9 }), null);
});

test('nothing of my own, nothing read elsewhere, nothing deleted, nothing that nobody said', () => {
  assert.equal(worth({ from: { id: ME, name: 'Jo', role: 'member' }, mentionsRoom: true }), null);
  assert.equal(worth(mention, { read: 5 }), null);
  assert.equal(worth({ ...mention, deleted: { at: 1, by: { id: 1, name: 'Ann', role: 'member' } } }), null);
  assert.equal(worth({ kind: 'system', event: { what: 'joined' } }), null);
  assert.equal(worthOf(message(5), undefined, ME), null);
  assert.equal(worthOf(message(5), myRoom('general'), undefined), null);
});
