/** Colours for code blocks. The highlighter is a chunk of its own, fetched with the first block of a known language. */

export interface Span {
  readonly text: string;
  /** What it is, for `class`; null for what has no colour. */
  readonly scope: Scope | null;
}

/** Each has a colour in the style sheet. What the highlighter tells apart beyond these is told apart no further. */
export const SCOPES = [
  'comment',
  'keyword',
  'string',
  'number',
  'title',
  'type',
  'variable',
  'attr',
  'tag',
  'meta',
  'addition',
  'deletion',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Some of the grammars are slow on what was made to slow them. */
const MAX_CHARS = 10_000;

/**
 * Gives the code in pieces, in order, complete. Undefined if the language is none that is known, the code is too long,
 * or the chunk does not come: then it stays as it is.
 */
export async function highlight(code: string, language: string | null): Promise<Span[] | undefined> {
  if (language === null || code.length > MAX_CHARS) return undefined;
  try {
    const { highlightWith } = await import('./highlighter.ts');
    return highlightWith(code, language);
  } catch {
    return undefined;
  }
}
