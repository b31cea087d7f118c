/** Whatever arrives, it is refused or kept as plain text; nobody else is harmed, and the server lives on. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { ACTIONS } from '../server/actions/table.ts';
import { openSqliteStore } from '../server/store/sqlite/store.ts';
import { type Entered, LIMITS, type Me, type Message, type MyRoom, type Room } from '../shared/events.ts';
import {
  ask,
  asked,
  connected,
  enter,
  newNonce,
  openSocket,
  postJson,
  readCookie,
  runChat,
  say,
} from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'`${7*7}{{7*7}}\u2028';
const HUGE = 'x'.repeat(50_000);

test('every event answers anything with an answer', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => (now += 60_000) });
  const claimed = await postJson(`${chat.url}/api/owner`, { name: 'Olga' });
  const owner = await chat.connect({ cookie: readCookie(claimed) });
  const visitor = await chat.connect();
  const anything = [
    undefined,
    null,
    7,
    'general',
    [],
    {},
    { room: 'general' },
    { room: 7, seq: 'x' },
    { room: HUGE },
  ];
  const numbers = [-1, 0.5, 1e300, '1', null, {}, []].map((seq) => ({
    room: 'general',
    seq,
    before: seq,
    id: seq,
    person: seq,
  }));
  for (const event of Object.keys(ACTIONS)) {
    for (const payload of [...anything, ...numbers]) {
      for (const client of [owner, visitor]) {
        const answer = await ask(client, event, payload);
        assert.equal(typeof answer.ok, 'boolean', event);
        if (!answer.ok)
          assert.notEqual(answer.code, 'failed', `${event} ${JSON.stringify(payload)?.slice(0, 60)}`);
      }
    }
  }
  assert.deepEqual(chat.errors, []);
});

test('markup and scripts in every field are stored and given back as the text that they are', async (context) => {
  const chat = await runChat(context);
  const name = '<b>Ada</b>'.replace('/', '');
  const { me, cookie } = await chat.signIn(name);
  assert.equal(me.name, name);
  const made = await postJson(`${chat.url}/api/account`, { password: `${SCRIPT} long` }, { cookie });
  const ada = await chat.connect({ cookie: readCookie(made) });
  const typed = SCRIPT.replace('\u2028', '');
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', {
    name: typed.slice(0, 60),
    kind: 'public',
    topic: typed,
  });
  assert.deepEqual([room.name, room.topic], [typed.slice(0, 60), typed]);
  assert.match(room.slug, /^[\p{L}\p{N}-]+$/u);
  const message = await say(ada, SCRIPT);
  assert.equal(message.body, SCRIPT);
  const edited = await asked<{ message: Message }>(ada, 'edit', {
    room: 'general',
    seq: message.seq,
    body: `${SCRIPT}!`,
  });
  assert.equal(edited.message.body, `${SCRIPT}!`);
  const reaction = { room: 'general', seq: message.seq, emoji: '<img src=x onerror=alert(1)>', on: true };
  assert.partialDeepStrictEqual(await ask(ada, 'react', reaction), { ok: false, code: 'invalid' });
  const changed = await asked<{ room: Room }>(ada, 'change room', { room: room.slug, topic: `${typed}?` });
  assert.equal(changed.room.topic, `${typed}?`);
  const overHttp = await fetch(`${chat.url}/api/rooms/general/messages`);
  assert.equal(overHttp.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(((await overHttp.json()) as { messages: Message[] }).messages[0]?.body, `${SCRIPT}!`);
  assert.equal(
    (await fetch(`${chat.url}/r/${encodeURIComponent(SCRIPT)}`)).headers.get('x-content-type-options'),
    'nosniff',
  );
});

test('names, topics and texts of 100,000 characters are refused', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await chat.signIn('Ada');
  const long = 'x'.repeat(100_000);
  assert.equal((await postJson(`${chat.url}/api/session`, { name: long })).status, 413);
  assert.equal((await postJson(`${chat.url}/api/sign-in`, { name: long, password: long })).status, 413);
  assert.equal((await postJson(`${chat.url}/api/session`, { name: HUGE })).status, 400);
  const made = await postJson(`${chat.url}/api/account`, { password: 'long enough for us' }, { cookie });
  const ada = await chat.connect({ cookie: readCookie(made) });
  for (const [event, payload] of [
    ['create room', { name: HUGE, kind: 'public' }],
    ['create room', { name: 'Tea', kind: 'public', topic: HUGE }],
    ['send', { room: 'general', nonce: newNonce(), body: HUGE }],
    ['search', { query: HUGE }],
    ['react', { room: 'general', seq: 1, emoji: HUGE, on: true }],
    ['people', { like: HUGE }],
  ] as const) {
    assert.partialDeepStrictEqual(await ask(ada, event, payload), { ok: false, code: 'too long' }, event);
  }
  const many = Array.from({ length: LIMITS.peopleAtOnce + 1 }, (_, index) => index);
  assert.partialDeepStrictEqual(await ask(ada, 'add', { room: 'general', people: many }), {
    code: 'too many',
  });
});

test('a nonce of somebody else is no key to their message', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  const nonce = newNonce();
  await say(ada, 'from Ada', nonce);
  const { seq, body, from } = await say(bob, 'from Bob', nonce);
  assert.deepEqual([seq, body, from.name], [2, 'from Bob', 'Bob']);
  assert.equal((await say(ada, 'again', nonce)).body, 'from Ada');
});

test('cookies that are none are no session, and harm nobody', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await chat.signIn('Ada');
  const cookies = [
    'chat_session',
    'chat_session=',
    'chat_session==;;;==',
    `chat_session=${'A'.repeat(43)}`,
    `chat_session=${'A'.repeat(8_000)}`,
    `chat_session=${cookie.split('=')[1]?.slice(0, -1)}`,
    'chat_session=%00%ff; chat_session="quoted"',
    ';'.repeat(4_000),
    `__Host-${cookie}`,
    '\u00e9\u00ff=\u00fe',
  ];
  for (const value of cookies) {
    const response = await fetch(`${chat.url}/api/session`, { headers: { cookie: value } });
    assert.deepEqual(await response.json(), { me: null }, value.slice(0, 40));
    const socket = openSocket(chat.url, { cookie: value });
    await connected(socket);
    assert.equal((await asked<Entered>(socket, 'enter', { room: 'general' })).me, null);
    socket.disconnect();
  }
  const twice = await fetch(`${chat.url}/api/session`, { headers: { cookie: `x=1; ${cookie}; y` } });
  assert.equal(((await twice.json()) as { me: Me | null }).me?.name, 'Ada');
  assert.deepEqual(chat.errors, []);
});

test('ids of others’ rooms, messages, sessions and invites open nothing', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bobIs = await chat.signIn('Bob');
  const bob = await chat.connect({ cookie: bobIs.cookie });
  const { room } = await asked<{ room: MyRoom }>(ada, 'direct', { people: [bobIs.me.id] });
  const eveIs = await chat.signIn('Eve');
  const eve = await chat.connect({ cookie: eveIs.cookie });
  await asked(ada, 'send', { room: room.slug, nonce: newNonce(), body: 'psst' });
  await say(bob, 'in the open');
  for (const [event, payload, code] of [
    ['history', { room: room.slug, before: 9 }, 'no such room'],
    ['react', { room: room.slug, seq: 1, emoji: '👍', on: true }, 'no such room'],
    ['edit', { room: 'general', seq: 1, body: 'mine' }, 'not allowed'],
    ['delete', { room: 'general', seq: 1 }, 'not allowed'],
    ['restore', { room: 'general', seq: 1 }, 'no such message'],
    ['revoke invite', { id: 1 }, 'not allowed'],
    ['revoke bot', { id: bobIs.me.id }, 'not allowed'],
    ['make webhook', { room: 'general', name: 'Hook' }, 'not allowed'],
    ['make webhook', { room: room.slug, name: 'Hook' }, 'no such room'],
    ['webhooks', { room: 'general' }, 'not allowed'],
    ['revoke webhook', { room: 'general', id: bobIs.me.id }, 'not allowed'],
    ['send', { room: 'general', nonce: newNonce(), body: 'x', replyTo: 999 }, undefined],
  ] as const) {
    const answer = await ask(eve, event, payload);
    assert.equal(answer.ok ? undefined : answer.code, code, event);
  }
  assert.equal(
    (await fetch(`${chat.url}/api/sessions/1`, { method: 'DELETE', headers: { cookie: eveIs.cookie } }))
      .status,
    410,
  );
  for (const path of ['/api/sessions/x', '/api/sessions/1e999', '/api/sessions/-1']) {
    assert.equal(
      (await fetch(chat.url + path, { method: 'DELETE', headers: { cookie: eveIs.cookie } })).status,
      410,
    );
  }
  assert.equal((await fetch(`${chat.url}/api/invites/${'A'.repeat(22)}`)).status, 410);
});

test('a flood of events is answered with "too fast" and leaves others alone', async (context) => {
  const now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const flooder = await chat.connect({ cookie: (await chat.signIn('Flo')).cookie });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const send = (_: unknown, count: number) =>
    ask<{ message: Message }>(flooder, 'send', {
      room: 'general',
      nonce: newNonce(),
      body: `spam ${count}`,
    });
  const answers = await Promise.all(Array.from({ length: 500 }, send));
  assert.equal(answers.filter((answer) => answer.ok).length, 10);
  const refused = answers.find((answer) => !answer.ok);
  assert.ok(refused !== undefined && !refused.ok);
  assert.deepEqual([refused.code, refused.waitMs], ['too fast', 2_000]);
  assert.equal((await say(ada, 'still here')).seq, 11);
});

test('one address can hold only so many sockets, and this machine any number', async (context) => {
  const chat = await runChat(context, { maxSocketsPerAddress: 2, trustProxy: true });
  const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': `1.1.1.1, ${address}` });
  const first = await chat.connect(from('203.0.113.5'));
  await chat.connect(from('203.0.113.5'));
  await assert.rejects(chat.connect(from('203.0.113.5')), /Too many connections/);
  await chat.connect(from('203.0.113.6'));
  first.disconnect();
  for (;;) {
    const again = openSocket(chat.url, from('203.0.113.5'));
    const isIn = await connected(again).then(
      () => true,
      () => false,
    );
    again.disconnect();
    if (isIn) break;
  }
  for (let count = 0; count < 5; count += 1) await chat.connect();
});

test('on a full disk sends are refused with a reason, and reading goes on', async (context) => {
  const store = openSqliteStore(temporaryFolder(context));
  let now = 1_000_000;
  const chat = await runChat(context, { store, now: () => (now += 1_000) });
  const { cookie } = await chat.signIn('Ada');
  const ada = await chat.connect({ cookie });
  await say(ada, 'before');
  store.limitPages(2);
  const body = 'x '.repeat(LIMITS.bodyChars / 2);
  let refused = await ask(ada, 'send', { room: 'general', nonce: newNonce(), body });
  for (let count = 0; count < 50 && refused.ok; count += 1) {
    refused = await ask(ada, 'send', { room: 'general', nonce: newNonce(), body });
  }
  assert.partialDeepStrictEqual(refused, { ok: false, code: 'full' });
  assert.match(refused.ok ? '' : refused.text, /disk is full/);
  const again = await chat.connect({ cookie });
  const { messages, me, room } = await enter(again);
  assert.equal(me?.name, 'Ada');
  assert.equal(messages[0]?.body, 'before');
  assert.equal(room.lastSeq, messages.length, 'a refused message left no hole');
  assert.equal((await fetch(`${chat.url}/readyz`)).status, 200);
  assert.match(chat.errors.join('\n'), /^The disk is full/);
  store.limitPages(10_000);
  assert.equal((await say(ada, 'there is space again')).seq, room.lastSeq + 1);
});

test('requests that are none get an answer and no more', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await chat.signIn('Ada');
  const raw = (path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(chat.url);
      const asking = request({ hostname, port, path, headers, method }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end();
    });
  assert.equal(await raw('/api/rooms/general/messages?before=1&before=2', {}), 400);
  assert.equal(await raw('/api/rooms/general/messages?before[$gt]=1&limit=9e9', {}), 400);
  assert.equal(await raw('/api/rooms/__proto__/messages', {}), 404);
  assert.equal(await raw('/api/rooms/%E0%A4%A/messages', {}), 400);
  assert.equal(await raw(`/api/rooms/${'x'.repeat(5_000)}/messages`, {}), 400);
  assert.equal(await raw('/api/search?query=x', { cookie }), 200);
  assert.equal(await raw('/api/search', { cookie }), 400);
  assert.equal(await raw('/api/session', { cookie, 'sec-fetch-site': 'cross-site' }, 'DELETE'), 403);
  assert.equal(await raw('/socket.io/?EIO=4&transport=polling', { 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(
    await raw('/metrics', { host: 'evil.example' }),
    403,
    'a name that was pointed at this machine',
  );
  assert.deepEqual(chat.errors, []);
});
