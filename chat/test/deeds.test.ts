/** What those who may do more than others did can be read by those who may configure the chat. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqliteStore } from '../server/store/sqlite/store.ts';
import type { Deed, Invite, Message, MyRoom, Person } from '../shared/events.ts';
import { ask, asked, newNonce, postJson, readCookie, runChat, say } from './running-chat.ts';
import { call, claim, member } from './visitors.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('each deed is noted once, with who, whom and where, and without what was said', async (context) => {
  const chat = await runChat(context);
  const ownerIs = await claim(chat);
  const olga = await chat.connect({ cookie: ownerIs.cookie });
  const adaIs = await member(chat, 'Ada');
  const ada = await chat.connect({ cookie: adaIs.cookie });
  await asked(olga, 'give role', { person: adaIs.me.id, role: 'admin' });
  await call(chat, 'POST', '/api/session', { name: 'Countess' }, adaIs.cookie);
  await asked(olga, 'configure', { name: 'Tea house', entry: 'open' });
  const { bot } = await asked<{ bot: Person }>(ada, 'create bot', { name: 'Helper' });
  await asked(ada, 'revoke bot', { id: bot.id });
  const invited = await asked<{ invite: Invite; code: string }>(ada, 'invite', { role: 'member' });
  const gusIs = await chat.signIn('Gus');
  await call(chat, 'POST', `/api/invites/${invited.code}`, {}, gusIs.cookie);
  await asked(ada, 'revoke invite', { id: invited.invite.id });
  const gus = await chat.connect({ cookie: gusIs.cookie });
  const { seq } = await say(gus, 'a rude word');
  const own = await say(ada, 'my own');
  for (const one of [seq, seq, own.seq]) await asked(ada, 'delete', { room: 'general', seq: one });
  const { room } = await asked<{ room: MyRoom }>(ada, 'create room', {
    name: 'Den',
    kind: 'private',
    people: [gusIs.me.id],
  });
  for (let count = 0; count < 2; count += 1) {
    await asked(ada, 'remove', { room: room.slug, person: gusIs.me.id });
  }
  await asked(ada, 'change room', { room: room.slug, archived: true });
  await asked(ada, 'change room', { room: room.slug, archived: false });
  await asked(ada, 'recover', { id: gusIs.me.id });
  await asked(olga, 'give role', { person: adaIs.me.id, role: 'owner' });

  const { deeds, more } = await asked<{ deeds: Deed[]; more: boolean }>(olga, 'deeds', {});
  assert.equal(more, false);
  assert.deepEqual(
    deeds
      .toReversed()
      .map(({ by, what, about, room: where, detail }) =>
        [by?.name, what, about?.name, where === null ? 'a room' : where?.name, detail]
          .filter((word) => word !== undefined)
          .join(' | '),
      ),
    [
      'Olga | chat claimed',
      'Olga | role given | Countess | admin',
      'Countess | person renamed | Countess | Ada',
      'Olga | chat configured | name, entry open',
      'Countess | bot made | Helper',
      'Countess | bot revoked | Helper',
      'Countess | invite made | member',
      `Countess | role given | Gus | member, invite ${invited.invite.id}`,
      'Countess | invite revoked',
      `Countess | message deleted | Gus | General | ${seq}`,
      'Countess | person removed | Gus | a room',
      'Countess | room archived | a room',
      'Countess | room reopened | a room',
      'Countess | recovery link made | Gus',
      'Olga | ownership given | Countess',
    ],
  );
  assert.doesNotMatch(JSON.stringify(deeds), new RegExp(`rude|Den|${room.slug}`));
  const hers = await asked<{ deeds: Deed[] }>(ada, 'deeds', { person: gusIs.me.id, what: 'person removed' });
  assert.deepEqual(
    hers.deeds.map((deed) => deed.room),
    [{ slug: room.slug, name: 'Den' }],
    'who is in the room reads its name',
  );
  for (const client of [gus, await chat.connect()]) {
    assert.equal((await ask(client, 'deeds', {})).ok, false);
  }
  for (const before of [0, -1, 'x', null, {}]) {
    for (const field of ['before', 'person', 'what']) {
      assert.partialDeepStrictEqual(await ask(olga, 'deeds', { [field]: before }), { code: 'invalid' });
    }
  }
});

test('deeds are paged backwards', async (context) => {
  const chat = await runChat(context, { now: () => 5 });
  const olga = await chat.connect({ cookie: (await claim(chat)).cookie });
  const { me } = await member(chat, 'Ada');
  for (let count = 0; count < 60; count += 1) {
    await asked(olga, 'give role', { person: me.id, role: count % 2 === 0 ? 'admin' : 'member' });
    if (count % 20 === 19) olga.disconnect().connect();
  }
  const first = await asked<{ deeds: Deed[]; more: boolean }>(olga, 'deeds', {});
  const before = first.deeds.at(-1)?.id;
  const rest = await asked<{ deeds: Deed[]; more: boolean }>(olga, 'deeds', { before });
  assert.deepEqual([first.deeds.length, first.more, rest.deeds.length, rest.more], [50, true, 11, false]);
  assert.equal(new Set([...first.deeds, ...rest.deeds].map(({ id }) => id)).size, 61);
});

test('deeds are forgotten after 400 days, with the next sweep', async (context) => {
  const dataFolder = temporaryFolder(context);
  const day = 24 * 60 * 60_000;
  const first = await runChat(context, { dataFolder, now: () => day });
  const { cookie } = await claim(first);
  await asked(await first.connect({ cookie }), 'configure', { name: 'Tea house' });
  await first.close();
  const kept = async (atDay: number): Promise<number> => {
    const store = openSqliteStore(dataFolder);
    const chat = await runChat(context, { dataFolder, store, now: () => atDay * day });
    const deeds = await store.deeds.list({ reader: 1, before: null, limit: 10 });
    await chat.close();
    return deeds.length;
  };
  assert.deepEqual([await kept(401), await kept(402)], [2, 0]);
});

test('on a full disk a deed that could be done is answered, and the log has it', async (context) => {
  const store = openSqliteStore(temporaryFolder(context));
  context.mock.method(store.deeds, 'note', () => Promise.reject(new Error('no space')));
  const chat = await runChat(context, { store });
  const claimed = await postJson(`${chat.url}/api/owner`, { name: 'Olga' });
  const olga = await chat.connect({ cookie: readCookie(claimed) });
  const guest = await chat.connect({ cookie: (await chat.signIn('Gus')).cookie });
  const said = await asked<{ message: Message }>(guest, 'send', {
    room: 'general',
    nonce: newNonce(),
    body: 'x',
  });
  await asked(olga, 'delete', { room: 'general', seq: said.message.seq });
  assert.match(chat.errors.join('\n'), /Cannot note what was done: Error: no space/);
});
