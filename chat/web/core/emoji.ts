/** All emoji, for the picker and for completing shortcodes: fetched when first asked for, in chunks of their own. */

export type EmojiGroup =
  'smileys' | 'people' | 'animals' | 'food' | 'travel' | 'activities' | 'objects' | 'symbols' | 'flags';

export interface Emoji {
  readonly emoji: string;
  readonly shortcodes: readonly string[];
  readonly group: EmojiGroup;
  readonly takesTones: boolean;
  /** In the reader's language: what a screen reader says. */
  readonly name: string;
}

interface Listed {
  readonly emoji: Emoji;
  /** Of its name and its shortcodes, and of what else it is looked for by; folded. */
  readonly nameWords: readonly string[];
  readonly otherWords: readonly string[];
}

/** From light to dark, after Fitzpatrick. Without one an emoji is yellow. */
export const TONES: readonly string[] = ['\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'];

/** For an emoji that `takesTones`; two people get the same. */
export function withTone(emoji: string, tone: string): string {
  return emoji.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${tone}`);
}

/** The emoji as this person wants hands and faces: `tone` counts `TONES` from 1, and 0 is none of them. */
export function inTone({ emoji, takesTones }: Emoji, tone: number): string {
  const modifier = TONES[tone - 1];
  return takesTones && modifier !== undefined ? withTone(emoji, modifier) : emoji;
}

export class EmojiSet {
  readonly #listed: readonly Listed[];
  readonly #byShortcode: ReadonlyMap<string, string>;

  constructor(listed: readonly Listed[]) {
    this.#listed = listed;
    this.#byShortcode = new Map(
      listed.flatMap(({ emoji }) => emoji.shortcodes.map((code) => [code, emoji.emoji])),
    );
  }

  /** Every emoji, in Unicode's order, group by group. */
  get all(): readonly Emoji[] {
    return this.#listed.map(({ emoji }) => emoji);
  }

  byShortcode(shortcode: string): string | undefined {
    return this.#byShortcode.get(shortcode.toLowerCase());
  }

  /** All words of `like` must begin a word of the emoji. Shortcodes and names count for more than other words. */
  find(like: string, most: number = Infinity): Emoji[] {
    const words = fold(like.replace(/^:|:$/gu, ''))
      .split(/[\s_]+/u)
      .filter((word) => word !== '');
    if (words.length === 0) return [];
    const whole = words.join('_');
    const ranked = this.#listed.map((listed) => ({ emoji: listed.emoji, rank: rank(listed, whole, words) }));
    return ranked
      .filter(({ rank }) => rank !== Infinity)
      .sort((one, other) => one.rank - other.rank)
      .slice(0, most)
      .map(({ emoji }) => emoji);
  }
}

type LoadWords = () => Promise<{ readonly WORDS: readonly string[] }>;

const loadEnglish: LoadWords = () => import('../emoji/words-en.ts');
const LANGUAGES = new Map<string, LoadWords>([
  ['de', () => import('../emoji/words-de.ts')],
  ['es', () => import('../emoji/words-es.ts')],
  ['fr', () => import('../emoji/words-fr.ts')],
]);
const sets = new Map<string, Promise<EmojiSet>>();

/** With names and words in this language; shortcodes are English in all. Rejects when a chunk does not come. */
export function loadEmoji(language: string = 'en'): Promise<EmojiSet> {
  const known = sets.get(language);
  if (known !== undefined) return known;
  const set = load(LANGUAGES.get(language) ?? loadEnglish);
  sets.set(language, set);
  // What did not come is asked for again next time.
  set.catch(() => sets.delete(language));
  return set;
}

async function load(loadWords: LoadWords): Promise<EmojiSet> {
  const [{ GROUPS }, { WORDS }] = await Promise.all([import('../emoji/list.ts'), loadWords()]);
  const listed = GROUPS.flatMap(([group, records], index) => {
    const words = WORDS[index]?.split('|') ?? [];
    return records.split('|').map((record, at) => parse(group as EmojiGroup, record, words[at] ?? ''));
  });
  return new EmojiSet(listed);
}

/** `~👋 wave` and `waving hand=bye hello`. */
function parse(group: EmojiGroup, record: string, words: string): Listed {
  const [marked = '', ...shortcodes] = record.split(' ');
  const [name = '', more = ''] = words.split('=');
  const takesTones = marked.startsWith('~');
  const codeWords = shortcodes.flatMap((code) => code.split('_'));
  return {
    emoji: { emoji: takesTones ? marked.slice(1) : marked, shortcodes, group, takesTones, name },
    nameWords: [...codeWords, ...fold(name).split(/[^\p{L}\p{N}+-]+/u)],
    otherWords: fold(more).split(' '),
  };
}

/** Less is better; Infinity is no match. */
function rank({ emoji, nameWords, otherWords }: Listed, whole: string, words: readonly string[]): number {
  const { shortcodes } = emoji;
  if (shortcodes.includes(whole)) return 0;
  if (shortcodes.some((code) => code.startsWith(whole))) return 1;
  let sum = 2;
  for (const word of words) {
    if (nameWords.includes(word)) sum += 0;
    else if (nameWords.some((name) => name.startsWith(word))) sum += 2;
    else if (otherWords.includes(word)) sum += 3;
    else if (otherWords.some((other) => other.startsWith(word))) sum += 5;
    else return Infinity;
  }
  return sum;
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
