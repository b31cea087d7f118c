import type { ReadMention } from './markdown/ast.ts';
import { mayEndName } from './name-boundary.ts';

/** `as` stands behind the `@`: what the person was called when it was said. */
export interface BoundMention {
  readonly person: number;
  readonly as: string;
}

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
      if (text.startsWith(as, at + 1) && mayEndName(text, end)) return { end, person };
    }
    return undefined;
  };
}
