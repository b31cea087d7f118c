/** What may not be said in public though its sender may speak: the same again and again, links of guests who just came. */
import { type Failure, failure } from '../../shared/failures.ts';
import type { Conversation } from '../conversation.ts';
import type { RoomCaller } from './action.ts';

/** Whatever Markdown could make a link of, wherever it stands: only these lead anywhere. */
const LINK = /(?:https?:|mailto:|www\.)\S/iu;

const REPEATED: Failure = failure(
  'repeated',
  'You have said that already: wait a minute, or say something else.',
);

/** Null if it may be said. Programs with a token say what their maker has them say. */
export async function refuseSpeech(
  chat: Conversation,
  caller: RoomCaller,
  { body, nonce }: { body: string; nonce: string | null },
): Promise<Failure | null> {
  const { person, room } = caller;
  if (person.bot === true) return null;
  const refused =
    (await refuseLinks(chat, caller, body)) ??
    (room.kind !== 'public' || chat.repeats.pass(person.id, room.slug, body, nonce) ? null : REPEATED);
  // It was said before, and its answer was lost: whatever has happened since, it is not to be called unsaid.
  const isSaid = refused !== null && nonce !== null && (await chat.store.messages.knows(person.id, nonce));
  return isSaid ? null : refused;
}

/** Those who come to advertise do not wait. Private rooms have let them in on purpose. */
export async function refuseLinks(
  { store, now, guestLinksAfterMs }: Conversation,
  { person, room }: RoomCaller,
  body: string,
): Promise<Failure | null> {
  if (person.role !== 'guest' || room.kind !== 'public' || !LINK.test(body)) return null;
  const came = await store.people.created(person.id);
  if (now() - came >= guestLinksAfterMs) return null;
  // Before it belongs to somebody, a chat is tried out by the people who are to have it.
  if ((await store.people.owner()) === null) return null;
  const minutes = Math.ceil((guestLinksAfterMs - (now() - came)) / 60_000);
  return failure(
    'no links yet',
    `As a new guest you cannot post links yet: wait ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}, or set a password.`,
  );
}
