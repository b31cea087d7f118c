/** What a page needs to draw itself, by the same actions, rights and limits as if it asked them by its socket. */
import type { Boot } from '../shared/boot.ts';
import type { Answer } from '../shared/failures.ts';
import { DEFAULT_ROOM } from '../shared/limits.ts';
import type { Entered, Hello } from '../shared/reading.ts';
import type { Place } from '../shared/routes.ts';
import { perform } from './actions/perform.ts';
import { enter, hello } from './actions/reading.ts';
import type { Caller, Conversation } from './conversation.ts';

/** Null if it cannot be had now: the page asks by its socket then. `lastRoom`: where an address without a room leads to. */
export async function bootFor(
  chat: Conversation,
  caller: Caller,
  place: Place,
  lastRoom = '',
): Promise<Boot | null> {
  const greeted = (await perform(chat, caller, 'hello', hello, {})) as Answer<Hello>;
  if (!greeted.ok) return null;
  // Addresses with a code, and the form for signing in, show no room.
  if ('code' in place || place.page === 'sign-in') return { hello: greeted, entered: null };
  const room = place.page === 'room' ? place.room : lastRoom || DEFAULT_ROOM;
  const entered = (await perform(chat, caller, 'enter', enter, { room })) as Answer<Entered>;
  return { hello: greeted, entered: entered.ok ? entered : null };
}
