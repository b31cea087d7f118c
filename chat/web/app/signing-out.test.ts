/** Whoever comes after somebody on the same page, or in the same browser, finds nothing of them. */
import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import type { Me } from '../../shared/events.ts';
import { KeptRooms } from '../core/kept-rooms.ts';
import { memoryStorage } from '../core/storage.ts';
import { entered, memoryRecords, message, messages, myRoom, room, settle } from '../core/testing.ts';
import { keepRooms } from './keeping-rooms.ts';
import { greet, openApp, type Bench } from './testing.ts';

const ann: Me = { id: 7, name: 'Ann', role: 'member', hasPassword: true };
const guest: Me = { id: 9, name: 'Gil', role: 'guest', hasPassword: false };
const secret = myRoom('secret-4', { kind: 'private', name: 'Secret' });
const rooms = [myRoom('general'), secret];

/** In a private room, with a draft there and something that was not sent. */
async function inSecret(context: TestContext, me: Me = ann): Promise<Bench> {
  const bench = openApp(context, { path: '/r/secret-4' });
  const { app, wire, drawn } = bench;
  await greet(bench, { me, rooms });
  const said = messages(1, 3).map((one) => ({ ...one, room: 'secret-4' }));
  wire
    .asked('enter')
    .at(-1)
    ?.answer({ ok: true, ...entered(said, { room: secret }) });
  await drawn();
  app.composing.write('a draft');
  mock.timers.tick(300);
  app.outbox.close();
  app.sending.say({ room: 'secret-4', body: 'not sent' });
  app.search.typed.value = 'needle';
  void app.search.run();
  wire.asked('search').at(-1)?.answer({ ok: true, messages: said, cursor: null, phrases: [], unclear: [] });
  await drawn();
  assert.ok(app.conversation.value?.rows.value.some((row) => row.kind === 'message'));
  assert.equal(app.search.hits.value.length, 3);
  assert.deepEqual(kept(bench), ['draft:7:secret-4', 'last-room', 'outbox'].map(asOf(me)));
  return bench;
}

const asOf =
  ({ id }: Me) =>
  (key: string): string =>
    key.replace('7', String(id));

function kept({ storage }: Bench): string[] {
  return storage
    .keys()
    .map((key) => key.replace(/^outbox:.*/u, 'outbox'))
    .sort();
}

function hasNothing(bench: Bench): void {
  const { app, history } = bench;
  assert.equal(history.path, '/r/general');
  assert.equal(app.conversation.value?.slug, 'general');
  assert.deepEqual(app.conversation.value.rows.value, []);
  assert.ok(!app.conversationOf('secret-4'));
  assert.deepEqual([app.rooms.value, [...app.draftRooms.value], app.composing.text.value], [[], [], '']);
  assert.deepEqual([app.search.hits.value, app.search.typed.value], [[], '']);
  assert.equal(app.people.find(1), undefined);
  assert.doesNotMatch(app.title.value, /Secret/);
}

test('signing out leaves nothing on the page, and of what is stored only what its author may still send', async (context) => {
  const bench = await inSecret(context);
  bench.app.becameSomeone(null);
  hasNothing(bench);
  assert.deepEqual(kept(bench), ['last-room', 'outbox']);
  assert.equal(bench.storage.read('last-room'), 'general');
});

test('a guest cannot come back: what was not sent is gone, too', async (context) => {
  const bench = await inSecret(context, guest);
  bench.app.becameSomeone(null);
  assert.deepEqual(kept(bench), ['last-room']);
});

test('signed out on another device: likewise, and it is said', async (context) => {
  const bench = await inSecret(context);
  bench.wire.listeners?.heard('notice', { what: 'signed out' });
  hasNothing(bench);
  assert.match(bench.app.toasts.current.value?.text ?? '', /signed out/);
});

test('a session that ended while there was no connection: likewise', async (context) => {
  const bench = await inSecret(context);
  bench.wire.listeners?.closed(true);
  await greet(bench, { me: null, rooms: [] });
  hasNothing(bench);
});

test('what was not sent goes out when its author is back, and never as somebody else', async (context) => {
  const bench = await inSecret(context);
  const { app, wire } = bench;
  const sent = (): string[] => wire.asked('send').map(({ ask }) => ask.body);
  const come = async (me: Me): Promise<void> => {
    app.becameSomeone(me);
    await greet(bench, { me, rooms });
    for (const one of wire.asked('enter')) one.answer({ ok: true, ...entered([], { room: room(0) }) });
    await bench.drawn();
  };
  await come(guest);
  app.places.toRoom('secret-4');
  await bench.drawn();
  assert.deepEqual([sent(), app.conversation.value?.rows.value], [[], []]);
  await come(ann);
  assert.deepEqual(sent(), ['not sent']);
});

test('whoever opens the page without a session finds nothing, and is not led to where somebody was', async (context) => {
  const storage = memoryStorage();
  storage.write('draft:7:secret-4', '{"text":"a draft"}');
  storage.write('last-room', 'secret-4');
  const bench = openApp(context, { storage });
  await greet(bench, { me: null });
  bench.wire.asked('enter')[0]?.answer({ ok: false, code: 'no such room', text: '' });
  await bench.drawn();
  hasNothing(bench);
  assert.deepEqual(kept(bench), ['last-room']);
});

test('taken out of a room, one keeps nothing of it, whether it is on the screen or not', async (context) => {
  for (const isOnScreen of [true, false]) {
    const bench = await inSecret(context);
    const { app, wire } = bench;
    if (!isOnScreen) app.places.toRoom('general');
    wire.listeners?.heard('left', { room: 'secret-4' });
    await bench.drawn();
    assert.equal(app.conversation.value?.slug, 'general');
    assert.ok(!app.conversationOf('secret-4'));
    assert.deepEqual(kept(bench), ['last-room']);
    mock.timers.reset();
  }
});

test('taken out of a room without a connection: likewise after the next hello', async (context) => {
  const bench = await inSecret(context);
  bench.wire.listeners?.closed(true);
  await greet(bench, { me: ann, rooms: [myRoom('general')] });
  assert.ok(!bench.app.conversationOf('secret-4'));
  assert.deepEqual(kept(bench), ['last-room']);
});

test('a room that cannot be entered any more shows nothing of what was read there', async (context) => {
  const bench = openApp(context, { path: '/r/open-2' });
  const { app, wire, drawn } = bench;
  await greet(bench, { me: ann, rooms: [myRoom('general')] });
  const said = messages(1, 3).map((one) => ({ ...one, room: 'open-2' }));
  wire.asked('enter')[0]?.answer({ ok: true, ...entered(said) });
  await drawn();
  assert.notEqual(app.conversation.value?.rows.value.length, 0);
  wire.listeners?.closed(true);
  await greet(bench, { me: ann, rooms: [myRoom('general')] });
  wire.asked('enter')[1]?.answer({ ok: false, code: 'no such room', text: '' });
  await drawn();
  assert.deepEqual(app.conversation.value?.rows.value, []);
  assert.equal(app.conversation.value?.refusal.value?.code, 'no such room');
  assert.deepEqual(kept(bench), []);
});

test('giving a name keeps the room that was read without one', async (context) => {
  const bench = openApp(context, { path: '/r/general' });
  const { app, wire, drawn } = bench;
  await greet(bench, { me: null });
  wire.asked('enter')[0]?.answer({ ok: true, ...entered([message(1)]) });
  await drawn();
  const before = app.conversation.value?.rows.value;
  app.becameSomeone(ann);
  await drawn();
  assert.equal(app.conversation.value?.rows.value, before);
});

/** As `inSecret`, on a page that keeps its rooms for when the server is away; with what is kept. */
async function keepingSecret(context: TestContext, me: Me = ann) {
  const bench = await inSecret(context, me);
  const shelf = memoryRecords();
  keepRooms(bench.app, bench.storage, new KeptRooms(shelf));
  // A moment of quiet, then one of idleness.
  const rest = async (): Promise<void> => {
    await settle();
    for (const ms of [2_000, 1]) mock.timers.tick(ms);
    await settle();
    await settle();
  };
  await rest();
  assert.deepEqual([...shelf.kept.keys()], ['start', 'room secret-4']);
  assert.equal(bench.storage.read('kept-for'), String(me.id));
  return { bench, shelf, rest };
}

test('of the rooms that are kept nothing is left, however one was signed out', async (context) => {
  const ways: ((bench: Bench) => unknown)[] = [
    ({ app }) => app.becameSomeone(null),
    ({ wire }) => wire.listeners?.heard('notice', { what: 'signed out' }),
    async (bench) => {
      bench.wire.listeners?.closed(true);
      await greet(bench, { me: null, rooms: [] });
    },
    ({ app }) => app.becameSomeone(guest),
  ];
  for (const [index, way] of ways.entries()) {
    const { bench, shelf, rest } = await keepingSecret(context);
    const wayOut = way(bench);
    // At once: what has to be waited for may never come.
    if (!(wayOut instanceof Promise)) assert.equal(bench.storage.read('kept-for'), undefined);
    await wayOut;
    await rest();
    assert.deepEqual([...shelf.kept], index === 3 ? [['start', { person: guest.id }]] : []);
    assert.equal(bench.storage.read('kept-for'), index === 3 ? String(guest.id) : undefined);
    mock.timers.reset();
  }
});

test('taken out of a room, one keeps nothing of it for later either', async (context) => {
  const { bench, shelf, rest } = await keepingSecret(context);
  bench.wire.listeners?.heard('left', { room: 'secret-4' });
  await rest();
  assert.deepEqual([...shelf.kept.keys()], ['start']);
  assert.doesNotMatch(JSON.stringify([...shelf.kept]), /secret/i);
});

test('whoever opens the page without a session finds no rooms that were kept for somebody', async (context) => {
  const shelf = memoryRecords();
  shelf.kept.set('start', { person: 7, at: 0, hello: {}, rooms: ['secret-4'] }).set('room secret-4', {});
  const storage = memoryStorage();
  storage.write('kept-for', '7');
  const bench = openApp(context, { storage });
  keepRooms(bench.app, storage, new KeptRooms(shelf));
  await settle();
  assert.equal(shelf.kept.size, 2, 'not before it is known who is here');
  await greet(bench, { me: null });
  assert.deepEqual([shelf.kept.size, storage.read('kept-for')], [0, undefined]);
});
