/** What arrives may be anything: it is refused, and the server and the socket live on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../shared/events.ts';
import { parseSend } from '../shared/messages.ts';
import { parseEnter, parseHistory } from '../shared/reading.ts';
import { ask, enter, newNonce, runChat, say } from './running-chat.ts';

const ANYTHING: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  'general',
  'x'.repeat(30_000),
  [],
  [[['general']]],
  ['general'],
  {},
  { room: null },
  { room: 7 },
  { room: {} },
  { room: ['general'] },
  { room: '' },
  { room: 'x'.repeat(30_000) },
  JSON.parse('{"__proto__":{"room":"general","nonce":"0","body":"x","before":1}}'),
  { constructor: { prototype: { room: 'general' } } },
  { toString: null, room: { toString: null } },
  Buffer.from('general'),
  { room: Buffer.from('general') },
];

const FIELDS: readonly [event: string, payload: unknown][] = [
  ...[null, -1, 0.5, '1', 1e300, {}, []].map(
    (rev) => ['enter', { room: 'general', rev }] as [string, unknown],
  ),
  ...[null, -1, 0, 0.5, '9', 1e300, {}, undefined].map(
    (before) => ['history', { room: 'general', before }] as [string, unknown],
  ),
  ...[-1, 0, 0.5, '9', 1e300, {}].map(
    (limit) => ['history', { room: 'general', before: 1, limit }] as [string, unknown],
  ),
  ...[null, 7, '', 'short', 'z'.repeat(32), '0'.repeat(33), '0'.repeat(30_000), {}].map(
    (nonce) => ['send', { room: 'general', nonce, body: 'x' }] as [string, unknown],
  ),
  ...[null, 7, '', ' \n\t\u3000', {}, ['x'], undefined].map(
    (body) => ['send', { room: 'general', nonce: newNonce(), body }] as [string, unknown],
  ),
];

test('malformed payloads are answered with "invalid"', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => (now += 1_000) });
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  for (const event of ['enter', 'send', 'history']) {
    for (const payload of ANYTHING) {
      assert.partialDeepStrictEqual(await ask(ada, event, payload), { ok: false, code: 'invalid' }, event);
    }
    assert.partialDeepStrictEqual(await ask(ada, event), { code: 'invalid' }, `${event} without a payload`);
  }
  for (const [event, payload] of FIELDS) {
    assert.partialDeepStrictEqual(await ask(ada, event, payload), { ok: false, code: 'invalid' }, event);
  }
  const tooLong = { room: 'general', nonce: newNonce(), body: 'x'.repeat(LIMITS.bodyChars + 1) };
  assert.partialDeepStrictEqual(await ask(ada, 'send', tooLong), { code: 'too long' });
  for (const payload of [{ room: 'nowhere' }, { room: '__proto__' }, { room: 'General' }]) {
    const full = { ...payload, nonce: newNonce(), body: 'x', before: 1 };
    for (const event of ['enter', 'send', 'history']) {
      assert.partialDeepStrictEqual(await ask(ada, event, full), { ok: false, code: 'no such room' });
    }
  }
  assert.equal((await enter(ada)).room.lastSeq, 0);
  assert.deepEqual(chat.errors, []);
});

test('without a function to answer with, everything still works', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  const loose = ada as unknown as { emit(event: string, ...args: unknown[]): void };
  loose.emit('enter');
  loose.emit('enter', { room: 'general' });
  loose.emit('history', null);
  loose.emit('send', { room: 'general', nonce: newNonce(), body: 'no answer wanted' });
  loose.emit('send', { room: 'general', nonce: 1 }, 'not a function', { answer: true });
  loose.emit('chat message');
  loose.emit('chat message', { body: 'x' });
  loose.emit('chat message', ['x'], 'y');
  loose.emit('no such event', 1, 2, 3);
  assert.equal((await enter(ada)).room.lastSeq, 1);
  assert.deepEqual(chat.errors, []);
});

test('an event over 64 KB ends its own connection only', async (context) => {
  const chat = await runChat(context);
  const { cookie } = await chat.signIn('Ada');
  const flooder = await chat.connect({ cookie });
  const ada = await chat.connect({ cookie });
  const ended = new Promise((resolve) => flooder.once('disconnect', resolve));
  flooder.emit('chat message', 'x'.repeat(100_000));
  await ended;
  assert.equal((await enter(ada)).room.lastSeq, 0);
});

test('the longest message that is allowed gets through, whatever it is made of', async (context) => {
  const chat = await runChat(context);
  const ada = await chat.connect({ cookie: (await chat.signIn('Ada')).cookie });
  for (const character of ['x', '\0', '字', '"']) {
    const body = character.repeat(LIMITS.bodyChars);
    assert.equal((await say(ada, body)).body, body);
  }
  assert.equal((await say(ada, 'half \uD83D a pair')).body, 'half \uFFFD a pair');
});

test('unknown fields are dropped', () => {
  const more = {
    room: 'general',
    nonce: '0'.repeat(32),
    body: 'x',
    before: 2,
    limit: 500,
    rev: 3,
    seq: 9,
    from: {},
  };
  assert.deepEqual(parseEnter(more), { ok: true, value: { room: 'general', rev: 3 } });
  assert.deepEqual(parseSend(more), { ok: true, value: { room: 'general', nonce: more.nonce, body: 'x' } });
  assert.deepEqual(parseHistory(more), {
    ok: true,
    value: { room: 'general', before: 2, limit: LIMITS.maxPageSize },
  });
});
