/** What people do: come in, say something, scroll up, come back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, LIMITS } from '../shared/events.ts';
import { ask, asked, bodies, enter, heard, listen, newNonce, runChat, say } from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a name, a room, a message: others see it, and it is there after a restart', async (context) => {
  const dataFolder = temporaryFolder(context);
  const chat = await runChat(context, { dataFolder });
  const { me, cookie } = await chat.signIn('  Ada ');
  assert.equal(me.name, 'Ada');
  const ada = await chat.connect({ cookie });
  const adasOtherTab = await chat.connect({ cookie });
  const bob = await chat.connect();
  const entered = await enter(ada);
  assert.partialDeepStrictEqual(entered, {
    me,
    room: { slug: 'general', lastSeq: 0, rev: 0 },
    messages: [],
    caughtUp: false,
    older: false,
  });
  await enter(adasOtherTab);
  assert.equal((await enter(bob)).me, null);

  const adaHears = listen(ada, 'message');
  const others = Promise.all([heard(bob, 'message'), heard(adasOtherTab, 'message')]);
  const nonce = newNonce();
  const message = await say(ada, 'Hello, Bob', nonce);
  assert.partialDeepStrictEqual(message, {
    room: 'general',
    seq: 1,
    rev: 1,
    from: { id: me.id, name: 'Ada', role: 'guest' },
    body: 'Hello, Bob',
    nonce,
  });
  const { nonce: _, ...public_ } = message;
  assert.deepEqual(
    await others,
    [public_, message],
    'the nonce is for all devices of the sender, and for nobody else',
  );
  assert.deepEqual(adaHears, [], 'the sender has the answer instead');

  await chat.close();
  const again = await runChat(context, { dataFolder });
  const back = await enter(await again.connect({ cookie }));
  assert.deepEqual(back.messages, [message]);
  assert.deepEqual((await enter(await again.connect())).messages, [public_]);
  assert.deepEqual(back.me, me);
});

test('a repeated nonce gets the same answer and is neither stored nor delivered again', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await chat.signIn('Ada');
  const ada = await chat.connect({ cookie });
  const bob = await chat.connect();
  await enter(bob);
  const bobHears = listen(bob, 'message');
  const nonce = newNonce();
  const first = await say(ada, 'once', nonce);
  assert.deepEqual(await say(await chat.connect({ cookie }), 'once', nonce), first);
  assert.equal((await say(ada, 'twice')).seq, 2);
  assert.deepEqual(bodies((await enter(bob)).messages), ['once', 'twice']);
  assert.deepEqual(bodies(bobHears), ['once', 'twice']);
});

test('history pages by seq, and enter brings what changed since a rev', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  for (let seq = 1; seq <= 120; seq += 1) {
    now += 2_000;
    await say(ada, `number ${seq}`);
  }
  const newest = await enter(ada);
  assert.deepEqual(
    [newest.messages.length, newest.messages[0]?.seq, newest.older],
    [LIMITS.pageSize, 71, true],
  );
  assert.deepEqual([newest.room.lastSeq, newest.room.rev], [120, 120]);

  type Page = { messages: Message[]; older: boolean };
  const page = async (payload: object): Promise<[number | undefined, number | undefined, boolean]> => {
    const { messages, older } = await asked<Page>(ada, 'history', { room: 'general', ...payload });
    return [messages[0]?.seq, messages.at(-1)?.seq, older];
  };
  assert.deepEqual(await page({ before: 71 }), [21, 70, true]);
  assert.deepEqual(await page({ before: 21 }), [1, 20, false]);
  assert.deepEqual(await page({ before: 1 }), [undefined, undefined, false]);
  assert.deepEqual(await page({ before: 11, limit: 3 }), [8, 10, true]);
  assert.deepEqual(await page({ before: 121, limit: 1_000 }), [21, 120, true], 'a limit has a limit');

  const missed = await enter(ada, 117);
  assert.deepEqual(bodies(missed.messages), ['number 118', 'number 119', 'number 120']);
  assert.deepEqual([missed.caughtUp, missed.older], [true, true]);
  const nothing = await enter(ada, 120);
  assert.deepEqual([nothing.messages, nothing.caughtUp], [[], true]);
  for (let seq = 121; seq <= 220; seq += 1) {
    now += 2_000;
    await say(ada, `number ${seq}`);
  }
  const tooLongAgo = await enter(ada, 19);
  assert.deepEqual([tooLongAgo.messages[0]?.seq, tooLongAgo.caughtUp], [171, false]);
  assert.equal((await enter(ada, 20)).messages.length, LIMITS.maxChanges);
  const fromTheFuture = await enter(ada, 500);
  assert.deepEqual([fromTheFuture.messages[0]?.seq, fromTheFuture.caughtUp], [171, false]);
});

test('the tutorial’s client hears and speaks by "chat message"', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  await enter(ada);
  const tutorial = await chat.connect();
  const other = await chat.connect();
  const adaHears = listen(ada, 'message');
  const adaHearsTutorial = listen(ada, 'chat message');
  const tutorialHears = listen(tutorial, 'chat message');
  const tutorialHearsMessages = listen(tutorial, 'message');

  const echo = heard(tutorial, 'chat message');
  const toOther = heard(other, 'chat message');
  tutorial.emit('chat message', 'hi from the tutorial');
  assert.deepEqual(await Promise.all([echo, toOther]), ['hi from the tutorial', 'hi from the tutorial']);
  const next = heard(tutorial, 'chat message');
  await say(ada, 'hi from the page');
  assert.equal(await next, 'hi from the page');

  tutorial.emit('chat message', ' \n ');
  tutorial.emit('chat message', 'x'.repeat(LIMITS.bodyChars + 1));
  for (const body of ['three', 'four']) tutorial.emit('chat message', body);
  while (adaHears.length < 3) await heard(ada, 'message');
  // Whatever the server sent the tutorial's socket before this answer has arrived there.
  await asked(tutorial, 'history', { room: 'general', before: 1 });
  assert.deepEqual(bodies(adaHears), ['hi from the tutorial', 'three', 'four']);
  assert.deepEqual(adaHearsTutorial, [], 'who entered a room hears messages only');
  assert.deepEqual(tutorialHears, ['hi from the tutorial', 'hi from the page', 'three', 'four']);
  assert.deepEqual(tutorialHearsMessages, []);
  assert.match(adaHears[0]?.from.name ?? '', /^Guest \d{4}$/);
  assert.equal(new Set(adaHears.map((message) => message.from.id)).size, 1, 'a socket stays the same guest');

  const fromAda = heard(tutorial, 'chat message');
  ada.emit('chat message', 'as Ada');
  await fromAda;
  assert.equal((await enter(ada)).messages.at(-1)?.from.name, 'Ada');
});

test('messages of one turn arrive in their order', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const bob = await chat.connect();
  await enter(bob);
  const bobHears = listen(bob, 'message');
  const wanted = Array.from({ length: 10 }, (_, index) => `number ${index}`);
  await Promise.all(wanted.map((body) => say(ada, body)));
  await enter(bob);
  assert.deepEqual(bodies(bobHears), wanted);
});

test('who has no name may read but not send; a name counts from the next connection on', async (context) => {
  const chat = await runChat(context);
  const visitor = await chat.connect();
  await enter(visitor);
  const payload = { room: 'general', nonce: newNonce(), body: 'hello' };
  assert.partialDeepStrictEqual(await ask(visitor, 'send', payload), { ok: false, code: 'no name' });
  const { cookie } = await chat.signIn('Ada');
  assert.equal((await say(await chat.connect({ cookie }), 'hello')).from.name, 'Ada');
});

test('sending too fast is answered, and time helps', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => now });
  const { cookie } = await chat.signIn('Ada');
  const ada = await chat.connect({ cookie });
  const otherTab = await chat.connect({ cookie });
  for (let count = 0; count < 10; count += 1) await say(ada, `number ${count}`);
  const send = { room: 'general', nonce: newNonce(), body: 'too much' };
  assert.partialDeepStrictEqual(await ask(ada, 'send', send), { ok: false, code: 'too fast' });
  assert.partialDeepStrictEqual(
    await ask(otherTab, 'send', send),
    { code: 'too fast' },
    'the limit is a person’s',
  );
  const bob = await chat.connect({ cookie: (await chat.signIn('Bob')).cookie });
  await say(bob, 'not concerned');
  now += 2_000;
  assert.partialDeepStrictEqual(await ask(ada, 'send', send), { ok: true });
  assert.partialDeepStrictEqual(await ask(ada, 'send', send), { code: 'too fast' });

  const bot = await chat.connect();
  for (let count = 0; count < 30; count += 1) bot.emit('chat message', `spam ${count}`);
  const { room } = await enter(bot);
  assert.equal(room.lastSeq, 12 + 10, 'the tutorial’s event has the same limit, per socket');
  for (let count = 0; count < 59; count += 1) await enter(bot);
  assert.partialDeepStrictEqual(await ask(bot, 'enter', { room: 'general' }), { code: 'too fast' });
});

test('"online" counts people, not tabs', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await chat.signIn('Ada');
  const ada = await chat.connect({ cookie });
  assert.equal((await enter(ada)).online, 1);
  assert.equal(await heard(ada, 'online'), 1);
  await chat.connect({ cookie });
  const bob = await chat.connect();
  assert.equal(await heard(ada, 'online'), 2);
  bob.disconnect();
  assert.equal(await heard(ada, 'online'), 1);
});

test('a failing store is an answer and one line in the log, without the text', async (context) => {
  const { openSqliteStore } = await import('../server/store/sqlite/store.ts');
  const store = openSqliteStore(temporaryFolder(context));
  const chat = await runChat(context, { store });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  await store.close();
  const send = { room: 'general', nonce: newNonce(), body: 'a secret' };
  assert.partialDeepStrictEqual(await ask(ada, 'send', send), { ok: false, code: 'failed' });
  ada.emit('chat message', 'a secret');
  assert.partialDeepStrictEqual(await ask(ada, 'enter', { room: 'general' }), { ok: false, code: 'failed' });
  assert.equal(chat.errors.length, 3);
  for (const line of chat.errors) assert.match(line, /^Cannot do "[a-z ]+": Error: [^\n]+$/);
  assert.doesNotMatch(chat.errors.join('\n'), /secret/);
  assert.equal((await fetch(`${chat.url}/readyz`)).status, 503);
  assert.equal((await fetch(`${chat.url}/healthz`)).status, 200, 'the process lives');
});
