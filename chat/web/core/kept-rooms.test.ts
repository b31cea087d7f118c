import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Me } from '../../shared/events.ts';
import { KeptRooms, type KeptHello, type KeptRoom } from './kept-rooms.ts';
import type { RecordShelf } from './records.ts';
import { memoryRecords, message, messages, myRoom } from './testing.ts';

const DAY_MS = 24 * 60 * 60_000;
const ann: Me = { id: 7, name: 'Ann', role: 'member', hasPassword: true };
const bob: Me = { id: 8, name: 'Bob', role: 'member', hasPassword: true };

const helloWith = (slugs: readonly string[], me: Me = ann): KeptHello => ({
  me,
  chat: { name: 'Chat', accent: 'green', entry: 'open', claimable: false },
  rooms: slugs.map((slug) => myRoom(slug)),
});

/** A room with so many messages, as new as its last. */
function room(slug: string, count: number, body = 'hi'): KeptRoom {
  const list = messages(1, count).map((one) => ({ ...one, room: slug, body }));
  return { room: myRoom(slug, { rev: count, lastSeq: count }), messages: list, older: false };
}

async function bench(me: Me = ann) {
  const shelf = memoryRecords();
  const clock = { now: 0 };
  const kept = new KeptRooms(shelf, () => clock.now);
  await kept.belongTo(me.id);
  const rooms = (): string[] => [...shelf.kept.keys()].filter((key) => key.startsWith('room ')).sort();
  return { shelf, kept, clock, rooms };
}

test('what is kept comes back: the list, and each room as it was', async () => {
  const { kept } = await bench();
  await kept.keep(helloWith(['a', 'b']), [room('a', 3)]);
  assert.deepEqual(await kept.hello(7), helloWith(['a', 'b']));
  assert.deepEqual(await kept.room(7, 'a'), room('a', 3));
  assert.equal(await kept.room(7, 'b'), undefined);
});

test('at most twenty rooms: the one looked at longest ago goes', async () => {
  const { kept, rooms } = await bench();
  const slugs = Array.from({ length: 22 }, (_, index) => `r${index + 10}`);
  for (const slug of slugs.slice(0, 20)) await kept.keep(helloWith(slugs), [room(slug, 1)]);
  await kept.keep(helloWith(slugs), [room('r10', 2)]);
  await kept.keep(helloWith(slugs), [room('r30', 1), room('r31', 1)]);
  assert.equal(rooms().length, 20);
  assert.equal(await kept.room(7, 'r11'), undefined);
  assert.equal(await kept.room(7, 'r12'), undefined);
  assert.equal((await kept.room(7, 'r10'))?.messages.length, 2);
});

test('at most fifty messages of a room, and a hundred thousand characters: the newest', async () => {
  const { kept } = await bench();
  await kept.keep(helloWith(['a']), [room('a', 60)]);
  const many = await kept.room(7, 'a');
  assert.deepEqual([many?.messages.length, many?.messages[0]?.seq, many?.older], [50, 11, true]);
  await kept.keep(helloWith(['a']), [room('a', 60, 'x'.repeat(4_000))]);
  const long = await kept.room(7, 'a');
  assert.deepEqual([long?.messages.length, long?.messages.at(-1)?.seq], [24, 60]);
});

test('of more rooms than can be listed nothing is kept: half a list would be a lie', async () => {
  const { kept, rooms } = await bench();
  await kept.keep(helloWith(['r0']), [room('r0', 1)]);
  const slugs = Array.from({ length: 1_001 }, (_, index) => `r${index}`);
  await kept.keep(helloWith(slugs), [room('r0', 1)]);
  assert.deepEqual([rooms(), await kept.hello(7)], [[], undefined]);
});

test('a room that one has left goes', async () => {
  const { kept, rooms } = await bench();
  await kept.keep(helloWith(['a', 'b']), [room('a', 1), room('b', 1)]);
  await kept.keep(helloWith(['b']), [room('a', 1)]);
  assert.deepEqual(rooms(), ['room b']);
  assert.equal(await kept.room(7, 'a'), undefined);
});

test('signed out, or somebody else: nothing is left', async () => {
  for (const next of [null, bob.id]) {
    const { kept, shelf } = await bench();
    await kept.keep(helloWith(['a']), [room('a', 1)]);
    assert.equal(await kept.belongTo(next), true);
    assert.deepEqual([...shelf.kept], next === null ? [] : [['start', { person: 8 }]]);
    assert.deepEqual(
      [await kept.hello(7), await kept.room(7, 'a'), await kept.hello(8)],
      Array(3).fill(undefined),
    );
  }
});

test('the same person again: all stays', async () => {
  const { kept } = await bench();
  await kept.keep(helloWith(['a']), [room('a', 1)]);
  await kept.belongTo(ann.id);
  assert.deepEqual(await kept.hello(7), helloWith(['a']));
});

test('a page that has not heard of the sign-out in another one writes nothing', async () => {
  const { kept, shelf } = await bench();
  const other = new KeptRooms(shelf);
  await other.belongTo(null);
  await kept.keep(helloWith(['a']), [room('a', 1)]);
  await kept.heard(7, [message(1)]);
  assert.equal(shelf.kept.size, 0);
  await other.belongTo(bob.id);
  await kept.keep(helloWith(['a']), [room('a', 1)]);
  assert.deepEqual([...shelf.kept], [['start', { person: 8 }]]);
});

test('what is kept for one is not shown to another', async () => {
  const { kept } = await bench();
  await kept.keep(helloWith(['a']), [room('a', 1)]);
  assert.deepEqual([await kept.hello(8), await kept.room(8, 'a')], [undefined, undefined]);
});

test('what is older than a session can be is not shown', async () => {
  const { kept, clock } = await bench();
  await kept.keep(helloWith(['a']), [room('a', 1)]);
  clock.now = 30 * DAY_MS;
  assert.ok(await kept.hello(7));
  clock.now += 1;
  assert.equal(await kept.hello(7), undefined);
});

test('a room that is not on the page goes on while nothing is missing between', async () => {
  const { kept } = await bench();
  await kept.keep(helloWith(['a']), [room('a', 2)]);
  const said = (seq: number, rev: number, body: string) => message(seq, { rev, room: 'a', body });
  const look = async () => {
    const { room: { rev, lastSeq } = myRoom(''), messages: list = [] } = (await kept.room(7, 'a')) ?? {};
    return [rev, lastSeq, list.map(({ seq, body }) => `${seq} ${body}`)];
  };
  await kept.heard(7, [said(3, 3, 'next'), said(1, 4, 'edited'), message(1)]);
  assert.deepEqual(await look(), [4, 3, ['1 edited', '2 hi', '3 next']]);
  await kept.heard(7, [said(9, 9, 'after a gap')]);
  assert.deepEqual(await look(), [4, 3, ['1 edited', '2 hi', '3 next']]);
  await kept.heard(7, [said(2, 10, ''), said(1, 3, 'late')]);
  assert.deepEqual(await look(), [4, 3, ['1 edited', '2 ', '3 next']], 'what was taken back is not kept');
});

test('a browser that keeps nothing does no harm', async () => {
  const shelf: RecordShelf = { use: async () => Promise.reject(new Error('QuotaExceededError')) };
  const kept = new KeptRooms(shelf);
  assert.equal(await kept.belongTo(7), false);
  await kept.keep(helloWith(['a']), [room('a', 1)]);
  await kept.heard(7, [message(1)]);
  assert.deepEqual([await kept.hello(7), await kept.room(7, 'a')], [undefined, undefined]);
});
