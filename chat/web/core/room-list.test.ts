import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS, type Message, type MyRoom } from '../../shared/events.ts';
import { countWaiting, mentions, RoomList } from './room-list.ts';
import { message, myRoom } from './testing.ts';

interface Bench {
  list: RoomList;
  counts: () => unknown;
  recounts: string[];
}

function bench(more: Partial<MyRoom> = {}): Bench {
  const recounts: string[] = [];
  const list = new RoomList(
    () => undefined,
    (slug) => recounts.push(slug),
  );
  list.replace([myRoom('general', { lastSeq: 10, read: 8, unread: 2, ...more })], 7);
  const counts = (): unknown => {
    const room = list.find('general');
    return [room?.lastSeq, room?.read, room?.unread, room?.mentions];
  };
  return { list, counts, recounts };
}

test('a message of somebody else is unread, and counted apart if it is for me', () => {
  const { list, counts } = bench();
  list.heard(message(11));
  list.heard(message(12, { mentions: [{ person: 7, as: 'Jo' }] }));
  assert.deepEqual(counts(), [12, 8, 4, 1]);
});

test('mine, what happened in the room, and what comes again are not unread', () => {
  const { list, counts } = bench();
  list.heard(message(11, { from: { id: 7, name: 'Jo', role: 'member' } }));
  list.heard(message(12, { kind: 'system', event: { what: 'joined' } }));
  list.heard(message(9, { rev: 40, body: 'edited' }));
  assert.deepEqual(counts(), [12, 8, 2, 0]);
});

test('what is unread is counted again by the server when it may count otherwise', () => {
  const { list, recounts } = bench({ mentions: 1 });
  const by = { id: 1, name: 'Ann', role: 'member' } as const;
  const heard = (seq: number, more: Partial<Message>): number => {
    list.heard(message(seq, { rev: 40, ...more }));
    return recounts.splice(0, Infinity).length;
  };
  assert.equal(heard(9, { deleted: { at: 1, by } }), 1);
  assert.equal(heard(9, {}), 1, 'restored');
  assert.equal(heard(9, { reactions: [{ emoji: '👍', people: [1] }] }), 0);
  assert.equal(heard(10, { edited: 1 }), 1, 'it may mention me now');
  assert.equal(heard(8, { deleted: { at: 1, by } }), 0, 'was read before');
  assert.equal(heard(10, { edited: 1, from: { id: 7, name: 'Jo', role: 'member' } }), 0, 'is mine');
});

test('counts no further than the server does', () => {
  const { list } = bench({ unread: LIMITS.unreadCount });
  list.heard(message(11));
  assert.equal(list.find('general')?.unread, LIMITS.unreadCount);
});

test('reading to the end empties the counts at once; the server says the rest', () => {
  const { list, counts } = bench({ mentions: 1 });
  list.readUpTo('general', 9);
  assert.deepEqual(counts(), [10, 9, 2, 1]);
  list.readUpTo('general', 10);
  assert.deepEqual(counts(), [10, 10, 0, 0]);
  list.readUpTo('general', 3);
  assert.deepEqual(counts(), [10, 10, 0, 0], 'and never backwards');
  list.read({ room: 'general', read: 4, unread: 6, mentions: 1 });
  assert.deepEqual(counts(), [10, 4, 6, 1], 'unless the server says so');
});

test('a change of the room leaves what is mine', () => {
  const { list } = bench();
  const { slug, kind, isDefault, lastSeq, rev } = myRoom('general', { lastSeq: 10 });
  list.changed({ slug, kind, isDefault, lastSeq, rev, name: 'Everybody', topic: 'new', archived: false });
  assert.deepEqual(
    [list.find('general')?.name, list.find('general')?.unread, list.find('general')?.level],
    ['Everybody', 2, 'all'],
  );
  list.left('general');
  list.heard(message(11));
  assert.deepEqual(list.rooms, []);
});

test('nobody is mentioned by a tombstone or by themselves', () => {
  const mention = { mentions: [{ person: 7, as: 'Jo' }] };
  const by = { id: 1, name: 'Ann', role: 'member' } as const;
  assert.equal(mentions(message(1, mention), 7), true);
  assert.equal(mentions(message(1, { ...mention, deleted: { at: 1, by } }), 7), false);
  assert.equal(mentions(message(1, { ...mention, from: { ...by, id: 7 } }), 7), false);
  assert.equal(mentions(message(1, mention), undefined), false);
});

test('a time of silence ends by itself', () => {
  let now = 1_000;
  let changes = 0;
  const list = new RoomList(
    () => changes++,
    () => undefined,
    () => now,
  );
  list.replace([myRoom('general', { kind: 'dm', unread: 2, quietUntil: 5_000 })], 7);
  const waiting = (): number => list.rooms.reduce((sum, room) => sum + countWaiting(room), 0);
  assert.equal(waiting(), 0);
  list.wake();
  assert.deepEqual([waiting(), changes], [0, 1], 'not yet');
  now = 5_000;
  list.wake();
  assert.deepEqual([waiting(), changes], [2, 2]);
  list.joined(myRoom('general', { kind: 'dm', unread: 2, quietUntil: 4_000 }));
  assert.equal(waiting(), 2, 'over when it was heard of');
});

test('news is what was said since the rooms were read, once', () => {
  const { list } = bench();
  assert.equal(list.heard(message(10)), false, 'counted in the list already');
  assert.equal(list.heard(message(11)), true);
  assert.equal(list.heard(message(11, { rev: 12, edited: 1 })), false, 'a change');
  assert.equal(list.heard(message(9, { rev: 13 })), false);
  assert.equal(list.heard(message(1, { room: 'elsewhere' })), false);
});

test('the first word of a conversation is news, though the room came with it', () => {
  const { list } = bench();
  list.joined(myRoom('dm-1-7', { kind: 'dm', lastSeq: 1, unread: 1 }));
  assert.equal(list.heard(message(1, { room: 'dm-1-7' })), true);
  assert.equal(list.find('dm-1-7')?.unread, 1, 'and is not counted twice');
  list.joined(myRoom('dm-1-7', { kind: 'dm', lastSeq: 1, unread: 1 }));
  assert.equal(list.heard(message(1, { room: 'dm-1-7', rev: 2 })), false);
});
