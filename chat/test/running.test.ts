/** What owner and admins decide for everybody: rooms for newcomers, a colour, and who has the chat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../shared/limits.ts';
import type { ChatInfo, Deed, Hello, Me, MyRoom } from '../shared/events.ts';
import { type Client, ask, asked, heard, runChat } from './running-chat.ts';
import { call, claim, member, PASSWORD } from './visitors.ts';

const make = async (by: Client, name: string, kind = 'public'): Promise<string> =>
  (await asked<{ room: MyRoom }>(by, 'create room', { name, kind })).room.slug;
const rooms = async (client: Client): Promise<string[]> =>
  (await asked<Hello>(client, 'hello', {})).rooms.map(({ slug }) => slug).toSorted();

test('newcomers are in the rooms that were chosen for them; nobody is brought back', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const bob = await chat.connect({ cookie: (await member(chat, 'Bob')).cookie });
  const [tea, news] = [await make(olga, 'Tea'), await make(olga, 'News')];
  const den = await make(olga, 'Den', 'private');
  await asked(bob, 'hello', {});
  await asked(bob, 'join', { room: tea });

  const told = heard(bob, 'room');
  await asked(olga, 'configure', { rooms: [tea, news] });
  assert.partialDeepStrictEqual(await told, { slug: tea, isDefault: true });
  assert.deepEqual(await rooms(bob), ['general', 'tea'], 'who is here stays where they are');
  const gus = await chat.connect({ cookie: (await chat.signIn('Gus')).cookie });
  assert.deepEqual(await rooms(gus), ['general', 'news', 'tea']);
  await asked(gus, 'leave', { room: news });
  await asked(olga, 'configure', { rooms: [news] });
  assert.deepEqual(await rooms(gus), ['general', 'tea']);
  assert.partialDeepStrictEqual(await ask(gus, 'leave', { room: 'general' }), { why: 'nobody leaves' });

  const tooMany = Array.from({ length: LIMITS.defaultRooms + 1 }, (_, index) => `room-${index}`);
  for (const [wanted, code] of [
    [[den], 'no such room'],
    [['nowhere'], 'no such room'],
    [tooMany, 'too many'],
    ['tea', 'invalid'],
    [[1], 'invalid'],
    [null, 'invalid'],
  ] as const) {
    assert.partialDeepStrictEqual(await ask(olga, 'configure', { name: 'X', rooms: wanted }), { code });
  }
  assert.partialDeepStrictEqual(await ask(bob, 'configure', { rooms: [] }), { code: 'not allowed' });
  await asked(olga, 'change room', { room: news, archived: true });
  assert.partialDeepStrictEqual(await ask(olga, 'configure', { rooms: [news] }), { code: 'archived' });
  const dee = await chat.connect({ cookie: (await chat.signIn('Dee')).cookie });
  assert.deepEqual(await rooms(dee), ['general']);
});

test('the colour that was chosen is told to all at once, and to who comes later; it is one of a few', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const visitor = await chat.connect();
  await asked(visitor, 'enter', { room: 'general' });
  const told = heard(visitor, 'chat');
  await asked(olga, 'configure', { accent: 'blue' });
  assert.equal((await told).accent, 'blue');
  assert.equal((await call<ChatInfo>(chat, 'GET', '/api/chat', undefined)).value.accent, 'blue');
  for (const accent of ['red; }', '', 1, null]) {
    assert.partialDeepStrictEqual(await ask(olga, 'configure', { accent }), { code: 'invalid' });
  }
  const { deeds } = await asked<{ deeds: Deed[] }>(olga, 'deeds', {});
  assert.equal(deeds[0]?.detail, 'accent blue');
});

test('the chat is handed over with the password of who has one, and guessing it has an end', async (context) => {
  const chat = await runChat(context, { floodLimits: { signingInAs: { burst: 3, perSecond: 0.001 } } });
  const ownerIs = await claim(chat);
  const adaIs = await member(chat, 'Ada');
  const gus = await chat.signIn('Gus');
  const set = await call<{ me: Me }>(chat, 'POST', '/api/account', { password: PASSWORD }, ownerIs.cookie);
  const olga = await chat.connect({ cookie: set.cookie });
  const ada = await chat.connect({ cookie: adaIs.cookie });
  await asked(ada, 'hello', {});
  const give = (person: number, password?: string): Promise<object> =>
    ask(olga, 'give role', { person, role: 'owner', ...(password !== undefined && { password }) });

  assert.partialDeepStrictEqual(await give(gus.me.id, PASSWORD), { code: 'not allowed', why: 'no heir' });
  for (const wrong of [undefined, 'something else']) {
    const answer = await give(adaIs.me.id, wrong);
    assert.partialDeepStrictEqual(answer, { code: 'wrong password', why: 'not your password' });
  }
  const told = heard(ada, 'me');
  assert.partialDeepStrictEqual(await give(adaIs.me.id, PASSWORD), { ok: true, person: { role: 'owner' } });
  assert.equal((await told).role, 'owner');
  assert.equal((await asked<Hello>(olga, 'hello', {})).me?.role, 'admin');

  const back = (password: string): Promise<object> =>
    ask(ada, 'give role', { person: ownerIs.me.id, role: 'owner', password });
  for (let guess = 0; guess < 3; guess += 1) {
    assert.partialDeepStrictEqual(await back(`guess number ${guess}`), { code: 'wrong password' });
  }
  assert.partialDeepStrictEqual(await back(PASSWORD), { code: 'too fast' });
});
