/** What a person may be called. The page and the server ask the same function, so they give the same reasons. */
import { LIMITS } from './events.ts';

export type ParsedName = { ok: true; name: string } | { ok: false; text: string };

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

const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Turns what somebody typed into the name to store and show, or says in one sentence why it cannot be one. */
export function parseName(input: unknown): ParsedName {
  if (typeof input !== 'string') return refuse('A name must be a text.');
  // Before normalising: NFKC can make a text 18 times longer, and the sender pays nothing for that.
  if (input.length > 4 * MAX_CODE_UNITS) return refuse(tooLong);
  const name = input.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  if (name === '') return refuse('Please type a name.');
  const drawn = name.replace(JOINED_EMOJI, '').replace(EMOJI_STYLE, '').replace(JOINED_LETTERS, '');
  if (INVISIBLE.test(drawn)) return refuse('A name cannot contain invisible characters.');
  if (!VISIBLE.test(drawn)) return refuse('A name needs at least one letter, digit or sign.');
  if (STACKED_MARKS.test(drawn)) return refuse('A name cannot stack that many accents on one letter.');
  if (name.length > MAX_CODE_UNITS || countGraphemes(name) > LIMITS.nameGraphemes) return refuse(tooLong);
  return { ok: true, name };
}

/** Counts what a reader would call characters: a flag or a family emoji is one. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) count += 1;
  return count;
}

const tooLong = `A name can have at most ${LIMITS.nameGraphemes} characters.`;

function refuse(text: string): ParsedName {
  return { ok: false, text };
}
