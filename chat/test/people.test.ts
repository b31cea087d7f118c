/** Who one is: guests, members, sessions, the owner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUEST_IDLE_LIMIT_MS } from '../server/idle-guests.ts';
import { type ChatInfo, type Me, type Member, type SessionInfo } from '../shared/events.ts';
import { asked, enter, heard, listen, postJson, readCookie, runChat, say } from './running-chat.ts';
import { PASSWORD, call, ended, member } from './visitors.ts';

test('a guest becomes a member and keeps what they said; they can sign in elsewhere', async (context) => {
  const chat = await runChat(context);
  const { me, cookie } = await chat.signIn('Ada');
  assert.deepEqual([me.role, me.hasPassword], ['guest', false]);
  const ada = await chat.connect({ cookie });
  await enter(ada);
  await say(ada, 'as a guest');
  const told = heard(ada, 'me');
  const made = await call<{ me: Me }>(
    chat,
    'POST',
    '/api/account',
    { password: PASSWORD, name: 'Countess' },
    cookie,
  );
  assert.deepEqual(made.value.me, { id: me.id, name: 'Countess', role: 'member', hasPassword: true });
  assert.deepEqual(await told, made.value.me);
  assert.notEqual(made.cookie, cookie, 'the token is another one');
  assert.equal(
    (await call<{ me: Me | null }>(chat, 'GET', '/api/session', undefined, cookie)).value.me,
    null,
  );
  assert.equal((await say(ada, 'as a member')).from.role, 'member', 'the open socket stays');
  assert.deepEqual(
    (await enter(ada)).messages.map((message) => message.from.name),
    ['Countess', 'Countess'],
  );
  assert.equal((await call(chat, 'POST', '/api/account', { password: PASSWORD }, made.cookie)).status, 400);

  const other = await call<{ me: Me }>(chat, 'POST', '/api/sign-in', {
    name: 'countess',
    password: PASSWORD,
  });
  assert.equal(other.value.me.id, me.id);
  const wrong = [
    { name: 'Countess', password: 'not this one' },
    { name: 'Nobody', password: PASSWORD },
  ];
  for (const attempt of wrong) {
    const refused = await call<{ code: string; text: string }>(chat, 'POST', '/api/sign-in', attempt);
    assert.deepEqual([refused.status, refused.value.code], [403, 'wrong password']);
    assert.match(refused.value.text, /name or the password/, 'which of the two is not told');
  }
});

test('passwords that anybody would guess are refused, and guessing has an end', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const { cookie } = await chat.signIn('Ada Lovelace');
  for (const password of [
    'short',
    '1234567890',
    'aaaaaaaaaaaa',
    'ada lovelace',
    'x'.repeat(100_000),
    7,
    null,
  ]) {
    const refused = await call<{ ok: boolean }>(chat, 'POST', '/api/account', { password }, cookie);
    assert.equal(refused.value.ok, false, String(password).slice(0, 20));
  }
  await call(chat, 'POST', '/api/account', { password: PASSWORD }, cookie);
  const attempt = (password: string): Promise<{ status: number }> =>
    call(chat, 'POST', '/api/sign-in', { name: 'Ada Lovelace', password });
  for (let count = 0; count < 10; count += 1) assert.equal((await attempt('wrong')).status, 403);
  assert.equal((await attempt(PASSWORD)).status, 429, 'now even the right one has to wait');
  now += 18_000;
  assert.equal((await attempt(PASSWORD)).status, 200);
});

test('sessions are listed and revoked, and a revoked one’s sockets close at once', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await member(chat, 'Ada');
  const phone = await call<{ me: Me }>(chat, 'POST', '/api/sign-in', { name: 'Ada', password: PASSWORD });
  const list = async (): Promise<SessionInfo[]> =>
    (await call<{ sessions: SessionInfo[] }>(chat, 'GET', '/api/sessions', undefined, cookie)).value.sessions;
  const sessions = await list();
  assert.equal(sessions.length, 2);
  assert.equal(sessions.filter((session) => session.current).length, 1);
  const socket = await chat.connect({ cookie: phone.cookie });
  const bob = await chat.signIn('Bob');
  const other = sessions.find((session) => !session.current)?.id;
  const byBob = await call(chat, 'DELETE', `/api/sessions/${other}`, undefined, bob.cookie);
  assert.equal(byBob.status, 410, 'not by others');

  const notice = heard(socket, 'notice');
  const closed = ended(socket);
  await call(chat, 'DELETE', `/api/sessions/${other}`, undefined, cookie);
  assert.deepEqual(await notice, { what: 'signed out' });
  await closed;
  assert.equal((await list()).length, 1);
  assert.equal(
    (await call<{ me: null }>(chat, 'GET', '/api/session', undefined, phone.cookie)).value.me,
    null,
  );

  const tablet = await call<{ me: Me }>(chat, 'POST', '/api/sign-in', { name: 'Ada', password: PASSWORD });
  const tabletSocket = await chat.connect({ cookie: tablet.cookie });
  const tabletClosed = ended(tabletSocket);
  const ask = { old: PASSWORD, password: 'another long one' };
  assert.equal((await call(chat, 'POST', '/api/account/password', { ...ask, old: 'x' }, cookie)).status, 403);
  const changed = await call(chat, 'POST', '/api/account/password', ask, cookie);
  assert.equal(changed.status, 200);
  await tabletClosed;
});

test('the name of a member, and what looks like it, is theirs alone; guests get a number', async (context) => {
  const chat = await runChat(context);
  await member(chat, 'Ada');
  const taken = async (name: string): Promise<string> => {
    const response = await postJson(`${chat.url}/api/session`, { name });
    return ((await response.json()) as { code?: string }).code ?? 'given';
  };
  assert.equal(await taken('ADA'), 'taken');
  assert.equal(await taken('Ａｄａ'), 'taken');
  assert.equal(await taken('Admin'), 'invalid');
  assert.equal(await taken('everyone'), 'invalid');
  assert.equal((await chat.signIn('Bob')).me.name, 'Bob');
  const second = await chat.signIn('Bob');
  assert.equal(second.me.name, 'Bob 2');
  assert.equal((await chat.signIn('B'.repeat(24))).me.name, 'B'.repeat(24));
  assert.equal((await chat.signIn('B'.repeat(24))).me.name, `${'B'.repeat(22)} 2`);
  const rename = await call<{ code: string }>(chat, 'POST', '/api/session', { name: 'Ada' }, second.cookie);
  assert.equal(rename.value.code, 'taken');
});

test('a guest who said nothing and stays away is not listed for ever', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  await enter(ada);
  await chat.signIn('Silent');
  now += GUEST_IDLE_LIMIT_MS - 1;
  const spoke = await chat.connect({ cookie: (await chat.signIn('Loud')).cookie });
  await say(spoke, 'hello');
  const told = listen(ada, 'member');
  const members = async (): Promise<string[]> =>
    (await asked<{ members: Member[] }>(ada, 'members', { room: 'general' })).members.map(
      ({ person }) => person.name,
    );
  context.mock.timers.tick(60_000);
  assert.deepEqual(await members(), ['Ada', 'Loud', 'Silent']);
  now += 2;
  const gone = heard(ada, 'member');
  context.mock.timers.tick(60_000);
  assert.partialDeepStrictEqual(await gone, { room: 'general', person: { name: 'Silent' }, joined: false });
  assert.deepEqual(await members(), ['Ada', 'Loud'], 'Ada said nothing, but is here');
  assert.equal(told.length, 1);
  assert.equal((await chat.signIn('Silent')).me.name, 'Silent');
});

test('behind a proxy of ours nobody is at this machine: the link alone counts', async (context) => {
  const chat = await runChat(context, { ownerCode: 'the code of the console', trustProxy: true });
  const info = (await (await fetch(`${chat.url}/api/chat`)).json()) as ChatInfo;
  assert.equal(info.claimable, false);
  const claim = (body: object): Promise<Response> => postJson(`${chat.url}/api/owner`, body);
  assert.equal((await claim({ name: 'Eve' })).status, 403);
  assert.equal((await claim({ name: 'Olga', code: 'the code of the console' })).status, 200);
});

test('somebody at this machine may claim the chat, others need the link, and nobody can twice', async (context) => {
  const chat = await runChat(context, { ownerCode: 'the code of the console' });
  const info = async (headers = {}): Promise<ChatInfo> =>
    (await fetch(`${chat.url}/api/chat`, { headers })).json() as Promise<ChatInfo>;
  assert.deepEqual(await info(), { name: 'Chat', accent: 'green', entry: 'open', claimable: true });
  const through = { 'x-forwarded-for': '203.0.113.5' };
  assert.equal((await info(through)).claimable, false, 'through a proxy one may be anywhere');
  const claimFrom = async (body: object, headers = {}): Promise<Response> =>
    postJson(`${chat.url}/api/owner`, body, headers);
  assert.equal((await claimFrom({ name: 'Eve' }, through)).status, 403);
  assert.equal((await claimFrom({ name: 'Eve', code: 'a guess' }, through)).status, 403);
  assert.equal((await claimFrom({ name: 'Eve', password: 'short' })).status, 400);
  assert.equal((await claimFrom({})).status, 401, 'somebody without a name');

  const race = await Promise.all(
    ['Olga', 'Otto', 'Oona'].map((name) =>
      claimFrom({ name, code: 'the code of the console', chat: 'Tea' }, through),
    ),
  );
  assert.deepEqual(
    race.map((response) => response.status).sort((a, b) => a - b),
    [200, 410, 410],
  );
  const winner = race.find((response) => response.status === 200);
  assert.ok(winner !== undefined);
  const { me } = (await winner.json()) as { me: Me };
  assert.deepEqual([me.role, me.hasPassword], ['owner', false]);
  assert.deepEqual(await info(), { name: 'Tea', accent: 'green', entry: 'open', claimable: false });
  assert.equal((await claimFrom({ name: 'Eve' })).status, 410);
  const account = await call<{ me: Me }>(
    chat,
    'POST',
    '/api/account',
    { password: PASSWORD },
    readCookie(winner),
  );
  assert.deepEqual([account.value.me.role, account.value.me.hasPassword], ['owner', true]);
});
