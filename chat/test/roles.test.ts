/** Who may do what: roles, invites, a closed chat, bots. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bot, type Invite, LIMITS, type Me, type Person } from '../shared/events.ts';
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
  runChat,
  say,
} from './running-chat.ts';
import { PASSWORD, call, claim, ended, member } from './visitors.ts';

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

test('a role that is taken while a password is being set stays taken', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const { me, cookie } = await chat.signIn('Bob');
  await asked(olga, 'give role', { person: me.id, role: 'admin' });
  const made = call<{ me: Me }>(chat, 'POST', '/api/account', { password: PASSWORD }, cookie);
  // Answered when the one before is at its hash, which takes longer.
  await call(chat, 'GET', '/api/session', undefined, cookie);
  await asked(olga, 'give role', { person: me.id, role: 'moderator' });
  assert.equal((await made).value.me.role, 'moderator');
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
  assert.deepEqual([cy.value.me.role, cy.value.room], ['member', room.slug]);
  const socket = await chat.connect({ cookie: cy.cookie });
  await asked(socket, 'enter', { room: room.slug });
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
  assert.deepEqual(
    await told,
    { name: 'Club', accent: 'green', entry: 'invite', claimable: false },
    'before it is sent away',
  );
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
