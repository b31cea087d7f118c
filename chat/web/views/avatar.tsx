import type { VNode } from 'preact';
import type { Person } from '../../shared/events.ts';

const TONES = 8;

/** The class that gives a person their colour: by id, so that it stays when the name changes. */
export function toneOf(person: Person): string {
  return `tone-${person.id % TONES}`;
}

/** The first letter of a name. Decoration: the name is always written beside it. */
export function Avatar({ person }: { person: Person }): VNode {
  return (
    <span class={`avatar ${toneOf(person)}`} aria-hidden="true">
      {initialOf(person.name)}
    </span>
  );
}

function initialOf(name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name);
  return (first?.segment ?? '?').toLocaleUpperCase();
}
