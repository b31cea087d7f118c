/** What can be done to a message, by whom, and who sees it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Found,
  type Hello,
  type History,
  LIMITS,
  type Mentions,
  type Message,
  type MyRoom,
  type Revision,
} from '../shared/events.ts';
import {
  type Client,
  ask,
  asked,
  bodies,
  enter,
  heard,
  listen,
  newNonce,
  postJson,
  readCookie,
  runChat,
  say,
} from './running-chat.ts';
import { claim } from './visitors.ts';

const at = { room: 'general', seq: 1 };
type One = { message: Message };

test('an edit is seen by all, also by who was away; the old words are kept', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  const { room } = await enter(bob);
  await Promise.all([heard(bob, 'message'), say(ada, 'frist')]);
  const seen = heard(bob, 'message');
  const { message } = await asked<One>(ada, 'edit', { ...at, body: 'first' });
  assert.partialDeepStrictEqual(message, { seq: 1, rev: 2, body: 'first' });
  assert.ok((message.edited ?? 0) >= message.at);
  assert.deepEqual(await seen, message);
  assert.deepEqual((await enter(bob, room.rev)).messages, [message]);
  const { revisions } = await asked<{ revisions: Revision[] }>(bob, 'revisions', at);
  assert.deepEqual(
    revisions.map((revision) => revision.body),
    ['frist'],
  );
  assert.partialDeepStrictEqual(await ask(bob, 'edit', { ...at, body: 'mine now' }), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await ask(ada, 'edit', { ...at, seq: 9, body: 'x' }), {
    code: 'no such message',
  });
  assert.partialDeepStrictEqual(await ask(ada, 'edit', { ...at, body: ' ' }), { code: 'invalid' });
});

test('a deleted message is a tombstone, and comes back if its deleter is quick', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  await enter(bob);
  await say(ada, 'oops');
  assert.partialDeepStrictEqual(await ask(bob, 'delete', at), { code: 'not allowed' });
  const seen = heard(bob, 'message');
  const { message } = await asked<One>(ada, 'delete', at);
  assert.partialDeepStrictEqual(message, { body: '', deleted: { by: { name: 'Ada' } } });
  assert.deepEqual(await seen, message);
  for (const [event, more] of [
    ['edit', { body: 'x' }],
    ['react', { emoji: '👍', on: true }],
  ] as const) {
    assert.partialDeepStrictEqual(await ask(ada, event, { ...at, ...more }), { code: 'no such message' });
  }
  assert.partialDeepStrictEqual(await ask(bob, 'restore', at), { code: 'not allowed' });
  now += LIMITS.undoMs;
  assert.equal((await asked<One>(ada, 'restore', at)).message.body, 'oops');
  await asked(ada, 'delete', at);
  now += LIMITS.undoMs + 1;
  assert.partialDeepStrictEqual(await ask(ada, 'restore', at), { code: 'gone' });
});

test('the owner may delete what others said, and only they may bring it back', async (context) => {
  const chat = await runChat(context);
  const claimed = await postJson(`${chat.url}/api/owner`, { name: 'Olga' });
  const olga = await chat.connect({ cookie: claimed.headers.getSetCookie()[0]?.split(';')[0] ?? '' });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  await say(ada, 'rude');
  await asked(olga, 'delete', at);
  assert.partialDeepStrictEqual(await ask(ada, 'restore', at), { code: 'not allowed' });
  await asked(olga, 'restore', at);
  const { code } = await asked<{ code: string }>(olga, 'invite', {});
  assert.ok(code);
});

test('reactions are counted once for each person, and a reply shows what it is about', async (context) => {
  const chat = await runChat(context);
  const adaIs = await chat.signIn('Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const bobIs = await chat.signIn('Bob');
  const bob = await chat.connect({ cookie: bobIs.cookie });
  await enter(bob);
  await say(ada, 'x'.repeat(500));
  const react = (by: Client, emoji: string, on = true) => asked<One>(by, 'react', { ...at, emoji, on });
  await react(ada, '👍');
  await react(ada, '👍');
  const { message } = await react(bob, '👍');
  assert.deepEqual(message.reactions, [{ emoji: '👍', people: [adaIs.me.id, bobIs.me.id] }]);
  assert.equal((await react(ada, '👍', false)).message.reactions?.[0]?.people.length, 1);
  assert.partialDeepStrictEqual(await ask(ada, 'react', { ...at, emoji: 'x'.repeat(99), on: true }), {
    code: 'too long',
  });

  const seen = heard(bob, 'message');
  const reply = await asked<One>(ada, 'send', {
    room: 'general',
    nonce: newNonce(),
    body: 'yes',
    replyTo: 1,
  });
  assert.deepEqual(reply.message.replyTo, {
    seq: 1,
    from: { id: adaIs.me.id, name: 'Ada', role: 'guest' },
    excerpt: 'x'.repeat(140),
  });
  assert.deepEqual((await seen).replyTo, reply.message.replyTo);
  const action = await asked<One>(ada, 'send', {
    room: 'general',
    nonce: newNonce(),
    body: 'waves',
    kind: 'action',
  });
  assert.equal(action.message.kind, 'action');
});

test('whoever is mentioned finds it in their inbox, by whatever they are called later', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const lovelace = await chat.signIn('Ada Lovelace');
  const fox = await chat.signIn('🦊');
  const ren = await chat.signIn('李小龙');
  const mentioned = async (body: string): Promise<string[]> =>
    ((await say(ada, body)).mentions ?? []).map(({ as }) => as);
  assert.deepEqual(await mentioned('hi @Ada Lovelace, how are you'), ['Ada Lovelace']);
  assert.deepEqual(await mentioned('(@ada lovelace!)'), ['ada lovelace']);
  assert.deepEqual(await mentioned('@Ada'), [], 'oneself is not news');
  assert.deepEqual(await mentioned('@🦊 and @李小龙。'), ['🦊', '李小龙']);
  assert.deepEqual(await mentioned('mail@🦊 or @nobody or @'), []);
  assert.deepEqual(await mentioned('@🦊 '.repeat(500)), ['🦊']);
  assert.equal((await say(ada, '@room lunch')).mentionsRoom, undefined, 'guests cannot');

  await postJson(`${chat.url}/api/session`, { name: 'Countess' }, { cookie: lovelace.cookie });
  const countess = await chat.connect({ cookie: lovelace.cookie });
  const { mentions } = await asked<Mentions>(countess, 'mentions', {});
  assert.deepEqual(
    mentions.map(({ message, seen }) => [message.body, seen]),
    [
      ['(@ada lovelace!)', false],
      ['hi @Ada Lovelace, how are you', false],
    ],
  );
  assert.deepEqual(mentions[1]?.message.mentions, [{ person: lovelace.me.id, as: 'Ada Lovelace' }]);
  for (const { cookie } of [fox, ren]) {
    assert.notEqual(
      (await asked<Mentions>(await chat.connect({ cookie }), 'mentions', {})).mentions.length,
      0,
    );
  }
});

test('in code and in quotes nobody is mentioned, and an edit mentions whom it adds, once', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  const { seq } = await say(ada, '> @Bob said\n\n`@Bob` and\n```\n@Bob\n```');
  const inbox = async (): Promise<string[]> =>
    bodies((await asked<Mentions>(bob, 'mentions', {})).mentions.map(({ message }) => message));
  assert.deepEqual(await inbox(), []);
  const edit = (body: string): Promise<One> => asked<One>(ada, 'edit', { room: 'general', seq, body });
  assert.deepEqual(
    (await edit('@bob!')).message.mentions?.map(({ as }) => as),
    ['bob'],
  );
  assert.deepEqual(await inbox(), ['@bob!']);
  await edit('@bob, @Bob!');
  assert.deepEqual(await inbox(), ['@bob, @Bob!']);
  assert.equal((await edit('> @Bob\n\nnever mind')).message.mentions, undefined);
  assert.deepEqual(await inbox(), []);
});

test('whom an edit mentions is told, though they have read the message; @room in an edit tells nobody', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await claim(chat, 'Ada')).cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  const { seq } = await say(ada, 'lunch?');
  const state = { room: 'general', read: seq, unread: 0 };
  await asked(bob, 'read', { room: 'general', seq });
  const states = listen(bob, 'read');
  const edit = (body: string): Promise<One> => asked<One>(ada, 'edit', { room: 'general', seq, body });
  const { message } = await edit('@room: lunch?');
  assert.equal(message.mentionsRoom, undefined);
  await edit('@Bob, lunch?');
  await edit('@Bob, lunch at one?');
  const { rooms } = await asked<Hello>(bob, 'hello', {});
  assert.deepEqual([states, rooms[0]?.mentions], [[{ ...state, mentions: 1 }], 1]);
  assert.deepEqual(await asked(bob, 'read', { room: 'general', seq }), { ok: true, ...state, mentions: 0 });
});

test('a name may be followed by text where its script has no spaces; the longest name wins', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  for (const name of ['李小', '李小龙', '민수', 'علي']) await chat.signIn(name);
  const mentioned = async (body: string): Promise<string[]> =>
    ((await say(ada, body)).mentions ?? []).map(({ as }) => as);
  assert.deepEqual(await mentioned('@李小龙你好'), ['李小龙']);
  assert.deepEqual(await mentioned('@李小你好，@민수야'), ['李小', '민수']);
  assert.deepEqual(await mentioned('@عليم'), []);
  assert.deepEqual(await mentioned('@李小龙'.repeat(300)), ['李小龙']);
});

test('in a public room everybody can be mentioned, in others those who are in it', async (context) => {
  const chat = await runChat(context);
  await chat.signIn('Ada');
  const owner = await chat.signIn('Grace');
  const claimed = await postJson(`${chat.url}/api/owner`, {}, { cookie: owner.cookie });
  const grace = await chat.connect({ cookie: readCookie(claimed) });
  const outsider = await chat.connect({ cookie: (await chat.signIn('Ada Lovelace')).cookie });
  for (const kind of ['public', 'private']) {
    const { room } = await asked<{ room: MyRoom }>(grace, 'create room', { name: `The ${kind}`, kind });
    const { message } = await asked<One>(grace, 'send', {
      room: room.slug,
      nonce: newNonce(),
      body: `@Ada Lovelace, see the ${kind}`,
    });
    assert.deepEqual(
      message.mentions?.map(({ as }) => as),
      kind === 'public' ? ['Ada Lovelace'] : undefined,
    );
  }
  const { mentions } = await asked<Mentions>(outsider, 'mentions', {});
  assert.deepEqual(
    mentions.map(({ message, seen }) => [message.body, seen]),
    [['@Ada Lovelace, see the public', false]],
  );
});

test('typing is heard by others in the room only, and seldom', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const adaIs = await chat.signIn('Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  await enter(ada);
  await enter(bob);
  const adaHears = listen(ada, 'typing');
  const bobHears = listen(bob, 'typing');
  for (let count = 0; count < 20; count += 1) ada.emit('typing', { room: 'general' });
  await asked(ada, 'read all', {});
  await asked(bob, 'read all', {});
  assert.equal(bobHears.length, 3);
  assert.deepEqual(bobHears[0], { room: 'general', person: { id: adaIs.me.id, name: 'Ada', role: 'guest' } });
  assert.deepEqual(adaHears, []);
  now += 2_000;
  ada.emit('typing', { room: 'general' });
  await asked(ada, 'read all', {});
  await asked(bob, 'read all', {});
  assert.equal(bobHears.length, 4);
});

test('history goes both ways, around a message, and to a date', async (context) => {
  let now = Date.UTC(2026, 0, 1);
  const chat = await runChat(context, { now: () => now });
  const cookie = (await chat.signIn('Ada')).cookie;
  const ada = await chat.connect({ cookie });
  for (let seq = 1; seq <= 30; seq += 1) {
    await say(ada, `number ${seq}`);
    now += 12 * 60 * 60 * 1_000;
  }
  const page = async (
    ask: object,
  ): Promise<[number | undefined, number | undefined, boolean, boolean, number | null]> => {
    const { messages, older, newer, focus } = await asked<History>(ada, 'history', {
      room: 'general',
      limit: 10,
      ...ask,
    });
    return [messages[0]?.seq, messages.at(-1)?.seq, older, newer, focus];
  };
  assert.deepEqual(await page({ before: 11 }), [1, 10, false, true, null]);
  assert.deepEqual(await page({ after: 10 }), [11, 20, true, true, null]);
  assert.deepEqual(await page({ after: 0 }), [1, 10, false, true, null]);
  assert.deepEqual(await page({ around: 15 }), [10, 19, true, true, 15]);
  assert.deepEqual(await page({ around: 999 }), [21, 30, true, false, 30]);
  assert.deepEqual(await page({ at: Date.UTC(2026, 0, 3) }), [1, 10, false, true, 5]);
  assert.deepEqual(await page({ at: Date.UTC(2030, 0, 1) }), [21, 30, true, false, 30]);
  for (const place of [{}, { before: 1, after: 1 }]) {
    assert.partialDeepStrictEqual(await ask(ada, 'history', { room: 'general', ...place }), {
      code: 'invalid',
    });
  }
  const edges = [0, 1, 2, 3].map((day) => Date.UTC(2025, 11, 30 + day));
  assert.deepEqual((await asked<{ has: boolean[] }>(ada, 'days', { room: 'general', edges })).has, [
    false,
    false,
    true,
  ]);
  assert.partialDeepStrictEqual(await ask(ada, 'days', { room: 'general', edges: [2, 1] }), {
    code: 'invalid',
  });

  const get = (path: string, headers = {}): Promise<Response> =>
    fetch(`${chat.url}/api/rooms/general/messages${path}`, { headers: { cookie, ...headers } });
  const newest = await get('?limit=5');
  const body = (await newest.json()) as History;
  assert.deepEqual([body.messages[0]?.seq, body.older, body.newer, body.rev], [26, true, false, 30]);
  const etag = newest.headers.get('etag') ?? '';
  assert.equal((await get('?limit=5', { 'if-none-match': etag })).status, 304);
  assert.equal(((await (await get('?before=11&limit=3')).json()) as History).messages[0]?.seq, 8);
  assert.equal(((await (await get('?rev=28')).json()) as History).messages.length, 2);
  assert.equal((await get('?before=x')).status, 400);
  assert.equal((await get('?limit=0')).status, 400);
});

test('what was said is found by words and filters, in any script', async (context) => {
  let now = Date.UTC(2026, 0, 1);
  const chat = await runChat(context, { now: () => now });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  await say(ada, '明日の会議は三時です');
  now += 24 * 60 * 60 * 1_000;
  await say(bob, 'tea at https://example.org');
  await say(ada, 'more tea, vicar?');
  const find = async (query: string, more = {}): Promise<Found> => {
    now += 1_000;
    return asked<Found>(ada, 'search', { query, ...more });
  };
  const found = async (query: string): Promise<string[]> => bodies((await find(query)).messages);
  assert.deepEqual(await found('会議'), ['明日の会議は三時です']);
  assert.deepEqual(await found('tea'), ['more tea, vicar?', 'tea at https://example.org']);
  assert.deepEqual(await found('"tea"'), ['more tea, vicar?', 'tea at https://example.org']);
  assert.deepEqual(await found('tea from:Bob'), ['tea at https://example.org']);
  assert.deepEqual(await found('has:link in:general'), ['tea at https://example.org']);
  assert.deepEqual(await found('before:2026-01-02'), ['明日の会議は三時です']);
  assert.deepEqual(await found('after:2026-01-01'), ['more tea, vicar?', 'tea at https://example.org']);
  assert.deepEqual(bodies((await find('after:2026-01-01', { zone: 'Pacific/Honolulu' })).messages), []);
  const unclear = await find('tea from:Nobody before:soon');
  assert.deepEqual([unclear.messages, unclear.unclear], [[], ['before:soon', 'from:Nobody']]);
  for (const query of ['"', 'a AND', 'x:y', '-z', '* OR "', 'from:', "'; DROP TABLE message; --"])
    await find(query);
  const first = await find('tea', { limit: 1 });
  assert.deepEqual(bodies((await find('tea', { limit: 1, before: first.cursor })).messages), [
    'tea at https://example.org',
  ]);
});
