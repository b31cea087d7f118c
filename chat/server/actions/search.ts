/** Looking for what was said. Names and days become ids and times here; what means nothing is told and left out. */
import type { Answer } from '../../shared/failures.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type StartOfDay, parseSearch } from '../../shared/search-query.ts';
import { type Found, parseSearchAsk } from '../../shared/search.ts';
import type { Conversation } from '../conversation.ts';
import { nameKey } from '../naming.ts';
import type { Sought } from '../store/reading.ts';
import { type Action, named } from './action.ts';

export const search: Action = named({
  parse: parseSearchAsk,
  gate: 'searching',
  async run(chat, { person }, { query, zone, before, limit = LIMITS.pageSize }): Promise<Answer<Found>> {
    const { match, phrases, unclear, ...filters } = parseSearch(query, startOfDayIn(zone));
    const from = await peopleNamed(chat, filters.from);
    const rooms = await roomsNamed(chat, person.id, filters.in);
    const unknown = [
      ...from.unknown.map((name) => `from:${name}`),
      ...rooms.unknown.map((name) => `in:${name}`),
    ];
    const sought: Sought = {
      match,
      from: from.found,
      rooms: rooms.found,
      has: filters.has,
      before: filters.before,
      since: filters.since,
    };
    // A filter that names nobody must not turn into no filter at all.
    const findsNothing =
      (filters.from.length > 0 && from.found.length === 0) ||
      (filters.in.length > 0 && rooms.found.length === 0);
    const found =
      findsNothing || isEmpty(sought)
        ? { messages: [], cursor: null }
        : await chat.store.reading.search(sought, person.id, before ?? null, limit);
    return { ok: true, ...found, phrases, unclear: [...unclear, ...unknown] };
  },
});

function isEmpty({ match, from, rooms, has, before, since }: Sought): boolean {
  return match === null && from.length + rooms.length + has.length === 0 && before === null && since === null;
}

interface Resolved<T> {
  found: T[];
  unknown: string[];
}

async function peopleNamed({ store }: Conversation, names: readonly string[]): Promise<Resolved<number>> {
  const known = await store.people.byKeys(names.map(nameKey));
  const ids = new Map(known.map(({ key, person }) => [key, person.id]));
  return resolve(names, (name) => ids.get(nameKey(name)));
}

/** By short name or by what it is called. */
async function roomsNamed(
  { store }: Conversation,
  person: number,
  names: readonly string[],
): Promise<Resolved<string>> {
  if (names.length === 0) return { found: [], unknown: [] };
  const mine = await store.rooms.allMine(person);
  const slugs = new Map(mine.map((room) => [room.name.toLowerCase(), room.slug]));
  const seen = new Set<string>();
  for (const name of names) if ((await store.rooms.seenBy(name, person)) !== null) seen.add(name);
  return resolve(names, (name) => (seen.has(name) ? name : slugs.get(name.toLowerCase())));
}

function resolve<T>(names: readonly string[], find: (name: string) => T | undefined): Resolved<T> {
  const result: Resolved<T> = { found: [], unknown: [] };
  for (const name of names) {
    const found = find(name);
    if (found === undefined) result.unknown.push(name);
    else result.found.push(found);
  }
  return result;
}

/** When a day begins in an IANA zone; UTC for names that are none. */
export function startOfDayIn(zone = 'UTC'): StartOfDay {
  const clock = clockIn(zone) ?? clockIn('UTC');
  return (year, month, day) => {
    const wanted = Date.UTC(year, month, day);
    if (clock === null) return wanted;
    // The offset may change between our guess and the day's beginning: the second guess settles it.
    const first = wanted - offsetAt(clock, wanted);
    return wanted - offsetAt(clock, first);
  };
}

function clockIn(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}

/** How far the zone's clocks are ahead of UTC at this time, in milliseconds. */
function offsetAt(clock: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - Math.floor(at / 1_000) * 1_000;
}
