/** The rooms that everybody who comes in is in from the beginning. */
import type { Failure } from '../../shared/failures.ts';
import { type Conversation, roomAudience } from '../conversation.ts';
import { ARCHIVED, type NamedCaller, NO_SUCH_ROOM } from './action.ts';

/** These, and the room of `'chat message'`, from now on: who is here already stays where they are. Null if it is done. */
export async function chooseDefaults(
  { store, io }: Conversation,
  { person }: NamedCaller,
  slugs: readonly string[],
): Promise<Failure | null> {
  for (const slug of slugs) {
    const room = (await store.rooms.seenBy(slug, person.id))?.room;
    if (room?.kind !== 'public') return NO_SUCH_ROOM;
    if (room.archived) return ARCHIVED;
  }
  for (const room of await store.rooms.setDefaults(slugs)) io.to(roomAudience(room.slug)).emit('room', room);
  return null;
}
