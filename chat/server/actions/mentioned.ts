/** Finds who is meant by the `@names` in a text, once, when it is said: later everybody may be called otherwise. */
import { LIMITS } from '../../shared/limits.ts';
import type { Mention } from '../../shared/messages.ts';
import type { Conversation } from '../conversation.ts';
import { nameKey } from '../naming.ts';

/** An at sign that no word or other at sign stands before. */
const AT = /(?<![\p{L}\p{N}_@/])@(?=[^\s@])/gu;
/** Where a name may end: behind a letter, digit, mark or sign that no letter, digit or mark follows. */
const ENDS = /(?:[\p{L}\p{M}\p{N}\p{S}_)\]'’!?]|\uFE0F)(?!\p{L}|\p{M}|\p{N}|\uFE0F|\u200D)/gu;
const MAX_NAME_CHARS = 80;
/** Names of more words than this are found only if they are the whole rest of the line. */
const MAX_ENDS = 8;

/** The people in the room who are mentioned, each once; `@room` is not among them. */
export async function findMentions(
  chat: Conversation,
  room: string,
  speaker: number,
  body: string,
): Promise<Mention[]> {
  const candidates = [...body.matchAll(AT)]
    .slice(0, LIMITS.mentionsPerMessage)
    .map(({ index }) => namesAt(body, index + 1));
  if (candidates.length === 0) return [];
  const known = await chat.store.people.byKeys([...new Set(candidates.flat().map(nameKey))]);
  const ids = new Map(known.map(({ key, person }) => [key, person.id]));
  const mentions = new Map<number, Mention>();
  for (const names of candidates) {
    // "@Ada Lovelace" is Ada Lovelace if there is one, and else Ada.
    const as = names.findLast((name) => ids.has(nameKey(name)));
    const person = as === undefined ? undefined : ids.get(nameKey(as));
    if (as !== undefined && person !== undefined && person !== speaker) mentions.set(person, { person, as });
  }
  const present = new Set(await chat.store.rooms.membersAmong(room, [...mentions.keys()]));
  return [...mentions.values()].filter(({ person }) => present.has(person));
}

const ROOM_MENTION = /(?<![\p{L}\p{N}_@/])@room(?![\p{L}\p{N}_])/u;

export function mentionsRoom(body: string): boolean {
  return ROOM_MENTION.test(body);
}

/** What could be a name from here on, the shortest first. */
function namesAt(body: string, start: number): string[] {
  const line = (body.slice(start, start + MAX_NAME_CHARS).split('\n', 1)[0] ?? '').replace(
    /\p{Surrogate}$/u,
    '',
  );
  return [...line.matchAll(ENDS)]
    .slice(0, MAX_ENDS)
    .map(({ index, 0: end }) => line.slice(0, index + end.length));
}
