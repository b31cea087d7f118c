/** Finds who is meant by the `@names` in a text, once, when it is said: later everybody may be called otherwise. */
import { LIMITS } from '../../shared/limits.ts';
import type { ReadMention } from '../../shared/markdown/ast.ts';
import { parseMarkdown } from '../../shared/markdown/parse.ts';
import { saidMentions } from '../../shared/markdown/said-mentions.ts';
import type { Mention } from '../../shared/messages.ts';
import { mayEndName } from '../../shared/name-boundary.ts';
import type { Room } from '../../shared/rooms.ts';
import type { Conversation } from '../conversation.ts';
import { nameKey } from '../naming.ts';

/** What the last character of a name may be. */
const LAST = /[\p{L}\p{M}\p{N}\p{S}_)\]'’!?]$/u;
const MAX_NAME_CHARS = 120;
const ROOM = 'room';

export interface Mentioned {
  /** Each person once. */
  mentions: Mention[];
  /** Whether `@room` stands there, too. */
  room: boolean;
}

/**
 * Whoever can read the room can be mentioned in it: in a public one everybody, in others the members. What stands in
 * code or in a quote mentions nobody.
 */
export async function findMentioned(
  chat: Conversation,
  room: Room,
  speaker: number,
  body: string,
): Promise<Mentioned> {
  if (!body.includes('@')) return { mentions: [], room: false };
  const keys = new Map<string, string>();
  const collect: ReadMention = (text, at) => {
    for (const name of namesAt(text, at + 1)) if (!keys.has(name)) keys.set(name, nameKey(name));
    return undefined;
  };
  parseMarkdown(body, { readMention: atMost(LIMITS.mentionsPerMessage, collect) });
  const ids = await idsOf(chat, room, [...new Set(keys.values())]);
  const read: ReadMention = (text, at) => {
    // "@Ada Lovelace" is Ada Lovelace if there is one, and else Ada.
    const as = namesAt(text, at + 1).findLast((name) => name === ROOM || ids.has(keys.get(name) ?? ''));
    if (as === undefined) return undefined;
    return { end: at + 1 + as.length, person: ids.get(keys.get(as) ?? '') ?? null };
  };
  const said = saidMentions(parseMarkdown(body, { readMention: atMost(LIMITS.mentionsPerMessage, read) }));
  const mentions = new Map<number, Mention>();
  for (const { person, text } of said) {
    if (person !== null && person !== speaker && !mentions.has(person))
      mentions.set(person, { person, as: text.slice(1) });
  }
  return { mentions: [...mentions.values()], room: said.some(({ person }) => person === null) };
}

/** The ids of those who have one of these as their name's key, and can read the room. */
async function idsOf(
  { store }: Conversation,
  room: Room,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const known = await store.people.byKeys(keys);
  const ids = known.map(({ key, person }) => [key, person.id] as const);
  if (room.kind === 'public') return new Map(ids);
  const members = new Set(
    await store.rooms.membersAmong(
      room.slug,
      ids.map(([, id]) => id),
    ),
  );
  return new Map(ids.filter(([, id]) => members.has(id)));
}

/** A message of at signs costs no more than one with this many names. */
function atMost(most: number, read: ReadMention): ReadMention {
  let left = most;
  return (text, at) => (left-- > 0 ? read(text, at) : undefined);
}

/** What could be a name from here on, the shortest first. As many as a name has characters, since each may be its last. */
function namesAt(text: string, start: number): string[] {
  const names: string[] = [];
  const line = text.slice(start, start + MAX_NAME_CHARS).split('\n', 1)[0] ?? '';
  for (let end = 0; end < line.length && names.length < LIMITS.nameGraphemes;) {
    end += String.fromCodePoint(line.codePointAt(end) ?? 0x20).length;
    const name = line.slice(0, end);
    if (LAST.test(name) && mayEndName(text, start + end)) names.push(name);
  }
  return names;
}
