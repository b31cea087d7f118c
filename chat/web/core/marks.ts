export interface Piece {
  readonly text: string;
  readonly isMarked: boolean;
}

/** How much stands before the first mark. */
const LEAD_CHARS = 60;

/**
 * Cuts a text at what was looked for. The search folds case and accents and sets characters of some scripts apart, so a
 * phrase is found letter by letter, with anything but letters and digits between its words.
 */
export function findMarks(text: string, phrases: readonly string[]): Piece[] {
  const pattern = toPattern(phrases);
  if (pattern === undefined) return [{ text, isMarked: false }];
  const { folded, origins } = fold(text);
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of folded.matchAll(pattern)) {
    const from = origins[match.index] ?? 0;
    const to = origins[match.index + match[0].length] ?? text.length;
    if (from < end || to <= from) continue;
    const start = pieces.length === 0 && from > 2 * LEAD_CHARS ? from - LEAD_CHARS : end;
    if (from > start)
      pieces.push({ text: (start > end ? '…' : '') + text.slice(start, from), isMarked: false });
    pieces.push({ text: text.slice(from, to), isMarked: true });
    end = to;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isMarked: false });
  return pieces;
}

function toPattern(phrases: readonly string[]): RegExp | undefined {
  const patterns = phrases
    .map((phrase) => fold(phrase).folded.split(/\s+/u).filter(Boolean).map(escape))
    .filter((words) => words.length > 0)
    .map((words) => words.join(String.raw`[^\p{L}\p{N}]*`));
  if (patterns.length === 0) return undefined;
  return new RegExp(String.raw`(?:${patterns.join('|')})`, 'gu');
}

/** Without case and accents; with where each unit came from. */
function fold(text: string): { folded: string; origins: number[] } {
  const origins: number[] = [];
  let folded = '';
  let at = 0;
  for (const character of text) {
    const plain = character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
    for (let unit = 0; unit < plain.length; unit++) origins.push(at);
    folded += plain;
    at += character.length;
  }
  origins.push(at);
  return { folded, origins };
}

function escape(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/-]/gu, String.raw`\$&`);
}
