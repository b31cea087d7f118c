/** What may not be said, and what rooms and the chat may not be called. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Repeats } from '../server/repeats.ts';
import type { Failure, Me, Message, MyRoom, Room } from '../shared/events.ts';
import { readEmoji } from '../shared/reaction-emoji.ts';
import { GROUPS } from '../web/emoji/list.ts';
import { type Client, ask, asked, enter, newNonce, runChat, say } from './running-chat.ts';
import { claim, member } from './visitors.ts';

const send = (client: Client, body: string, room = 'general', nonce = newNonce()): ReturnType<typeof ask> =>
  ask(client, 'send', { room, nonce, body });

test('the same text is said two times in a row, not three; other words or a minute help', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const { cookie } = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie });
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  const nonce = newNonce();
  const first = await say(ada, 'buy now', nonce);
  assert.equal((await say(ada, 'buy now', nonce)).seq, first.seq, 'a repeated send is not a further one');
  await say(ada, ' buy now ');
  assert.equal((await say(ada, 'buy now', nonce)).seq, first.seq);
  assert.partialDeepStrictEqual(await send(ada, 'buy now'), { ok: false, code: 'repeated' });
  await say(bob, 'buy now');
  assert.partialDeepStrictEqual(await send(ada, 'buy now'), { code: 'repeated' }, 'whoever spoke meanwhile');
  await say(ada, 'or later');
  await say(ada, 'buy now');
  await say(ada, 'buy now');
  assert.partialDeepStrictEqual(await send(ada, 'buy now'), { code: 'repeated' });
  now += 60_000;
  assert.partialDeepStrictEqual(await send(ada, 'buy now'), { ok: true });
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', { name: 'Den', kind: 'private' });
  for (let times = 0; times < 4; times++) {
    assert.partialDeepStrictEqual(await send(ada, 'yes', room.slug), { ok: true }, 'no public room');
  }
});

test('what was said already is not refused when it is sent again, whatever another device has said since', async (context) => {
  const now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const { cookie } = await chat.signIn('Ada');
  const [laptop, phone] = [await chat.connect({ cookie }), await chat.connect({ cookie })];
  const [same, link] = [newNonce(), newNonce()];
  const first = await say(laptop, 'ok', same);
  const linked = await say(laptop, 'see https://example.com', link);
  await say(phone, 'ok');
  await say(phone, 'ok');
  assert.equal((await say(laptop, 'ok', same)).seq, first.seq);
  await claim(chat);
  assert.equal((await say(laptop, 'see https://example.com', link)).seq, linked.seq);
  assert.partialDeepStrictEqual(await send(laptop, 'see https://example.com'), { code: 'no links yet' });
});

test('a program with a token may repeat itself; the tutorial’s event is silent about what it drops', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const { token } = await asked<{ token: string }>(olga, 'create bot', { name: 'Clock' });
  const bot = await chat.connect({}, { token });
  for (let count = 0; count < 5; count += 1) await say(bot, 'tick');
  const plain = await chat.connect();
  for (let count = 0; count < 5; count += 1) plain.emit('chat message', 'tock');
  plain.emit('chat message', 'see https://example.com');
  const { messages } = await enter(plain);
  assert.deepEqual(
    messages.map(({ body }) => body),
    ['tick', 'tick', 'tick', 'tick', 'tick', 'tock', 'tock'],
  );
});

test('coming and going is told to a room, but not without end, from however many windows', async (context) => {
  const now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const ada = await chat.connect({ cookie: (await member(chat, 'Ada')).cookie });
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', { name: 'Kiln', kind: 'public' });
  const { cookie } = await chat.signIn('Gus');
  const codes = new Set<string>();
  for (let window = 0; window < 3; window += 1) {
    const gus = await chat.connect({ cookie });
    for (const event of Array.from({ length: 10 }, () => ['join', 'leave']).flat()) {
      const answer = await ask(gus, event, { room: room.slug });
      codes.add(answer.ok ? 'ok' : answer.code);
    }
  }
  assert.deepEqual([...codes], ['ok', 'too fast']);
  const { messages } = await asked<{ messages: Message[] }>(ada, 'history', { room: room.slug, before: 99 });
  assert.equal(messages.length, 1 + 30, 'that it was made, and what Gus did');
  for (let count = 0; count < 40; count += 1)
    await ask(ada, 'change room', { room: room.slug, topic: `${count}` });
  const later = await asked<{ messages: Message[] }>(ada, 'history', {
    room: room.slug,
    before: 99,
    limit: 100,
  });
  assert.equal(later.messages.length, 1 + 30 + 30);
});

test('repeats are remembered for those who spoke lately only', () => {
  let now = 0;
  const repeats = new Repeats(() => now);
  for (let person = 0; person < 10_000; person += 1) {
    now += 1_000;
    assert.ok(repeats.pass(person, 'general', 'x'.repeat(4_000), null));
  }
  assert.ok(repeats.size <= 1_001, `${repeats.size} streaks`);
});

test('a new guest posts no links in public rooms for five minutes; members and private rooms do not wait', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const gusIs = await chat.signIn('Gus');
  const gus = await chat.connect({ cookie: gusIs.cookie });
  assert.partialDeepStrictEqual(
    await send(gus, 'https://good.example'),
    { ok: true },
    'nobody owns the chat yet',
  );
  await claim(chat);
  const ada = await chat.connect({ cookie: (await member(chat, 'Ada')).cookie });
  const links = [
    'https://spam.example',
    'HTTP://spam.example',
    '[here](https://spam.example)',
    'x<https://spam.example>',
    'www.spam.example',
    'mailto:spam@spam.example',
  ];
  for (const body of links) {
    assert.partialDeepStrictEqual(await send(gus, body), { ok: false, code: 'no links yet' }, body);
    now += 2_000;
  }
  const { seq } = await say(gus, 'harmless: no link');
  const edit = { room: 'general', seq, body: links[0] };
  assert.partialDeepStrictEqual(await ask(gus, 'edit', edit), { code: 'no links yet' });
  const { room } = await asked<{ room: MyRoom }>(ada, 'direct', { people: [gusIs.me.id] });
  assert.partialDeepStrictEqual(await send(gus, 'https://spam.example', room.slug), { ok: true });
  assert.partialDeepStrictEqual(await send(ada, 'https://good.example'), { ok: true });
  now += 5 * 60_000 - 12_000 - 1;
  const last = (await send(gus, 'https://spam.example')) as Failure;
  assert.match(last.text, /wait 1 more minute,/);
  now += 1;
  assert.partialDeepStrictEqual(await send(gus, 'https://spam.example'), { ok: true });
  assert.partialDeepStrictEqual(await ask(gus, 'edit', edit), { ok: true });

  const open = await runChat(context, { guestLinksAfterMinutes: 0 });
  const guest = await open.connect({ cookie: (await open.signIn('Gus')).cookie });
  assert.partialDeepStrictEqual(await send(guest, 'https://good.example'), { ok: true });
});

test('public rooms cannot be called like another one, not even by look-alikes; private ones can', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await member(chat, 'Ada')).cookie });
  const create = (name: string, kind = 'public'): ReturnType<typeof ask<{ room: MyRoom }>> =>
    ask<{ room: MyRoom }>(ada, 'create room', { name, kind });
  const made = await create('  Tea\n house ');
  assert.ok(made.ok);
  assert.deepEqual([made.room.name, made.room.slug], ['Tea house', 'tea-house']);
  for (const name of ['tea HOUSE', 'Теа hоuse', 'General', 'GENERAL', 'Gеnеral', 'Ｇｅｎｅｒａｌ']) {
    assert.partialDeepStrictEqual(await create(name), { ok: false, code: 'room taken' }, name);
  }
  assert.partialDeepStrictEqual(await create('general', 'private'), { ok: true });
  const other = await create('Coffee');
  assert.ok(other.ok);
  const rename = (name: string): ReturnType<typeof ask<{ room: Room }>> =>
    ask<{ room: Room }>(ada, 'change room', { room: other.room.slug, name });
  assert.partialDeepStrictEqual(await rename('TEA house'), { code: 'room taken' });
  assert.partialDeepStrictEqual(await rename('COFFEE'), {
    ok: true,
    room: { name: 'COFFEE', slug: 'coffee' },
  });
  await asked(ada, 'change room', { room: 'tea-house', archived: true });
  assert.partialDeepStrictEqual(await rename('Tea house'), { code: 'room taken' }, 'it may come back');
});

test('names of rooms and of the chat, and topics, have nothing invisible in them', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const bad = [
    'a\u200Bb',
    '\u202Eevil',
    '\u2066x',
    'a\u0000b',
    'x\u{E0041}',
    '\u2800',
    '\uD800',
    'e\u0301\u0301\u0301\u0301\u0301\u0301',
  ];
  for (const text of bad) {
    for (const [event, payload] of [
      ['create room', { name: text, kind: 'public' }],
      ['create room', { name: 'Fine', kind: 'private', topic: text }],
      ['change room', { room: 'general', name: text }],
      ['change room', { room: 'general', topic: text }],
      ['configure', { name: text }],
    ] as const) {
      const answer = await ask(olga, event, payload);
      assert.partialDeepStrictEqual(answer, { ok: false, code: 'bad characters' }, JSON.stringify(text));
    }
  }
  const again = await runChat(context);
  const claimed = await call400(again.url, { name: 'Olga', chat: '\u202Eevil' });
  assert.deepEqual(claimed, [400, 'bad characters']);
  for (const [typed, kept] of [
    ['  Ｔｅａ  ', 'Tea'],
    ['چای‌خانه', 'چای‌خانه'],
    ['👩‍👩‍👧 ❤️', '👩‍👩‍👧 ❤️'],
    ['', ''],
  ]) {
    const { room } = await asked<{ room: Room }>(olga, 'change room', { room: 'general', topic: typed });
    assert.equal(room.topic, kept);
  }
  assert.partialDeepStrictEqual(await ask(olga, 'configure', { name: ' \n ' }), { code: 'invalid' });
  assert.partialDeepStrictEqual(await ask(olga, 'change room', { room: 'general', name: ' ' }), {
    code: 'invalid',
  });
  const long = '\uFDFA'.repeat(20);
  assert.partialDeepStrictEqual(
    await ask(olga, 'configure', { name: long }),
    { code: 'too long' },
    'as long as it is written out',
  );
});

async function call400(url: string, body: object): Promise<[number, string]> {
  const response = await fetch(`${url}/api/owner`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return [response.status, ((await response.json()) as Failure).code];
}

test('a reaction is one emoji and nothing else', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const { seq } = await say(ada, 'hello');
  const react = (emoji: unknown): ReturnType<typeof ask<{ message: Message }>> =>
    ask<{ message: Message }>(ada, 'react', { room: 'general', seq, emoji, on: true });
  for (const emoji of [
    'ok',
    '1',
    '#',
    '👍👍',
    '👍 ',
    'a👍',
    '\u200D',
    '\uFE0F',
    '🇽',
    '🇽🇽',
    '👍\u202E',
    '👩\u200D',
    '🏿🏿',
    '<b>',
    '',
    7,
    null,
    ['👍'],
  ]) {
    assert.partialDeepStrictEqual(await react(emoji), { ok: false, code: 'invalid' }, String(emoji));
  }
  for (const emoji of ['👍', '👍🏿', '❤️', '🇩🇪', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👩‍👩‍👧‍👦', '1️⃣', '🏳️‍🌈']) {
    assert.partialDeepStrictEqual(await react(emoji), { ok: true }, emoji);
  }
  const plain = await react('❤');
  assert.ok(plain.ok);
  const hearts = plain.message.reactions?.filter(({ emoji }) => emoji.startsWith('❤'));
  assert.deepEqual(hearts, [{ emoji: '❤️', people: [(await enter(ada)).me?.id] }], 'one spelling');
});

test('every emoji that the page offers is one, in the spelling that is stored', () => {
  let count = 0;
  for (const record of GROUPS.flatMap(([, records]) => records.split('|'))) {
    const emoji = record.split(' ', 1)[0]?.replace('~', '') ?? '';
    assert.equal(readEmoji(emoji), emoji);
    count += 1;
  }
  assert.ok(count > 1_000, `${count} emoji`);
  assert.equal(readEmoji('\u{1FAFF}'), '\u{1FAFF}', 'a place that is kept for emoji to come');
});

test('in an archived room moderators delete and take back, and nobody else does', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const ada = await chat.connect({ cookie: (await member(chat, 'Ada')).cookie });
  const bobIs: { me: Me; cookie: string } = await member(chat, 'Bob');
  const bob = await chat.connect({ cookie: bobIs.cookie });
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', { name: 'Old', kind: 'public' });
  for (const client of [olga, bob]) await asked(client, 'join', { room: room.slug });
  const nonce = newNonce();
  const { message } = await asked<{ message: Message }>(bob, 'send', {
    room: room.slug,
    nonce,
    body: 'rude',
  });
  await asked(ada, 'change room', { room: room.slug, archived: true });
  const target = { room: room.slug, seq: message.seq };
  assert.partialDeepStrictEqual(await ask(bob, 'delete', target), { code: 'archived' }, 'not even one’s own');
  assert.partialDeepStrictEqual(await ask(olga, 'delete', target), { ok: true });
  assert.partialDeepStrictEqual(await ask(bob, 'restore', target), { code: 'archived' });
  assert.partialDeepStrictEqual(await ask(olga, 'restore', target), { ok: true, message: { body: 'rude' } });
  assert.partialDeepStrictEqual(await ask(ada, 'delete', target), { ok: true }, 'the host');
  assert.partialDeepStrictEqual(await ask(olga, 'edit', { ...target, body: 'x' }), { code: 'archived' });
});
