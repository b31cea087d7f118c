/**
 * Text as the words that are indexed and looked for: the same function for both, so both sides agree. What is written
 * without spaces (Chinese, Japanese, Korean, Thai…) is cut into single characters, and a quoted phrase of them finds
 * every word made of them, whatever its length. Neither of FTS5's own tokenizers finds a word of two characters there.
 */

/**
 * How the index must cut what `toSearchWords` gives. FTS5 by default ends a word at a mark, which tears Thai and the
 * scripts of India apart and makes words that differ in a vowel the same; and it drops emoji.
 */
export const FTS5_TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn So'";

/** One character, with its marks, of a script that puts no spaces between words, or one emoji. */
const ALONE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Yi}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\p{Script=Javanese}\p{Script=Balinese}\p{So}\u30FC\uFF70]\p{M}*/gu;

/** Vowel signs and accents that readers leave out as they like; in other scripts a mark makes another word. */
const OPTIONAL_MARKS =
  /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}])\p{Mn}+/gu;

/** Tatweel only stretches an Arabic word; variation selectors and enclosing marks only change how a character is drawn. */
const DRAWN_ONLY = /[\p{Variation_Selector}\p{Me}\u0640]/gu;

const SEPARATORS = /[^\p{L}\p{N}\p{Mn}\p{Mc}\p{Co}\p{So}]+/gu;
const LONE_MARKS = /(?<![^ ])[\p{Mn}\p{Mc}]+/gu;

/** What `text` is indexed as: words separated by single spaces, in lower case. */
export function toSearchWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(DRAWN_ONLY, '')
    .replace(OPTIONAL_MARKS, '$1')
    .replace(ALONE, ' $& ')
    .replace(SEPARATORS, ' ')
    .replace(LONE_MARKS, '')
    .replace(/ +/gu, ' ')
    .trim();
}
