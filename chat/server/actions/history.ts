/** Somebody scrolls up: the page of messages before the oldest one that they have. */
import type { Answer, Message } from '../../shared/events.ts';
import { parseHistory } from '../../shared/payloads.ts';
import { type ChatSocket, type Conversation, failure } from '../conversation.ts';

export async function history(
  chat: Conversation,
  socket: ChatSocket,
  ask: unknown,
): Promise<Answer<{ messages: Message[]; older: boolean }>> {
  const parsed = parseHistory(ask);
  if (!parsed.ok) return parsed;
  if (!chat.asking.pass(socket.id)) return failure('too fast', 'You are asking too fast: wait a moment.');
  const { room, before, limit } = parsed.value;
  if ((await chat.store.room(room)) === null) return failure('no such room', 'There is no such room.');
  return { ok: true, ...(await chat.store.before(room, before, limit)) };
}
