/** Somebody enters a room: they get its newest page or all that they missed, and from then on what is said there. */
import { type Answer, type Entered, LIMITS } from '../../shared/events.ts';
import { parseEnter } from '../../shared/payloads.ts';
import {
  type ChatSocket,
  type Conversation,
  TUTORIAL_AUDIENCE,
  failure,
  roomAudience,
} from '../conversation.ts';

export async function enter(chat: Conversation, socket: ChatSocket, ask: unknown): Promise<Answer<Entered>> {
  const parsed = parseEnter(ask);
  if (!parsed.ok) return parsed;
  if (!chat.asking.pass(socket.id)) return failure('too fast', 'You are asking too fast: wait a moment.');
  const { room: slug, rev } = parsed.value;
  if ((await chat.store.room(slug)) === null) return failure('no such room', 'There is no such room.');

  // Listen first, then read the room's numbers, then its messages: what is stored in between is heard, or in the
  // list, or both, but never lost; and the numbers never promise more than the list holds.
  socket.leave(TUTORIAL_AUDIENCE);
  socket.join(roomAudience(slug));
  const room = await chat.store.room(slug);
  if (room === null) return failure('no such room', 'There is no such room.');
  // A rev from the future belongs to another database, for example one that was restored from a backup.
  const missed = rev === null || rev > room.rev ? null : await chat.store.since(slug, rev, LIMITS.pageSize);
  const page = missed === null ? await chat.store.before(slug, null, LIMITS.pageSize) : null;
  const messages = missed ?? page?.messages ?? [];
  const firstSeq = messages[0]?.seq ?? room.lastSeq + 1;
  return {
    ok: true,
    me: socket.data.person,
    build: chat.build,
    room,
    messages,
    caughtUp: missed !== null,
    older: page?.older ?? firstSeq > 1,
    online: chat.headCount.count,
  };
}
