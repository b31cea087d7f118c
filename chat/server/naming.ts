/** Giving people names: which are refused, and what a guest is called whose name another guest has. */
import { randomInt } from 'node:crypto';
import { type Failure, failure } from '../shared/failures.ts';
import { LIMITS } from '../shared/limits.ts';
import { countGraphemes } from '../shared/names.ts';
import type { Me } from '../shared/people.ts';
import type { Role } from '../shared/roles.ts';
import { looksReserved, nameKeys } from './name-skeleton.ts';
import type { Store } from './store/store.ts';

export const NAME_TAKEN: Failure = failure(
  'taken',
  'This name belongs to somebody else, or looks as if: choose another, or sign in.',
);

/** What a name is looked up by. */
export function nameKey(name: string): string {
  return nameKeys(name)[0];
}

/** How many small numbers are tried before random ones. */
const SMALL_NUMBERS = 9;
const ATTEMPTS = 20;

/**
 * Makes a person. A guest may share a name with another guest and gets a number behind it; the name of a member, and
 * what only looks like it, is the member's alone.
 */
export async function createPerson(
  store: Store,
  name: string,
  role: Role,
  at: number,
): Promise<Me | Failure> {
  if (looksReserved(name)) return NAME_TAKEN;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const wish = attempt === 1 ? name : numbered(name, attempt);
    const me = await store.people.create({ name: wish, keys: nameKeys(wish), role, at });
    if (me !== null) return me;
    if (attempt > 1) continue;
    const [holder] = await store.people.byKeys([nameKey(name)]);
    if (holder !== undefined && (role !== 'guest' || holder.person.role !== 'guest')) return NAME_TAKEN;
  }
  return NAME_TAKEN;
}

function numbered(name: string, attempt: number): string {
  const number = attempt <= SMALL_NUMBERS ? attempt : randomInt(10, 100_000);
  const suffix = ` ${number}`;
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)];
  const kept = Math.min(countGraphemes(name), LIMITS.nameGraphemes - suffix.length);
  return (
    graphemes
      .slice(0, kept)
      .map(({ segment }) => segment)
      .join('')
      .trimEnd() + suffix
  );
}

/** Another name for somebody; nobody is given a number that they did not type. */
export async function renamePerson(store: Store, person: number, name: string): Promise<Me | Failure> {
  if (looksReserved(name)) return NAME_TAKEN;
  return (await store.people.rename(person, name, nameKeys(name))) ?? NAME_TAKEN;
}

export function isFailure(value: object): value is Failure {
  return 'ok' in value && value.ok !== true;
}
