/**
 * The tutorial's event: a text for the default room, from anybody, without an answer. Whoever sends it also gets it
 * back, as in the tutorial. What cannot be said is dropped in silence, since there is nobody to tell.
 */
import { randomInt } from 'node:crypto';
import { DEFAULT_ROOM, type Person } from '../../shared/events.ts';
import { parseBody } from '../../shared/payloads.ts';
import { type ChatSocket, type Conversation, deliver, visitorOf } from '../conversation.ts';

export async function chatMessage(chat: Conversation, socket: ChatSocket, text: unknown): Promise<void> {
  const body = parseBody(text);
  if (!body.ok || !chat.speaking.pass(visitorOf(socket))) return;
  const { id } = socket.data.person ?? (await guest(chat, socket));
  const { message } = await chat.store.append({
    room: DEFAULT_ROOM,
    person: id,
    nonce: null,
    body: body.value,
    at: chat.now(),
  });
  deliver(chat.io, message);
}

/** Keeps the promise, not the person: a second message may come before the first has made the guest. */
function guest(chat: Conversation, socket: ChatSocket): Promise<Person> {
  socket.data.guest ??= chat.store
    .createPerson(`Guest ${randomInt(1_000, 10_000)}`, chat.now())
    .catch((error) => {
      socket.data.guest = null;
      throw error;
    });
  return socket.data.guest;
}
