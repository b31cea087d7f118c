/** Somebody with a name says something. It is stored before anybody sees it, and a repeat is not said twice. */
import type { Answer, Message } from '../../shared/events.ts';
import { parseSend } from '../../shared/payloads.ts';
import { type ChatSocket, type Conversation, deliver, failure, visitorOf } from '../conversation.ts';

export async function send(
  chat: Conversation,
  socket: ChatSocket,
  ask: unknown,
): Promise<Answer<{ message: Message }>> {
  const parsed = parseSend(ask);
  if (!parsed.ok) return parsed;
  const { person } = socket.data;
  if (person === null) return failure('no name', 'Choose a name first.');
  if (!chat.speaking.pass(visitorOf(socket))) {
    return failure('too fast', 'You are sending too fast: wait a moment.');
  }
  const { room, nonce, body } = parsed.value;
  if ((await chat.store.room(room)) === null) return failure('no such room', 'There is no such room.');
  const { message, repeated } = await chat.store.append({
    room,
    person: person.id,
    nonce,
    body,
    at: chat.now(),
  });
  // Whoever was away when the first one was delivered finds it among the changes when they are back.
  if (!repeated) deliver(chat.io, message, [socket.id]);
  return { ok: true, message: { ...message, nonce } };
}
