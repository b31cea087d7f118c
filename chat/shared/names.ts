/** What a person may be called. The page and the server ask the same function, so they give the same reasons. */
import { LIMITS } from './limits.ts';

export type ParsedName = { ok: true; name: string } | { ok: false; fault: NameFault; text: string };

/** Why a name is refused: the page says it in the reader's language, others read `text`. */
export type NameFault =
  | 'not a text'
  | 'empty'
  | 'too long'
  | 'invisible'
  | 'no letter'
  | 'accents'
  | 'signs'
  | 'scripts'
  | 'reserved'
  | 'taken';

const FAULTS: Readonly<Record<NameFault, string>> = {
  'not a text': 'A name must be a text.',
  empty: 'Please type a name.',
  'too long': `A name can have at most ${LIMITS.nameGraphemes} characters.`,
  invisible: 'A name cannot contain invisible characters.',
  'no letter': 'A name needs at least one letter, digit or sign.',
  accents: 'A name cannot stack that many accents on one letter.',
  signs: 'A name cannot contain any of @ # : / \\ " or a dot inside a word.',
  scripts: 'A name cannot mix letters of different scripts, which could look like another name.',
  reserved: 'This name is reserved for the chat itself.',
  taken: 'Somebody else has this name, or one that looks like it.',
};

/** Enough for 24 graphemes of any script, and an end to graphemes of a thousand code points. */
const MAX_CODE_UNITS = 120;

/** Real words need no more; more of them on one letter is drawing over the neighbours' lines. */
const STACKED_MARKS = /\p{M}{5}/u;

/**
 * Default-ignorable characters draw nothing and U+2800 is an empty Braille cell: two names could look the same.
 * Format characters include those that turn the direction of the text around.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The invisible characters that words and pictures of honest names are made with; taken out before the check. */
const JOINED_EMOJI =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})/gu;
const EMOJI_STYLE = /(?<=[\p{Extended_Pictographic}0-9#*])\uFE0F/gu;
const JOINED_LETTERS =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}])[\u200C\u200D](?=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}])/gu;

/** They end a mention or stand in an address, a filter or a command: `@ann:x`, `from:"ann"`, `evil.example`. */
const SIGNS = /[@#:/\\"]|\.(?! |$)/u;

/** UAX #31, table 5. Letters of other scripts may stand together, but not beside these. */
const SCRIPTS =
  'Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan'.split(
    ' ',
  );
/** UTS #39 §5.2, "highly restrictive": what Japanese, Korean and Chinese writing mixes anyway. */
const WRITTEN_TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Hangul'],
  ['Latin', 'Han', 'Bopomofo'],
];
let sameScript: readonly RegExp[] | undefined;

/** Made when first needed, which on a page is seldom: thirty large sets of characters. */
function isOfOneScript(name: string): boolean {
  sameScript ??= [
    ...[...WRITTEN_TOGETHER, ...SCRIPTS.map((script) => [script])].map(lettersOf),
    new RegExp(`^[^${SCRIPTS.map((script) => `\\p{Script=${script}}`).join('')}]*$`, 'u'),
  ];
  return sameScript.some((script) => script.test(name));
}

/** What people would take for the chat itself, or what `@` means everybody by. The server refuses look-alikes, too. */
export const RESERVED_NAMES: readonly string[] =
  'admin administrator all channel everybody everyone here moderator owner room root server staff system'.split(
    ' ',
  );

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Turns what somebody typed into the name to store and show, or says in one sentence why it cannot be one. */
export function parseName(input: unknown): ParsedName {
  if (typeof input !== 'string') return refuse('not a text');
  // Before normalising: NFKC can make a text 18 times longer, and the sender pays nothing for that.
  if (input.length > 4 * MAX_CODE_UNITS) return refuse('too long');
  const name = input.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  if (name === '') return refuse('empty');
  const drawn = withoutJoiners(name);
  if (INVISIBLE.test(drawn)) return refuse('invisible');
  if (!VISIBLE.test(drawn)) return refuse('no letter');
  if (STACKED_MARKS.test(drawn)) return refuse('accents');
  if (name.length > MAX_CODE_UNITS || countGraphemes(name) > LIMITS.nameGraphemes) return refuse('too long');
  if (SIGNS.test(name)) return refuse('signs');
  if (!isOfOneScript(name)) return refuse('scripts');
  if (RESERVED_NAMES.includes(name.toLowerCase())) return refuse('reserved');
  return { ok: true, name };
}

/** Whether a line draws all that is in it, in its own place: no invisible characters, no accents over the lines above. */
export function isPlain(text: string): boolean {
  const drawn = withoutJoiners(text);
  return !INVISIBLE.test(drawn) && !STACKED_MARKS.test(drawn);
}

function withoutJoiners(text: string): string {
  return text.replace(JOINED_EMOJI, '').replace(EMOJI_STYLE, '').replace(JOINED_LETTERS, '');
}

/** Counts what a reader would call characters: a flag or a family emoji is one. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) count += 1;
  return count;
}

/** Matches names whose letters are all of these scripts, or of none in particular. */
function lettersOf(scripts: readonly string[]): RegExp {
  const letters = [...scripts, 'Common', 'Inherited'].map((script) => `\\p{Script_Extensions=${script}}`);
  return new RegExp(`^(?:[${letters.join('')}]|\\P{L})*$`, 'u');
}

/** `taken` and what looks reserved are the server's to find. */
export function refuse(fault: NameFault): ParsedName & { ok: false } {
  return { ok: false, fault, text: FAULTS[fault] };
}
