/** Whom to offer behind an `@`: who begins like what was typed, and first of them who has just spoken. */
import type { Message, Person } from '../../shared/events.ts';

/** Those who spoke last, the newest first, each once. */
export function recentSpeakers(messages: readonly Message[], most: number): Person[] {
  const speakers = new Map<number, Person>();
  for (const { from } of messages.toReversed()) {
    if (speakers.size === most) break;
    if (!speakers.has(from.id)) speakers.set(from.id, from);
  }
  return [...speakers.values()];
}

export interface Ranking {
  /** As typed behind the `@`. Empty offers everybody. */
  like: string;
  /** Also those may be offered who are not among `people`: a page that is offline knows no others. */
  speakers: readonly Person[];
  /** Nobody mentions themselves. */
  me: number | undefined;
  most: number;
}

/** `people` are those whom the server found, in its order. */
export function rankPeople(people: readonly Person[], { like, speakers, me, most }: Ranking): Person[] {
  const typed = fold(like);
  const candidates = new Map([...speakers, ...people].map((person) => [person.id, person]));
  const spoke = new Map(speakers.map(({ id }, index) => [id, index]));
  return [...candidates.values()]
    .filter(({ id }) => id !== me)
    .map((person) => ({
      person,
      match: matchOf(fold(person.name), typed),
      spoke: spoke.get(person.id) ?? Infinity,
    }))
    .filter(({ match }) => match !== undefined)
    .sort((one, other) => compare(one.match, other.match) || compare(one.spoke, other.spoke))
    .slice(0, most)
    .map(({ person }) => person);
}

/** 0: the name begins so; 1: another word of it does. */
function matchOf(name: string, typed: string): 0 | 1 | undefined {
  if (name.startsWith(typed)) return 0;
  return name.split(/[\s_-]+/u).some((_, index, words) => words.slice(index).join(' ').startsWith(typed))
    ? 1
    : undefined;
}

/** Not by difference: Infinity has none to itself. */
function compare(one: number | undefined = Infinity, other: number | undefined = Infinity): number {
  return one < other ? -1 : Number(one > other);
}

/** Whoever types `zoe` means Zoë, too. */
function fold(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
