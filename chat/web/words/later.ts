/**
 * What only later chunks say: dialogs, panels, menus. They import `t` from here, and run when its words have come: nothing of
 * the first load may import this.
 */
import type { enLater } from './en-later.ts';
import { fill, laterWords, t as say, type Key as FirstKey, type Params, type WordsOf } from './words.ts';

export type LaterWords = WordsOf<typeof enLater>;
export type LaterKey = keyof LaterWords;
export type Key = FirstKey | LaterKey;

let words: LaterWords;

/** Speaks the language of the page from now on. */
export async function speakLater(): Promise<void> {
  words = await laterWords();
}

await speakLater();

export function t(key: Key, params?: Params): string {
  return isLater(key) ? fill(words[key], params) : say(key, params);
}

function isLater(key: Key): key is LaterKey {
  return Object.hasOwn(words, key);
}
