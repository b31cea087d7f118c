/**
 * Where a name may begin and end in running text. The server asks when it binds a mention and the page when it finds it
 * again, so that what one meant the other shows.
 */

/**
 * Scripts that go on right behind a name: they put no spaces between words, or, as Korean does, write what the name does
 * in the sentence without one.
 */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

/** Scripts whose letters make words together with their own kind only: `@Ann你好` and `@Ann님` are about Ann. */
const ALPHABETS: readonly RegExp[] =
  'Latin Cyrillic Greek Armenian Georgian Hebrew Arabic Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Ethiopic'
    .split(' ')
    .map((script) => new RegExp(`\\p{Script_Extensions=${script}}`, 'u'));

const LETTER = /\p{L}/u;
const WORD = /[\p{L}\p{N}]/u;
/** What belongs to the character before it: marks, joiners, skin tones, and the signs that lengthen or repeat it. */
const GOES_ON = /\p{M}|\p{Emoji_Modifier}|\u200C|\u200D|[\u3005\u309D\u309E\u30FC-\u30FE\uFF70]/u;
const MARKS_AT_END = /\p{M}+$/u;
/** Enough for a letter with the marks that a name may stack on it. */
const LOOK_BACK = 12;

/** False inside of a word, of an address (`ann@example.org`, `example.org/@ann`) and behind another at sign. */
export function mayBeginName(text: string, at: number): boolean {
  const before = characterBefore(text, at);
  return WITHOUT_SPACES.test(before) || !/[\p{L}\p{N}\p{M}@/]/u.test(before);
}

/** False in the middle of a character, and between two letters of one alphabet: `@Ann` is not in `@Annette`. */
export function mayEndName(text: string, end: number): boolean {
  const after = characterAt(text, end);
  if (after === '') return true;
  if (GOES_ON.test(after)) return false;
  const before = characterBefore(text, end);
  if (!WORD.test(before) || WITHOUT_SPACES.test(before)) return true;
  // `@Ann_` may be emphasis that ends; in `@Ann_Lee` the underscore is a letter like any other.
  const next = after === '_' ? characterAt(text, end + 1) : after;
  if (!WORD.test(next) || WITHOUT_SPACES.test(next)) return true;
  return after !== '_' && LETTER.test(before) && LETTER.test(next) && areOfTwoAlphabets(before, next);
}

function areOfTwoAlphabets(one: string, other: string): boolean {
  return ALPHABETS.some((alphabet) => alphabet.test(one) !== alphabet.test(other));
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

/** Without its marks. */
function characterBefore(text: string, index: number): string {
  const before = text.slice(Math.max(0, index - LOOK_BACK), index).replace(MARKS_AT_END, '');
  const low = before.charCodeAt(before.length - 1);
  return before.slice(low >= 0xdc00 && low <= 0xdfff ? -2 : -1);
}
