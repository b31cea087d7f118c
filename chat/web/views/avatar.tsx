import type { VNode } from 'preact';
import type { Person } from '../../shared/events.ts';
import { t } from '../words/words.ts';

const TONES = 8;

/** The class that gives a person their colour: by id, so that it stays when the name changes. */
export function toneOf(person: Pick<Person, 'id'>): string {
  return `tone-${person.id % TONES}`;
}

/** The first letter of a name, and perhaps whether they are here. Decoration: the name is always written beside it. */
export function Avatar({ person, isOnline }: { person: Person; isOnline?: boolean }): VNode {
  return (
    <span class={`avatar ${toneOf(person)}`} aria-hidden="true">
      {initialOf(person.name)}
      {isOnline !== undefined && <span class={isOnline ? 'dot is-here' : 'dot'} />}
    </span>
  );
}

/** What one should know about a person beside their name. */
export function Badge({ person }: { person: Person }): VNode | null {
  if (person.bot) return <span class="badge">{t('bot')}</span>;
  if (person.role === 'guest') return <span class="badge">{t('guest')}</span>;
  return null;
}

let segmenter: Intl.Segmenter | undefined;

function initialOf(name: string): string {
  // A plain letter, with nothing on it: no need of all that Unicode knows about the borders of characters.
  if (/^\w(?![^\0-\u02ff])/.test(name)) return name.slice(0, 1).toUpperCase();
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const [first] = segmenter.segment(name);
  return (first?.segment ?? '?').toLocaleUpperCase();
}
