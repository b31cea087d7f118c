/**
 * Names that look the same, after UTS #39 §4. No two people may share a key: `Ann` and `ANN` do, and so do `Ann` and
 * the Cyrillic `Апп` of some typeface. The table of look-alikes is that of Unicode, packed by `unhomoglyph`.
 */
import prototypes from 'unhomoglyph/data.json' with { type: 'json' };
import { RESERVED_NAMES } from '../shared/names.ts';

const PROTOTYPES = new Map<string, string>(Object.entries(prototypes));
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const SEPARATORS = /[\p{P}\p{S}\p{Z}]/gu;

/**
 * Gives what a name is looked up by: each must be free. The first compares letters whatever their case; the second
 * compares what is drawn, since `I` looks like `l` though `i` does not. They are often one and the same.
 */
export function nameKeys(name: string): readonly [string, ...string[]] {
  const letters = skeleton(name.toLowerCase());
  const shapes = skeleton(name).toLowerCase();
  return letters === shapes ? [letters] : [letters, shapes];
}

/** True for what looks like `Admin`, `@everyone` and the like, spaced or dotted as it may be. */
export function looksReserved(name: string): boolean {
  return nameKeys(name).some((key) => RESERVED_KEYS.has(key.replace(SEPARATORS, '')));
}

function skeleton(text: string): string {
  let drawn = '';
  for (const character of text.normalize('NFD').replace(IGNORABLE, '')) {
    drawn += PROTOTYPES.get(character) ?? character;
  }
  return drawn.normalize('NFD');
}

const RESERVED_KEYS: ReadonlySet<string> = new Set(
  RESERVED_NAMES.flatMap((word) => [...nameKeys(word), ...nameKeys(word.toUpperCase())]),
);
