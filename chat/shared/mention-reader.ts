import type { ReadMention } from './markdown/ast.ts';

/** `as` stands behind the `@`: what the person was called when it was said. */
export interface BoundMention {
  readonly person: number;
  readonly as: string;
}

const WORD = /[\p{L}\p{N}\p{M}_]/u;

/**
 * Finds again in a message what the server bound in it, so that names with spaces and marks are mentions and other
 * `@words` are text. The longest name wins: `@Ada Lovelace` is not `@Ada`. `@room` is a mention of nobody in particular.
 */
export function mentionReader(mentions: readonly BoundMention[], mentionsRoom = false): ReadMention {
  const bound: { as: string; person: number | null }[] = mentions.filter(({ as }) => as !== '');
  if (mentionsRoom) bound.push({ as: 'room', person: null });
  bound.sort((one, other) => other.as.length - one.as.length);
  return (text, at) => {
    for (const { as, person } of bound) {
      const end = at + 1 + as.length;
      if (text.startsWith(as, at + 1) && !splitsWord(text, end)) return { end, person };
    }
    return undefined;
  };
}

/** `@Ann` is not in `@Annette`. Scripts without spaces go on right behind a name, so there any end will do. */
function splitsWord(text: string, end: number): boolean {
  const before = lastCharacter(text.slice(Math.max(0, end - 2), end));
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
  const spaceless =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
  if (/\p{M}/u.test(after)) return true;
  return WORD.test(before) && WORD.test(after) && !spaceless.test(before) && !spaceless.test(after);
}

function lastCharacter(text: string): string {
  return Array.from(text).at(-1) ?? '';
}
