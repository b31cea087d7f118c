/**
 * The tutorial's event: a text for the default room, from anybody, without an answer. Whoever sends it also gets it
 * back, as in the tutorial. What cannot be said is dropped in silence, since there is nobody to tell.
 */
import { randomInt } from 'node:crypto';
import { body as parseBody } from '../../shared/fields.ts';
import { DEFAULT_ROOM } from '../../shared/limits.ts';
import type { Me } from '../../shared/people.ts';
import { may } from '../../shared/roles.ts';
import type { Caller, ChatSocket, Conversation } from '../conversation.ts';
import { createPerson, isFailure } from '../naming.ts';
import { speakingGate } from './action.ts';
import { say } from './speaking.ts';

export async function chatMessage(
  chat: Conversation,
  socket: ChatSocket,
  caller: Caller,
  payload: unknown,
): Promise<void> {
  const body = parseBody(payload, 'body');
  if (!body.ok || body.value === undefined) return;
  if (!isSlowEnough(chat, caller)) return;
  const person = caller.person ?? (await guest(chat, socket));
  if (person === null || !may(person.role, 'send')) return;
  const seen = await chat.store.rooms.seenBy(DEFAULT_ROOM, person.id);
  if (seen === null || seen.membership === null || seen.room.archived) return;
  // With no socket to spare, the message comes back to its sender, too.
  await say(chat, { ...caller, person, ...seen, socket: null }, { nonce: null, body: body.value });
}

function isSlowEnough({ gates }: Conversation, { person, key }: Caller): boolean {
  const pass =
    person === null ? gates.pass('speakingAsGuest', key) : gates.pass(speakingGate(person), person.id);
  return pass && gates.pass('speakingInRoom', DEFAULT_ROOM);
}

/** Keeps the promise, not the person: a second message may come before the first has made the guest. */
async function guest(chat: Conversation, socket: ChatSocket): Promise<Me | null> {
  socket.data.guest ??= makeGuest(chat, socket.data.address).catch((error: unknown) => {
    socket.data.guest = null;
    throw error;
  });
  return socket.data.guest;
}

async function makeGuest({ store, gates, now }: Conversation, address: string): Promise<Me | null> {
  if ((await store.people.chat()).entry !== 'open' || !gates.pass('arriving', address)) return null;
  const made = await createPerson(store, `Guest ${randomInt(1_000, 10_000)}`, 'guest', now());
  return isFailure(made) ? null : made;
}
