/** Pinned messages for a room, saved ones for a person. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Hello, LIMITS, type Message, type MyRoom, type Saved } from '../shared/events.ts';
import {
  type Client,
  type RunningChat,
  ask,
  asked,
  heard,
  listen,
  newNonce,
  runChat,
} from './running-chat.ts';

async function visitor(
  chat: RunningChat,
  name: string,
): Promise<{ id: number; client: Client; cookie: string }> {
  const { me, cookie } = await chat.signIn(name);
  const client = await chat.connect({ cookie });
  await asked<Hello>(client, 'hello', {});
  return { id: me.id, client, cookie };
}

const say = async (client: Client, room: string, body: string): Promise<Message> =>
  (await asked<{ message: Message }>(client, 'send', { room, nonce: newNonce(), body })).message;
const pins = async (client: Client, room: string): Promise<string[]> =>
  (await asked<{ messages: Message[] }>(client, 'pins', { room })).messages.map(({ body }) => body);
const direct = async (client: Client, people: number[]): Promise<string> =>
  (await asked<{ room: MyRoom }>(client, 'direct', { people })).room.slug;

test('in a direct room both pin, and both hear of it; in a public one a guest does not', async (context) => {
  const chat = await runChat(context);
  const ada = await visitor(chat, 'Ada');
  const bob = await visitor(chat, 'Bob');
  const room = await direct(ada.client, [bob.id]);
  const { seq } = await say(ada.client, room, 'keep this');
  const change = heard(ada.client, 'message');
  await asked(bob.client, 'pin', { room, seq, on: true });
  assert.partialDeepStrictEqual(await change, { seq, pinned: { by: { id: bob.id } } });
  assert.deepEqual(await pins(ada.client, room), ['keep this']);
  await asked(ada.client, 'pin', { room, seq, on: true });
  await asked(ada.client, 'pin', { room, seq, on: false });
  assert.deepEqual(await pins(bob.client, room), []);

  const open = await say(ada.client, 'general', 'hello');
  const refused = await ask(ada.client, 'pin', { room: 'general', seq: open.seq, on: true });
  assert.partialDeepStrictEqual(refused, { code: 'not allowed' });
  assert.partialDeepStrictEqual(await ask(bob.client, 'pin', { room, seq: 99, on: true }), {
    code: 'no such message',
  });
  assert.partialDeepStrictEqual(await ask(bob.client, 'pin', { room, seq, on: 'yes' }), { code: 'invalid' });
  assert.deepEqual(chat.errors, []);
});

test('what is deleted is pinned and saved no more', async (context) => {
  const chat = await runChat(context);
  const ada = await visitor(chat, 'Ada');
  const bob = await visitor(chat, 'Bob');
  const room = await direct(ada.client, [bob.id]);
  const { seq } = await say(ada.client, room, 'keep this');
  await asked(bob.client, 'pin', { room, seq, on: true });
  await asked(bob.client, 'save', { room, seq, on: true });
  const change = heard(bob.client, 'message');
  await asked(ada.client, 'delete', { room, seq });
  assert.equal((await change).pinned, undefined);
  assert.deepEqual(await pins(bob.client, room), []);
  assert.deepEqual((await asked<Saved>(bob.client, 'saved', {})).messages, []);
  assert.partialDeepStrictEqual(await ask(bob.client, 'save', { room, seq, on: true }), {
    code: 'no such message',
  });
});

test('a room has so many pins, and says so', async (context) => {
  let now = 1_000_000;
  const chat = await runChat(context, { now: () => (now += 60_000) });
  const ada = await visitor(chat, 'Ada');
  const room = await direct(ada.client, [(await visitor(chat, 'Bob')).id]);
  for (let seq = 1; seq <= LIMITS.pinsPerRoom; seq += 1) {
    await say(ada.client, room, `message ${seq}`);
    await asked(ada.client, 'pin', { room, seq, on: true });
  }
  const { seq } = await say(ada.client, room, 'one more');
  const refused = await ask(ada.client, 'pin', { room, seq, on: true });
  assert.partialDeepStrictEqual(refused, { code: 'too many' });
  await asked(ada.client, 'pin', { room, seq: 1, on: false });
  await asked(ada.client, 'pin', { room, seq, on: true });
  assert.equal((await pins(ada.client, room)).length, LIMITS.pinsPerRoom);
});

test('saved messages are one’s own, on all of one’s devices', async (context) => {
  const chat = await runChat(context);
  const ada = await visitor(chat, 'Ada');
  const phone = await chat.connect({ cookie: ada.cookie });
  await asked<Hello>(phone, 'hello', {});
  const bob = await visitor(chat, 'Bob');
  const bobHears = listen(bob.client, 'saved');
  const { seq } = await say(bob.client, 'general', 'worth keeping');
  const told = heard(phone, 'saved');
  await asked(ada.client, 'save', { room: 'general', seq, on: true });
  assert.deepEqual(await told, { room: 'general', seq, on: true });
  const { messages, cursor } = await asked<Saved>(phone, 'saved', { limit: 1 });
  assert.deepEqual([messages.map(({ body }) => body), cursor], [['worth keeping'], null]);
  assert.deepEqual((await asked<{ seqs: number[] }>(phone, 'saved in', { room: 'general' })).seqs, [seq]);
  assert.deepEqual((await asked<Saved>(bob.client, 'saved', {})).messages, []);
  await asked(phone, 'save', { room: 'general', seq, on: false });
  assert.deepEqual((await asked<Saved>(ada.client, 'saved', {})).messages, []);
  assert.deepEqual(bobHears, []);
});
