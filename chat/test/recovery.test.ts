/** Whoever lost their password, or the browser in which they were somebody, comes back; the chat finds a new owner. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Me, Person } from '../shared/events.ts';
import { RECOVERY_LIFETIME_MS } from '../server/recovery.ts';
import { type Client, type RunningChat, ask, asked, heard, listen, runChat, say } from './running-chat.ts';
import { PASSWORD, call, claim, member } from './visitors.ts';

const NEW_PASSWORD = 'an entirely new one';

const recover = (
  chat: RunningChat,
  code: string,
  password: unknown = NEW_PASSWORD,
  cookie = '',
): Promise<{ status: number; value: { me: Me }; cookie: string }> =>
  call(chat, 'POST', `/api/recovery/${code}`, { password }, cookie);

async function link(by: Client, id: number): Promise<string> {
  return (await asked<{ code: string }>(by, 'recover', { id })).code;
}

test('a member who lost the password comes back by a link, once, and everywhere else is signed out', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const adaIs = await member(chat, 'Ada');
  const elsewhere = await chat.connect({ cookie: adaIs.cookie });
  const code = await link(olga, adaIs.me.id);
  assert.match(code, /^[\w-]{22}$/);
  const shown = await call<{ name: string }>(chat, 'GET', `/api/recovery/${code}`, undefined);
  assert.deepEqual(shown.value, { name: 'Ada', passkeys: [] });
  for (const password of ['short', 'password123', 7, null, 'x'.repeat(50_000)]) {
    assert.ok((await recover(chat, code, password)).status >= 400, String(password).slice(0, 20));
  }
  const notice = heard(elsewhere, 'notice');
  const guest = await chat.signIn('Somebody');
  const back = await recover(chat, code, NEW_PASSWORD, guest.cookie);
  assert.equal(back.status, 200, 'refused passwords have not used it up');
  assert.deepEqual(back.value.me, adaIs.me);
  assert.deepEqual(await notice, { what: 'signed out' });
  for (const cookie of [adaIs.cookie, guest.cookie]) {
    const session = await call<{ me: Me | null }>(chat, 'GET', '/api/session', undefined, cookie);
    assert.equal(session.value.me, null);
  }
  assert.equal((await say(await chat.connect({ cookie: back.cookie }), 'back')).from.name, 'Ada');
  assert.equal((await recover(chat, code)).status, 410);
  assert.equal((await call(chat, 'GET', `/api/recovery/${code}`, undefined)).status, 410);
  const signIn = (password: string): Promise<{ status: number }> =>
    call(chat, 'POST', '/api/sign-in', { name: 'Ada', password });
  assert.equal((await signIn(PASSWORD)).status, 403);
  assert.equal((await signIn(NEW_PASSWORD)).status, 200);
});

test('a guest who lost the browser comes back as a member with all that they said', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const guest = await chat.signIn('Gus');
  await say(await chat.connect({ cookie: guest.cookie }), 'mine');
  const told = heard(olga, 'person');
  await olga.timeout(5_000).emitWithAck('hello', {});
  const back = await recover(chat, await link(olga, guest.me.id));
  assert.deepEqual(back.value.me, { id: guest.me.id, name: 'Gus', role: 'member', hasPassword: true });
  assert.equal((await told).role, 'member');
});

test('a link leads nowhere after a day, or when a newer one is made; guessing has an end', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const { me } = await member(chat, 'Ada');
  const first = await link(olga, me.id);
  const second = await link(olga, me.id);
  assert.equal((await recover(chat, first)).status, 410);
  now += RECOVERY_LIFETIME_MS;
  assert.equal((await recover(chat, second)).status, 410);
  const statuses = [];
  for (let count = 0; count < 40; count += 1) {
    statuses.push((await recover(chat, 'A'.repeat(22))).status);
  }
  assert.deepEqual([statuses[0], statuses.at(-1)], [410, 429]);
  assert.equal((await recover(chat, 'x'.repeat(3_000))).status, 429);
});

test('nobody makes a link upwards, to an equal, to themselves or for a program', async (context) => {
  const chat = await runChat(context);
  const ownerIs = await claim(chat);
  const olga = await chat.connect({ cookie: ownerIs.cookie });
  const [adaIs, bobIs] = [await member(chat, 'Ada'), await member(chat, 'Bob')];
  for (const { me } of [adaIs, bobIs]) await asked(olga, 'give role', { person: me.id, role: 'admin' });
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const cyIs = await member(chat, 'Cy');
  const cy = await chat.connect({ cookie: cyIs.cookie });
  const { bot } = await asked<{ bot: Person }>(olga, 'create bot', { name: 'Helper' });
  for (const [by, id, code] of [
    [ada, ownerIs.me.id, 'not allowed'],
    [ada, bobIs.me.id, 'not allowed'],
    [ada, adaIs.me.id, 'not allowed'],
    [olga, ownerIs.me.id, 'not allowed'],
    [olga, bot.id, 'not allowed'],
    [cy, cyIs.me.id, 'not allowed'],
    [olga, 999, 'no such person'],
  ] as const) {
    assert.partialDeepStrictEqual(await ask(by, 'recover', { id }), { ok: false, code });
  }
  assert.equal((await recover(chat, await link(ada, cyIs.me.id))).status, 200);
});

test('a link is worth nothing once whom it leads to has risen, or who made it has fallen', async (context) => {
  const chat = await runChat(context);
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const [adaIs, bobIs, cyIs] = [
    await member(chat, 'Ada'),
    await member(chat, 'Bob'),
    await member(chat, 'Cy'),
  ];
  const give = (person: number, role: string): Promise<unknown> => asked(olga, 'give role', { person, role });
  await give(adaIs.me.id, 'admin');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const [toBob, toCy] = [await link(ada, bobIs.me.id), await link(ada, cyIs.me.id)];
  await give(bobIs.me.id, 'admin');
  assert.equal((await call(chat, 'GET', `/api/recovery/${toBob}`, undefined)).status, 410, 'an equal');
  await give(bobIs.me.id, 'owner');
  assert.equal((await recover(chat, toBob)).status, 410, 'the owner');
  const bob = await chat.connect({ cookie: bobIs.cookie });
  await asked(bob, 'give role', { person: adaIs.me.id, role: 'moderator' });
  assert.equal((await recover(chat, toCy)).status, 410, 'by who may make none any more');
  await asked(bob, 'give role', { person: adaIs.me.id, role: 'admin' });
  assert.equal((await recover(chat, toCy)).status, 200);
});

test('the owner hands the chat over to a member with a password, and is an admin then', async (context) => {
  const chat = await runChat(context);
  const ownerIs = await claim(chat);
  const olga = await chat.connect({ cookie: ownerIs.cookie });
  const adaIs = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  const guest = await chat.signIn('Gus');
  const { bot } = await asked<{ bot: Person }>(olga, 'create bot', { name: 'Helper' });
  const give = (by: Client, person: number): ReturnType<typeof ask> =>
    ask(by, 'give role', { person, role: 'owner' });
  const people = listen(ada, 'me');
  for (const id of [ownerIs.me.id, guest.me.id, bot.id]) {
    assert.partialDeepStrictEqual(await give(olga, id), { ok: false, code: 'not allowed' });
  }
  await asked(olga, 'give role', { person: guest.me.id, role: 'member' });
  assert.partialDeepStrictEqual(await give(olga, guest.me.id), { code: 'not allowed' }, 'no password');
  await asked(olga, 'give role', { person: adaIs.me.id, role: 'admin' });
  assert.partialDeepStrictEqual(await give(ada, adaIs.me.id), { code: 'not allowed' }, 'not theirs to give');
  assert.partialDeepStrictEqual(await give(olga, adaIs.me.id), { ok: true, person: { role: 'owner' } });
  assert.partialDeepStrictEqual(await give(olga, adaIs.me.id), { code: 'not allowed' }, 'not hers any more');
  await asked(ada, 'give role', { person: ownerIs.me.id, role: 'member' });
  assert.equal(people.at(-1)?.role, 'owner');
});

test('everybody hears at once that a chat has an owner and another name', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  await asked(ada, 'hello', {});
  const told = heard(ada, 'chat');
  await call(chat, 'POST', '/api/owner', { name: 'Olga', chat: 'Tea house' });
  assert.deepEqual(await told, { name: 'Tea house', accent: 'green', entry: 'open', claimable: false });
});
