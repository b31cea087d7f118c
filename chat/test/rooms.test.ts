/** Rooms: who sees them, who is in them, and who learns of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hello, ListedRoom, Member, Message, MyRoom, Person, Room } from '../shared/events.ts';
import {
  type Client,
  type RunningChat,
  ask,
  asked,
  enter,
  heard,
  listen,
  newNonce,
  postJson,
  readCookie,
  runChat,
} from './running-chat.ts';

async function member(
  chat: RunningChat,
  name: string,
): Promise<{ id: number; client: Client; cookie: string }> {
  const guest = await chat.signIn(name);
  const made = await postJson(
    `${chat.url}/api/account`,
    { password: 'long enough for us' },
    { cookie: guest.cookie },
  );
  const cookie = readCookie(made);
  const client = await chat.connect({ cookie });
  await hello(client);
  return { id: guest.me.id, client, cookie };
}

const hello = (client: Client): Promise<Hello & { ok: true }> => asked<Hello>(client, 'hello', {});
const make = async (by: Client, name: string, kind = 'public', more = {}): Promise<MyRoom> =>
  (await asked<{ room: MyRoom }>(by, 'create room', { name, kind, ...more })).room;
const say = async (client: Client, room: string, body: string): Promise<Message> =>
  (await asked<{ message: Message }>(client, 'send', { room, nonce: newNonce(), body })).message;
const events = (messages: readonly Message[]): string[] =>
  messages.map((message) => message.event?.what ?? message.body);

test('a public room is found, joined and left; its members learn of it', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const bob = await member(chat, 'Bob');
  const room = await make(ada.client, ' Tea  time ', 'public', { topic: 'All about tea' });
  assert.partialDeepStrictEqual(room, {
    slug: 'tea-time',
    name: 'Tea time',
    topic: 'All about tea',
    host: true,
  });
  const { rooms } = await asked<{ rooms: ListedRoom[] }>(bob.client, 'rooms', {});
  assert.deepEqual(
    rooms.map(({ slug, members, joined }) => [slug, members, joined]),
    [
      ['general', 2, true],
      ['tea-time', 1, false],
    ],
  );
  assert.partialDeepStrictEqual(
    await ask(bob.client, 'send', { room: 'tea-time', nonce: newNonce(), body: 'x' }),
    { code: 'not allowed' },
    'reading is for everybody, speaking for members',
  );
  assert.deepEqual(
    (await asked<{ messages: Message[] }>(bob.client, 'history', { room: 'tea-time', after: 0 })).messages
      .length,
    1,
  );

  const bobsPhone = await chat.connect({ cookie: bob.cookie });
  await hello(bobsPhone);
  const news = Promise.all([
    heard(ada.client, 'member'),
    heard(ada.client, 'message'),
    heard(bobsPhone, 'joined'),
  ]);
  await asked(bob.client, 'join', { room: 'tea-time' });
  const [came, joined, onPhone] = await news;
  assert.partialDeepStrictEqual(came, { room: 'tea-time', person: { name: 'Bob' }, joined: true });
  assert.deepEqual(joined.event, { what: 'joined' });
  assert.equal(onPhone.slug, 'tea-time');
  const phoneHears = heard(bobsPhone, 'message');
  await say(ada.client, 'tea-time', 'welcome');
  assert.equal((await phoneHears).body, 'welcome', 'all devices of a new member listen at once');

  const left = heard(bobsPhone, 'left');
  await asked(bob.client, 'leave', { room: 'tea-time' });
  assert.deepEqual(await left, { room: 'tea-time' });
  const bobHears = listen(bobsPhone, 'message');
  await say(ada.client, 'tea-time', 'he is gone');
  await hello(bobsPhone);
  assert.deepEqual(bobHears, []);
  const { slug } = await make(bob.client, 'Den');
  assert.equal(slug, 'den', 'no number tells him that there is another');
  assert.partialDeepStrictEqual(await ask(bob.client, 'leave', { room: 'general' }), { code: 'invalid' });
  const entered = await asked<{ messages: Message[] }>(ada.client, 'enter', { room: 'tea-time' });
  assert.deepEqual(events(entered.messages), ['created', 'joined', 'welcome', 'left', 'he is gone']);
});

test('a private room does not exist for others, whatever they ask', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const bob = await member(chat, 'Bob');
  const den = (await make(ada.client, 'Den', 'private')).slug;
  const { seq } = await say(ada.client, den, 'secret');
  const bobHears = listen(bob.client, 'message');
  const asks: [string, object][] = [
    ['enter', {}],
    ['history', { before: 9 }],
    ['days', { edges: [0, 1] }],
    ['read', { seq }],
    ['send', { nonce: newNonce(), body: 'x' }],
    ['edit', { seq, body: 'x' }],
    ['delete', { seq }],
    ['restore', { seq }],
    ['react', { seq, emoji: '👍', on: true }],
    ['revisions', { seq }],
    ['pin', { seq, on: true }],
    ['pins', {}],
    ['save', { seq, on: true }],
    ['saved in', {}],
    ['change room', { topic: 'x' }],
    ['join', {}],
    ['leave', {}],
    ['add', { people: [bob.id] }],
    ['remove', { person: ada.id }],
    ['level', { level: 'none' }],
    ['members', {}],
    ['people', {}],
    ['invite', {}],
    ['typing', {}],
  ];
  for (const [event, more] of asks) {
    assert.partialDeepStrictEqual(
      await ask(bob.client, event, { room: den, ...more }),
      { code: 'no such room' },
      event,
    );
  }
  const headers = { cookie: bob.cookie };
  for (const path of ['', '/messages', '/members', '/messages?rev=0']) {
    assert.equal((await fetch(`${chat.url}/api/rooms/${den}${path}`, { headers })).status, 404, path);
  }
  const found = await fetch(`${chat.url}/api/search?query=secret`, { headers });
  assert.deepEqual(((await found.json()) as { messages: Message[] }).messages, []);
  assert.deepEqual(bobHears, []);
  const { slug } = await make(bob.client, 'Den');
  assert.equal(slug, 'den', 'no number tells him that there is another');

  const joined = heard(bob.client, 'joined');
  const { added } = await asked<{ added: Person[] }>(ada.client, 'add', {
    room: den,
    people: [bob.id, bob.id, 99],
  });
  assert.deepEqual(
    added.map((person) => person.name),
    ['Bob'],
  );
  assert.equal((await joined).slug, den);
  await say(bob.client, den, 'thanks');
  assert.partialDeepStrictEqual(await ask(bob.client, 'remove', { room: den, person: ada.id }), {
    code: 'not allowed',
  });
  const left = heard(bob.client, 'left');
  await asked(ada.client, 'remove', { room: den, person: bob.id });
  await left;
  assert.partialDeepStrictEqual(await ask(bob.client, 'history', { room: den, before: 9 }), {
    code: 'no such room',
  });
});

test('two people have one conversation, and the other sees it when something is said', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const bob = await member(chat, 'Bob');
  const cy = await member(chat, 'Cy');
  const open = async (by: Client, people: number[]): Promise<MyRoom> =>
    (await asked<{ room: MyRoom }>(by, 'direct', { people })).room;
  const room = await open(ada.client, [bob.id]);
  assert.deepEqual([room.kind, room.people?.map((one) => one.name).sort()], ['dm', ['Ada', 'Bob']]);
  assert.equal((await hello(bob.client)).rooms.length, 1);
  const shown = heard(bob.client, 'joined');
  const heardByBob = heard(bob.client, 'message');
  await say(ada.client, room.slug, 'psst');
  assert.partialDeepStrictEqual(await shown, { slug: room.slug, unread: 1 });
  assert.equal((await heardByBob).body, 'psst');
  assert.equal((await open(bob.client, [ada.id])).slug, room.slug);
  assert.partialDeepStrictEqual(await ask(cy.client, 'enter', { room: room.slug }), { code: 'no such room' });
  assert.partialDeepStrictEqual(await ask(ada.client, 'direct', { people: [ada.id] }), { code: 'invalid' });
  assert.partialDeepStrictEqual(await ask(ada.client, 'direct', { people: [99] }), {
    code: 'no such person',
  });
  for (const [event, more] of [
    ['change room', { topic: 'x' }],
    ['add', { people: [cy.id] }],
    ['leave', {}],
  ] as const) {
    assert.equal((await ask(ada.client, event, { room: room.slug, ...more })).ok, false, event);
  }
  const group = await open(cy.client, [ada.id, bob.id]);
  assert.equal(group.kind, 'group');
  const guest = await chat.connect({ cookie: (await chat.signIn('Gus')).cookie });
  assert.partialDeepStrictEqual(await ask(guest, 'direct', { people: [ada.id, bob.id] }), {
    code: 'not allowed',
  });
  await open(guest, [ada.id]);
});

test('topic, name and archive are for those with the right, and everybody in the room sees the change', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const bob = await member(chat, 'Bob');
  await make(ada.client, 'Tea', 'public', { people: [bob.id] });
  const change = (by: Client, what: object) =>
    ask<{ room: Room }>(by, 'change room', { room: 'tea', ...what });
  const seen = heard(ada.client, 'room');
  assert.partialDeepStrictEqual(await change(bob.client, { topic: 'Green' }), { room: { topic: 'Green' } });
  assert.equal((await seen).topic, 'Green');
  assert.partialDeepStrictEqual(await change(bob.client, { name: 'Coffee' }), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await change(bob.client, { archived: true }), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await change(ada.client, { name: 'Coffee', archived: true }), {
    room: { slug: 'tea', name: 'Coffee', archived: true },
  });
  for (const [event, more] of [
    ['send', { nonce: newNonce(), body: 'x' }],
    ['react', { seq: 1, emoji: '👍', on: true }],
    ['add', { people: [1] }],
    ['change room', { topic: 'x' }],
  ] as const) {
    assert.partialDeepStrictEqual(
      await ask(ada.client, event, { room: 'tea', ...more }),
      { code: 'archived' },
      event,
    );
  }
  const { messages } = await asked<{ messages: Message[] }>(bob.client, 'enter', { room: 'tea' });
  assert.deepEqual(events(messages), ['created', 'added', 'topic', 'renamed', 'archived']);
  await asked(ada.client, 'change room', { room: 'tea', archived: false });
  await say(bob.client, 'tea', 'open again');
  assert.partialDeepStrictEqual(await ask(ada.client, 'change room', { room: 'general', archived: true }), {
    ok: false,
  });
});

test('members are listed with who is here, and coming and going is told', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const bobIs = await chat.signIn('Bob');
  const members = async (): Promise<[string, boolean][]> =>
    (await asked<{ members: Member[] }>(ada.client, 'members', { room: 'general' })).members.map((one) => [
      one.person.name,
      one.online,
    ]);
  assert.deepEqual(await members(), [
    ['Ada', true],
    ['Bob', false],
  ]);
  const presence = listen(ada.client, 'presence');
  const bob = await chat.connect({ cookie: bobIs.cookie });
  while (!presence.some((news) => news.came.includes(bobIs.me.id))) await heard(ada.client, 'presence');
  assert.deepEqual(
    (await hello(ada.client)).online.sort((a, b) => a - b),
    [ada.id, bobIs.me.id],
  );
  bob.disconnect();
  while (!presence.some((news) => news.went.includes(bobIs.me.id))) await heard(ada.client, 'presence');
  const renamed = heard(ada.client, 'person');
  await postJson(`${chat.url}/api/session`, { name: 'Robert' }, { cookie: bobIs.cookie });
  assert.deepEqual(await renamed, { id: bobIs.me.id, name: 'Robert', role: 'guest' });
  const { people } = await asked<{ people: Person[] }>(ada.client, 'people', {
    like: 'rob',
    room: 'general',
  });
  assert.deepEqual(
    people.map((person) => person.name),
    ['Robert'],
  );
});

test('a person’s devices show the same rooms, read marks and levels', async (context) => {
  const chat = await runChat(context);
  const ada = await member(chat, 'Ada');
  const phone = await chat.connect({ cookie: ada.cookie });
  await hello(phone);
  const bob = await member(chat, 'Bob');
  for (const body of ['one', 'two @Ada', 'three']) await say(bob.client, 'general', body);
  const general = async (): Promise<MyRoom | undefined> => (await hello(phone)).rooms[0];
  assert.partialDeepStrictEqual(await general(), { read: 0, unread: 3, mentions: 1 });
  let told = heard(phone, 'read');
  await asked(ada.client, 'read', { room: 'general', seq: 2 });
  assert.deepEqual(await told, { room: 'general', read: 2, unread: 1, mentions: 0 });
  await asked(ada.client, 'read', { room: 'general', seq: 1 });
  assert.equal((await general())?.read, 2);
  told = heard(phone, 'read');
  await asked(ada.client, 'read', { room: 'general', seq: 0, back: true });
  assert.partialDeepStrictEqual(await general(), { read: 0, unread: 3, mentions: 1 });
  await asked(ada.client, 'read all', {});
  assert.partialDeepStrictEqual(await general(), { read: 3, unread: 0, mentions: 0 });
  const joined = heard(phone, 'joined');
  await asked(ada.client, 'level', { room: 'general', level: 'mentions' });
  assert.equal((await joined).level, 'mentions');
  const silenced = heard(phone, 'joined');
  await asked(ada.client, 'level', { room: 'general', quietUntil: 5_000 });
  assert.partialDeepStrictEqual(await silenced, { level: 'mentions', quietUntil: 5_000 });
  const quiet = { from: 22 * 60, to: 7 * 60, zone: 'Europe/Berlin' };
  const me = heard(phone, 'me');
  await asked(ada.client, 'quiet hours', { quiet });
  assert.deepEqual((await me).quiet, quiet);
  assert.deepEqual((await hello(phone)).me?.quiet, quiet);
  const faults = [
    { to: 1_440 },
    { from: -1 },
    { from: 420 },
    { to: 0.5 },
    { zone: 'Mars/Olympus' },
    { zone: 7 },
  ];
  for (const fault of faults) {
    const answer = await ask(ada.client, 'quiet hours', { quiet: { ...quiet, ...fault } });
    assert.partialDeepStrictEqual(answer, { code: 'invalid' }, JSON.stringify(fault));
  }
  await asked(ada.client, 'quiet hours', { quiet: null });
  assert.equal((await hello(phone)).me?.quiet, undefined);
  told = heard(phone, 'read');
  await say(ada.client, 'general', 'mine');
  assert.deepEqual(await told, { room: 'general', read: 4, unread: 0, mentions: 0 });
  await enter(phone);
});
