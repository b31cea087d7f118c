/** Who one is: guests, members, sessions, the owner, roles, invites, bots. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GUEST_IDLE_LIMIT_MS } from '../server/idle-guests.ts';
import {
  type Bot,
  type ChatInfo,
  type Invite,
  LIMITS,
  type Me,
  type Member,
  type Person,
  type SessionInfo,
} from '../shared/events.ts';
import { ROLES, rolesToGive } from '../shared/roles.ts';
import {
  type Client,
  ask,
  asked,
  bodies,
  enter,
  heard,
  listen,
  postJson,
  readCookie,
  runChat,
  say,
} from './running-chat.ts';
import { PASSWORD, call, claim, member } from './visitors.ts';

const ended = (client: Client): Promise<void> =>
  new Promise((resolve) => client.once('disconnect', () => resolve()));

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
  assert.deepEqual(await info(), { name: 'Chat', entry: 'open', claimable: true });
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
  assert.deepEqual(await info(), { name: 'Tea', entry: 'open', claimable: false });
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

test('roles are given from above only, and count from that moment on', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const adaIs = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const bobIs = await chat.signIn('Bob');
  const give = async (by: Client, person: number, role: string): Promise<string> => {
    const answer = await ask<{ person: Person }>(by, 'give role', { person, role });
    return answer.ok ? answer.person.role : answer.code;
  };
  assert.equal(await give(ada, bobIs.me.id, 'member'), 'not allowed');
  assert.equal(await give(olga, 99, 'member'), 'no such person');
  assert.equal(await give(olga, adaIs.me.id, 'emperor'), 'invalid');
  await enter(ada);
  const told = heard(ada, 'me');
  assert.equal(await give(olga, adaIs.me.id, 'admin'), 'admin');
  assert.equal((await told).role, 'admin');
  assert.equal(await give(ada, bobIs.me.id, 'moderator'), 'moderator');
  assert.equal(await give(ada, bobIs.me.id, 'admin'), 'not allowed', 'not one’s own rank');
  assert.equal(await give(ada, adaIs.me.id, 'owner'), 'not allowed');
  assert.equal(await give(olga, adaIs.me.id, 'member'), 'member');
  assert.equal(await give(ada, bobIs.me.id, 'guest'), 'not allowed');
});

test('what the page offers to give is what the server lets one give', async (context) => {
  const chat = await runChat(context, { floodLimits: { asking: { burst: 1_000, perSecond: 1_000 } } });
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const adaIs = await member(chat, 'Ada');
  const bobIs = await chat.signIn('Bob');
  const { bot } = await asked<{ bot: Person }>(olga, 'create bot', { name: 'Helper' });
  const ada = await chat.connect({ cookie: adaIs.cookie });
  for (const by of ROLES.slice(1)) {
    await asked(olga, 'give role', { person: adaIs.me.id, role: by });
    for (const person of [bobIs.me, bot]) {
      for (const from of rolesToGive('owner', person)) {
        for (const role of ROLES) {
          await asked(olga, 'give role', { person: person.id, role: from });
          const answer = await ask(ada, 'give role', { person: person.id, role });
          const offered = rolesToGive(by, { ...person, role: from });
          assert.equal(answer.ok, offered.includes(role), `${by} makes ${from} ${person.name} ${role}`);
        }
      }
    }
  }
});

test('an invite lets in so many, until it expires or is revoked, and never gives more than its maker has', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const adaIs = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const guest = await chat.connect({ cookie: (await chat.signIn('Guest Bob')).cookie });
  assert.partialDeepStrictEqual(await ask(guest, 'invite', {}), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await ask(ada, 'invite', { role: 'admin' }), { code: 'invalid' });
  assert.partialDeepStrictEqual(await ask(ada, 'invite', { uses: 1_000_000 }), { code: 'too many' });
  const { room } = await asked<{ room: { slug: string } }>(ada, 'create room', {
    name: 'Den',
    kind: 'private',
  });
  type Made = { invite: Invite; code: string };
  const made = await asked<Made>(ada, 'invite', { room: room.slug, role: 'member', uses: 1 });
  assert.match(made.code, /^[\w-]{22}$/);

  const path = `/api/invites/${made.code}`;
  assert.deepEqual((await call(chat, 'GET', path, undefined)).value, { chat: 'Chat' }, 'and nothing else');
  assert.equal((await call(chat, 'POST', path, {})).status, 401, 'a name is needed');
  const cy = await call<{ me: Me; room: string }>(chat, 'POST', path, { name: 'Cy' });
  assert.deepEqual([cy.value.me.role, cy.value.room], ['member', 'den']);
  const socket = await chat.connect({ cookie: cy.cookie });
  await asked(socket, 'enter', { room: 'den' });
  assert.equal((await call(chat, 'POST', path, { name: 'Dee' })).status, 410, 'used up');

  const second = await asked<Made>(ada, 'invite', { days: 1 });
  now += 24 * 60 * 60 * 1_000;
  assert.equal((await call(chat, 'GET', `/api/invites/${second.code}`, undefined)).status, 410, 'expired');
  const third = await asked<Made>(ada, 'invite', {});
  assert.partialDeepStrictEqual(await ask(socket, 'revoke invite', { id: third.invite.id }), {
    code: 'gone',
  });
  assert.deepEqual((await asked<{ invites: Invite[] }>(ada, 'invites', {})).invites, [third.invite]);
  await asked(ada, 'revoke invite', { id: third.invite.id });
  assert.equal((await call(chat, 'POST', `/api/invites/${third.code}`, { name: 'Eve' })).status, 410);
});

test('a chat that is entered by invite only shows nothing to others', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const early = await chat.connect();
  const reader = await chat.connect();
  await enter(reader);
  const told = heard(reader, 'chat');
  const sentAway = Promise.all([ended(early), ended(reader)]);
  await asked(olga, 'configure', { entry: 'invite', name: 'Club' });
  assert.deepEqual(await told, { name: 'Club', entry: 'invite', claimable: false }, 'before it is sent away');
  await sentAway;
  assert.equal((await postJson(`${chat.url}/api/session`, { name: 'Eve' })).status, 403);
  const visitor = await chat.connect();
  for (const event of ['enter', 'history']) {
    assert.partialDeepStrictEqual(await ask(visitor, event, { room: 'general', before: 9 }), {
      code: 'no name',
    });
  }
  assert.equal((await fetch(`${chat.url}/api/rooms/general/messages`)).status, 401);
  visitor.emit('chat message', 'hello?');
  const visitorHears = listen(visitor, 'chat message');
  await say(olga, 'among ourselves');
  assert.partialDeepStrictEqual(await asked(visitor, 'hello', {}), { me: null, rooms: [], online: [] });
  assert.deepEqual(visitorHears, []);
  const { code } = await asked<{ code: string }>(olga, 'invite', {});
  const guest = await call<{ me: Me }>(chat, 'POST', `/api/invites/${code}`, { name: 'Ada' });
  assert.equal(guest.value.me.role, 'guest');
  const entered = await enter(await chat.connect({ cookie: guest.cookie }));
  assert.deepEqual(bodies(entered.messages), ['among ourselves']);
});

test('a bot is a client with a token: it hears, speaks, and ends when it is revoked', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const ada = await chat.connect({ cookie: (await member(chat, 'Ada')).cookie });
  await enter(ada);
  assert.partialDeepStrictEqual(await ask(ada, 'create bot', { name: 'Helper' }), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await ask(olga, 'create bot', { name: 'ada' }), { code: 'taken' });
  type Made = { bot: Person; token: string };
  const { bot, token } = await asked<Made>(olga, 'create bot', { name: 'Helper' });
  assert.partialDeepStrictEqual(bot, { name: 'Helper', role: 'member', bot: true });

  await assert.rejects(chat.connect({}, { token: 'x'.repeat(43) }), /not valid/);
  await assert.rejects(chat.connect({}, { token: { $ne: '' } }), /not valid/);
  assert.equal(
    (await call<{ me: null }>(chat, 'GET', '/api/session', undefined, `chat_session=${token}`)).value.me,
    null,
  );
  const helper = await chat.connect({}, { token });
  const fromBot = heard(ada, 'message');
  helper.emit('chat message', 'beep');
  assert.deepEqual((await fromBot).from, bot);
  const bearer = { authorization: `Bearer ${token}` };
  const posted = await postJson(`${chat.url}/api/rooms/general/messages`, { body: 'over HTTP' }, bearer);
  assert.equal(posted.status, 200);
  assert.equal(
    (await fetch(`${chat.url}/api/rooms`, { headers: { authorization: 'Bearer nonsense' } })).status,
    401,
  );
  assert.equal((await asked<{ bots: Bot[] }>(olga, 'bots', {})).bots.length, 1);

  for (const [name, code] of [
    [undefined, 'invalid'],
    [7, 'invalid'],
    ['', 'invalid'],
    [' \u200b ', 'invalid'],
    ['x'.repeat(LIMITS.nameGraphemes + 1), 'invalid'],
    ['Admin', 'invalid'],
    ['HELPER', 'taken'],
    ['Ｈｅｌｐｅｒ', 'taken'],
  ]) {
    assert.partialDeepStrictEqual(await ask(olga, 'create bot', { name }), { ok: false, code }, String(name));
  }
  for (const [id, code] of [
    [undefined, 'invalid'],
    ['1', 'invalid'],
    [-1, 'invalid'],
    [99, 'no such person'],
    [bot.id - 1, 'no such person'],
  ]) {
    assert.partialDeepStrictEqual(await ask(olga, 'revoke bot', { id }), { ok: false, code }, String(id));
  }
  assert.partialDeepStrictEqual(await ask(ada, 'revoke bot', { id: bot.id }), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await ask(ada, 'bots', {}), { code: 'not allowed' });
  assert.partialDeepStrictEqual(await ask(helper, 'create bot', { name: 'Child' }), { code: 'not allowed' });

  const gone = heard(ada, 'member');
  const closed = ended(helper);
  await asked(olga, 'revoke bot', { id: bot.id });
  await closed;
  assert.partialDeepStrictEqual(await gone, { person: { id: bot.id }, joined: false });
  assert.partialDeepStrictEqual(await ask(olga, 'revoke bot', { id: bot.id }), { code: 'no such person' });
  assert.partialDeepStrictEqual(await ask(olga, 'give role', { person: bot.id, role: 'guest' }), {
    code: 'no such person',
  });
  assert.deepEqual((await asked<{ bots: Bot[] }>(olga, 'bots', {})).bots, []);
  assert.equal((await postJson(`${chat.url}/api/rooms/general/messages`, { body: 'x' }, bearer)).status, 401);
  await asked(olga, 'create bot', { name: 'Helper' });
});
