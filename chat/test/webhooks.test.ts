/** Webhooks: who makes and revokes them, what can be posted to them, and what cannot. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ChatOptions } from '../server/chat.ts';
import {
  type Bot,
  type Deed,
  type Failure,
  type History,
  LIMITS,
  type Member,
  type Mentions,
  type MyRoom,
  type Person,
} from '../shared/events.ts';
import { type Client, type RunningChat, ask, asked, heard, listen, runChat, say } from './running-chat.ts';
import { claim, member } from './visitors.ts';

type Body = string | Buffer<ArrayBuffer> | URLSearchParams | FormData;

interface Made {
  bot: Person;
  token: string;
}

interface Scene {
  chat: RunningChat;
  olga: Client;
  hook: Made;
}

/** Olga owns the chat and has made a webhook in its default room. */
async function scene(context: TestContext, options: Partial<ChatOptions> = {}): Promise<Scene> {
  const chat = await runChat(context, options);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  await asked(olga, 'hello', {});
  return { chat, olga, hook: await make(olga, 'Builds') };
}

function make(client: Client, name: string, room = 'general'): Promise<Made> {
  return asked<Made>(client, 'make webhook', { room, name });
}

function post(
  { url }: RunningChat,
  token: string,
  body: Body | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/hooks/${token}`, { method: 'POST', body, headers });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };
const PLAIN_TYPE = { 'content-type': 'text/plain' };

async function bodies(client: Client, room = 'general'): Promise<string[]> {
  const { messages } = await asked<History>(client, 'history', { room, before: 1_000_000 });
  return messages.filter(({ kind }) => kind !== 'system').map(({ body }) => body);
}

test('a form, JSON and plain text are messages of the webhook, and everybody hears them', async (context) => {
  const { chat, olga, hook } = await scene(context);
  const heardOnes = listen(await enteredBy(chat, 'Gus'), 'message');
  const sent: [Body, Record<string, string>][] = [
    ['text=hi+there%2C+%C3%BCber', FORM_TYPE],
    ['content=as+content&other=1', FORM_TYPE],
    [new URLSearchParams({ text: 'first', content: 'not this' }), {}],
    [JSON.stringify({ text: '**bold** https://example.org', username: 'Ada' }), JSON_TYPE],
    ['\uFEFF{"content":"with a mark"}', { 'content-type': 'Application/JSON; charset=utf-8' }],
    [gzipSync('{"text":"packed"}'), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ['two\nlines', PLAIN_TYPE],
    [Buffer.from('without a type'), {}],
    ['x'.repeat(LIMITS.bodyChars), PLAIN_TYPE],
    [`text=${'%E5%AD%97'.repeat(LIMITS.bodyChars)}`, FORM_TYPE],
  ];
  for (const [index, [body, headers]] of sent.entries()) {
    const response = await post(chat, hook.token, body, headers);
    assert.deepEqual(await response.json(), { room: 'general', seq: index + 1 });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.deepEqual(response.headers.getSetCookie(), []);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  }
  const said = [
    'hi there, über',
    'as content',
    'first',
    '**bold** https://example.org',
    'with a mark',
    'packed',
    'two\nlines',
    'without a type',
    'x'.repeat(LIMITS.bodyChars),
    '字'.repeat(LIMITS.bodyChars),
  ];
  assert.deepEqual(await bodies(olga), said);
  assert.deepEqual(
    heardOnes.map(({ body }) => body),
    said,
  );
  assert.deepEqual(heardOnes[0]?.from, { id: hook.bot.id, name: 'Builds', role: 'member', bot: true });
  assert.deepEqual(chat.errors, []);
});

test('what cannot be said is refused with its reason, and nothing is said', async (context) => {
  let now = 1_000_000;
  const { chat, olga, hook } = await scene(context, { now: () => (now += 1_000) });
  const long = 'x'.repeat(LIMITS.bodyChars + 1);
  const refused: [body: Body | null, headers: Record<string, string>, status: number, text: RegExp][] = [
    ['', FORM_TYPE, 400, /"text"/],
    ['hello', FORM_TYPE, 400, /"text"/],
    ['text=', FORM_TYPE, 400, /"text"/],
    ['text=+%0A', FORM_TYPE, 400, /"text"/],
    ['text=&content=x', FORM_TYPE, 400, /"text"/],
    ['content=+', FORM_TYPE, 400, /"content"/],
    [`text=${long}`, FORM_TYPE, 413, /"text" can have at most 4000 characters; this one has 4001/],
    ['', JSON_TYPE, 400, /JSON/],
    ['{"text":', JSON_TYPE, 400, /JSON/],
    ['null', JSON_TYPE, 400, /"text"/],
    ['[{"text":"x"}]', JSON_TYPE, 400, /"text"/],
    ['"text"', JSON_TYPE, 400, /"text"/],
    ['{}', JSON_TYPE, 400, /"text"/],
    ['{"__proto__":{"text":"x"}}', JSON_TYPE, 400, /"text"/],
    ...[null, 7, true, ['x'], { toString: 'x' }, '', ' \n'].map(
      (text) => [JSON.stringify({ text, content: 'x' }), JSON_TYPE, 400, /"text" must be a text/] as Refused,
    ),
    ['{"content":7}', JSON_TYPE, 400, /"content"/],
    [JSON.stringify({ content: long }), JSON_TYPE, 413, /"content"/],
    [null, {}, 400, /"body"/],
    [' \n', PLAIN_TYPE, 400, /"body"/],
    [long, PLAIN_TYPE, 413, /"body"/],
    ['x'.repeat(70_000), PLAIN_TYPE, 413, /too long/],
    [gzipSync('x'.repeat(1_000_000)), { ...PLAIN_TYPE, 'content-encoding': 'gzip' }, 413, /too long/],
    ['x', { ...PLAIN_TYPE, 'content-encoding': 'rot13' }, 415, /encoding/],
    ['not packed', { ...PLAIN_TYPE, 'content-encoding': 'gzip' }, 400, /cannot be read/],
    ['x', { 'content-type': 'text/html' }, 415, /Content-Type/],
    ['x', { 'content-type': ';;;' }, 415, /Content-Type/],
    [new FormData(), {}, 415, /Content-Type/],
    ['x', { ...PLAIN_TYPE, 'idempotency-key': '' }, 400, /"Idempotency-Key"/],
    ['x', { ...PLAIN_TYPE, 'idempotency-key': 'k'.repeat(256) }, 400, /"Idempotency-Key"/],
    ['x', { ...PLAIN_TYPE, origin: 'https://elsewhere.example' }, 403, /other sites/],
    ['x', { ...PLAIN_TYPE, 'sec-fetch-site': 'cross-site' }, 403, /other sites/],
  ];
  for (const [body, headers, status, text] of refused) {
    const response = await post(chat, hook.token, body, headers);
    const shown = `${JSON.stringify(headers)} ${JSON.stringify(body)?.slice(0, 60)}`;
    const problem = (await response.json()) as Failure;
    assert.equal(response.status, status, shown);
    assert.equal(problem.ok, false, shown);
    assert.match(problem.text, text, shown);
  }
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await fetch(`${chat.url}/hooks/${hook.token}`, { method });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'], method);
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  }
  assert.deepEqual(await bodies(olga), []);
  assert.deepEqual(chat.errors, []);
});

type Refused = [body: Body | null, headers: Record<string, string>, status: number, text: RegExp];

test('a token that is none opens nothing, and whoever tries many has to wait', async (context) => {
  const now = 1_000_000;
  const { chat, olga, hook } = await scene(context, { now: () => now });
  const tokens = ['x', 'A'.repeat(43), 'A'.repeat(8_000), hook.token.slice(0, -1), '__proto__', '%00', '%20'];
  for (const token of tokens) {
    const response = await post(chat, token, 'x', PLAIN_TYPE);
    assert.equal(response.status, 404, token.slice(0, 40));
    assert.partialDeepStrictEqual(await response.json(), { ok: false, code: 'gone' });
  }
  assert.equal((await post(chat, '%E0%A4', 'x', PLAIN_TYPE)).status, 400);
  for (const path of ['', '/', `/${hook.token}/more`]) {
    assert.equal((await fetch(`${chat.url}/hooks${path}`, { method: 'POST' })).status, 404, path);
  }
  const { token } = await asked<Made>(olga, 'create bot', { name: 'Helper' });
  assert.equal((await post(chat, token, 'x', PLAIN_TYPE)).status, 404, 'a bot’s token is no webhook’s');
  const asBearer = { authorization: `Bearer ${hook.token}` };
  assert.equal(
    (await fetch(`${chat.url}/api/rooms`, { headers: asBearer })).status,
    401,
    'nor the other way',
  );
  assert.deepEqual(await bodies(olga), []);

  const statuses: number[] = [];
  for (let count = 0; count < 40; count += 1) {
    const response = await post(chat, 'x', 'x', PLAIN_TYPE);
    statuses.push(response.status);
    if (response.status === 429) assert.equal(response.headers.get('retry-after'), '5');
  }
  assert.equal(statuses.at(-1), 429);
  assert.equal((await post(chat, hook.token, 'a good one goes on', PLAIN_TYPE)).status, 200);
});

test('each webhook has its own pace', async (context) => {
  let now = 1_000_000;
  const floodLimits = { speakingAsBot: { burst: 3, perSecond: 0.5 } };
  const { chat, olga, hook } = await scene(context, { now: () => now, floodLimits });
  const other = await make(olga, 'Alarms');
  for (let count = 0; count < 3; count += 1) {
    assert.equal((await post(chat, hook.token, 'the same', PLAIN_TYPE)).status, 200);
  }
  const slow = await post(chat, hook.token, 'the same', PLAIN_TYPE);
  assert.deepEqual([slow.status, slow.headers.get('retry-after')], [429, '2']);
  assert.partialDeepStrictEqual(await slow.json(), { code: 'too fast', waitMs: 2_000 });
  assert.equal((await post(chat, other.token, 'in time', PLAIN_TYPE)).status, 200);
  now += 2_000;
  assert.equal((await post(chat, hook.token, 'the same', PLAIN_TYPE)).status, 200);
});

test('a repeated Idempotency-Key is the same message, for its own webhook', async (context) => {
  const { chat, olga, hook } = await scene(context);
  const other = await make(olga, 'Alarms');
  const heardOnes = listen(olga, 'message');
  const key = { ...PLAIN_TYPE, 'idempotency-key': 'run 42' };
  const seqOf = async (made: Made, body: string, headers: Record<string, string>): Promise<number> =>
    ((await (await post(chat, made.token, body, headers)).json()) as { seq: number }).seq;
  const both = await Promise.all([seqOf(hook, 'once', key), seqOf(hook, 'once', key)]);
  assert.deepEqual(both, [1, 1]);
  assert.equal(await seqOf(hook, 'another text', key), 1);
  assert.equal(await seqOf(other, 'once', key), 2);
  assert.equal(await seqOf(hook, 'next', { ...key, 'idempotency-key': 'run 43' }), 3);
  assert.deepEqual(await bodies(olga), ['once', 'once', 'next']);
  assert.deepEqual(
    heardOnes.map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test('@room reaches the room as long as the maker may mention it', async (context) => {
  let now = 1_000_000;
  const { chat, olga } = await scene(context, { now: () => (now += 61_000) });
  const adaIs = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  await asked(olga, 'give role', { person: adaIs.me.id, role: 'moderator' });
  const gus = await enteredBy(chat, 'Gus');
  const hook = await make(ada, 'Alarms');
  const reached = async (body: string): Promise<boolean> => {
    await post(chat, hook.token, body, PLAIN_TYPE);
    const { mentions } = await asked<Mentions>(gus, 'mentions', {});
    return mentions[0]?.message.body === body;
  };
  assert.equal(await reached('@room, a fire'), true);
  await asked(olga, 'give role', { person: adaIs.me.id, role: 'member' });
  assert.equal(await reached('@room, a bigger fire'), false);
  assert.equal(await reached('@Gus, run'), true, 'a person is mentioned as by anybody');

  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', { name: 'Den', kind: 'private' });
  const inDen = await make(ada, 'Den alarms', room.slug);
  const [message] = await Promise.all([
    heard(ada, 'message'),
    post(chat, inDen.token, '@room, the host may', PLAIN_TYPE),
  ]);
  assert.equal(message.mentionsRoom, true);
});

test('moderators and hosts make, list and revoke webhooks; each is noted', async (context) => {
  const { chat, olga, hook } = await scene(context);
  const adaIs = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', { name: 'Den', kind: 'public' });
  const bobIs = await member(chat, 'Bob');
  const bob = await chat.connect({ cookie: bobIs.cookie });
  await asked(bob, 'join', { room: room.slug });
  const guest = await enteredBy(chat, 'Gus');

  for (const [client, where] of [
    [ada, 'general'],
    [bob, room.slug],
    [guest, 'general'],
    [olga, room.slug],
  ] as const) {
    for (const [event, more] of [
      ['make webhook', { name: 'Mine' }],
      ['webhooks', {}],
      ['revoke webhook', { id: hook.bot.id }],
    ] as const) {
      const answer = await ask(client, event, { room: where, ...more });
      assert.partialDeepStrictEqual(answer, { ok: false, code: 'not allowed' }, event);
    }
  }

  const [came, den] = await Promise.all([heard(bob, 'member'), make(ada, 'Den builds', room.slug)]);
  assert.deepEqual(came, { room: room.slug, person: den.bot, host: false, joined: true });
  assert.match(den.token, /^[\w-]{43}$/);
  await post(chat, den.token, 'kept', PLAIN_TYPE);
  const { webhooks } = await asked<{ webhooks: Bot[] }>(ada, 'webhooks', { room: room.slug });
  assert.equal(webhooks.length, 1);
  assert.partialDeepStrictEqual(webhooks[0], { bot: { name: 'Den builds', bot: true }, by: { name: 'Ada' } });
  assert.equal(typeof webhooks[0]?.seen, 'number');
  assert.doesNotMatch(JSON.stringify(webhooks), new RegExp(den.token));
  assert.deepEqual((await asked<{ bots: Bot[] }>(olga, 'bots', {})).bots, []);

  const wrongRoom = await ask(olga, 'revoke webhook', { room: 'general', id: den.bot.id });
  assert.partialDeepStrictEqual(wrongRoom, { ok: false, code: 'no such person' });
  const [went] = await Promise.all([
    heard(bob, 'member'),
    asked(ada, 'revoke webhook', { room: room.slug, id: den.bot.id }),
  ]);
  assert.equal(went.joined, false);
  assert.equal((await post(chat, den.token, 'too late', PLAIN_TYPE)).status, 404);
  assert.deepEqual(await bodies(ada, room.slug), ['kept']);
  await make(ada, 'Den builds', room.slug);

  const { deeds } = await asked<{ deeds: Deed[] }>(olga, 'deeds', {});
  assert.deepEqual(
    deeds
      .filter(({ what }) => what.startsWith('webhook'))
      .map(({ what, by, about, room: where }) => [what, by?.name, about?.name, where?.slug].join(' | ')),
    [
      `webhook made | Ada | Den builds | ${room.slug}`,
      `webhook revoked | Ada | Den builds | ${room.slug}`,
      `webhook made | Ada | Den builds | ${room.slug}`,
      'webhook made | Olga | Builds | general',
    ],
  );
});

test('names, rooms and numbers that cannot be are refused', async (context) => {
  let now = 1_000_000;
  const { chat, olga } = await scene(context, { now: () => (now += 24 * 60 * 60_000) });
  const gusIs = await chat.signIn('Gus');
  const { room: dm } = await asked<{ room: MyRoom }>(olga, 'direct', { people: [gusIs.me.id] });
  const { room } = await asked<{ room: MyRoom }>(olga, 'create room', { name: 'Den', kind: 'private' });
  for (const [ask1, code] of [
    [{ room: 'general', name: 'Builds' }, 'taken'],
    [{ room: 'general', name: 'BUILDS' }, 'taken'],
    [{ room: room.slug, name: 'Gus' }, 'taken'],
    [{ room: 'general', name: 'room' }, 'invalid'],
    [{ room: 'general', name: '' }, 'invalid'],
    [{ room: 'general', name: 'x'.repeat(500) }, 'invalid'],
    [{ room: 'general', name: 7 }, 'invalid'],
    [{ name: 'New' }, 'invalid'],
    [{ room: dm.slug, name: 'New' }, 'invalid'],
    [{ room: 'nowhere', name: 'New' }, 'no such room'],
  ] as const) {
    const shown = JSON.stringify(ask1).slice(0, 60);
    assert.partialDeepStrictEqual(await ask(olga, 'make webhook', ask1), { ok: false, code }, shown);
  }
  for (const id of [0, -1, 1.5, 'x', null, 1e300]) {
    const answer = await ask(olga, 'revoke webhook', { room: 'general', id });
    assert.partialDeepStrictEqual(answer, { ok: false, code: 'invalid' });
  }
  for (let count = 0; count < LIMITS.webhooksPerRoom; count += 1)
    await make(olga, `Hook ${count}`, room.slug);
  assert.partialDeepStrictEqual(await ask(olga, 'make webhook', { room: room.slug, name: 'More' }), {
    code: 'too many',
  });
});

test('nothing is said in an archived room, and taking the bot out of the room ends its webhook', async (context) => {
  const { chat, olga } = await scene(context);
  const { room } = await asked<{ room: MyRoom }>(olga, 'create room', { name: 'Den', kind: 'private' });
  const hook = await make(olga, 'Den builds', room.slug);
  await asked(olga, 'change room', { room: room.slug, archived: true });
  const archived = await post(chat, hook.token, 'x', PLAIN_TYPE);
  assert.equal(archived.status, 409);
  assert.partialDeepStrictEqual(await archived.json(), { code: 'archived' });
  assert.partialDeepStrictEqual(await ask(olga, 'make webhook', { room: room.slug, name: 'More' }), {
    code: 'archived',
  });
  await asked(olga, 'change room', { room: room.slug, archived: false });
  assert.equal((await post(chat, hook.token, 'x', PLAIN_TYPE)).status, 200);

  await asked(olga, 'remove', { room: room.slug, person: hook.bot.id });
  assert.equal((await post(chat, hook.token, 'y', PLAIN_TYPE)).status, 404);
  assert.deepEqual((await asked<{ webhooks: Bot[] }>(olga, 'webhooks', { room: room.slug })).webhooks, []);
  assert.deepEqual((await asked<{ bots: Bot[] }>(olga, 'bots', {})).bots, []);
  await make(olga, 'Den builds', room.slug);
});

test('in a private room a webhook is open while its maker is in there, in a public one without them too', async (context) => {
  const { chat, olga, hook } = await scene(context);
  const ada = await chat.connect({ cookie: (await member(chat, 'Ada')).cookie });
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', { name: 'Den', kind: 'private' });
  const den = await make(ada, 'Den builds', room.slug);
  assert.equal((await post(chat, den.token, 'x', PLAIN_TYPE)).status, 200);
  await asked(ada, 'leave', { room: room.slug });
  assert.equal((await post(chat, den.token, 'y', PLAIN_TYPE)).status, 404);
  const { room: open } = await asked<{ room: MyRoom }>(olga, 'create room', { name: 'Yard', kind: 'public' });
  const yard = await make(olga, 'Yard builds', open.slug);
  await asked(olga, 'leave', { room: open.slug });
  assert.equal((await post(chat, yard.token, 'z', PLAIN_TYPE)).status, 200);
  assert.equal((await post(chat, hook.token, 'x', PLAIN_TYPE)).status, 200);
});

test('a webhook’s bot is a member of its room, can be added to no other, and says nothing there', async (context) => {
  const { chat, olga, hook } = await scene(context);
  const { members } = await asked<{ members: Member[] }>(olga, 'members', { room: 'general' });
  assert.partialDeepStrictEqual(members.map(({ person }) => person.name).toSorted(), ['Builds', 'Olga']);
  const { room } = await asked<{ room: MyRoom }>(olga, 'create room', { name: 'Den', kind: 'private' });
  const people = [hook.bot.id];
  const refused = [
    await ask(olga, 'add', { room: room.slug, people }),
    await ask(olga, 'create room', { name: 'Den', kind: 'private', people }),
    await ask(olga, 'direct', { people }),
  ];
  for (const answer of refused)
    assert.partialDeepStrictEqual(answer, { code: 'not allowed', why: 'webhook' });
  await post(chat, hook.token, `text=x&room=${room.slug}`, FORM_TYPE);
  assert.deepEqual([await bodies(olga), await bodies(olga, room.slug)], [['x'], []]);
  await say(olga, 'answers go nowhere');
});

/** A guest by this name, who hears what is said. */
async function enteredBy(chat: RunningChat, name: string): Promise<Client> {
  const client = await chat.connect({ cookie: (await chat.signIn(name)).cookie });
  await asked(client, 'hello', {});
  return client;
}
