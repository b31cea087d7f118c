export type Piece = { readonly text: string; readonly href?: string };

const URL_START = /\bhttps?:\/\/[^\s<>"'`\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;
/** What closes a sentence rather than a link. */
const TRAILING = /[.,:;!?…*_~]$/u;

/**
 * Cuts a text into plain pieces and web links. Only `http:` and `https:` become links, and only if
 * the browser's own parser agrees.
 */
export function findLinks(body: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of body.matchAll(URL_START)) {
    const text = withoutTrailing(match[0]);
    const href = parseHref(text);
    if (href === undefined) continue;
    if (match.index > end) pieces.push({ text: body.slice(end, match.index) });
    pieces.push({ text, href });
    end = match.index + text.length;
  }
  if (end < body.length) pieces.push({ text: body.slice(end) });
  return pieces;
}

/** Linear in the length: a hostile text may end in thousands of brackets. */
function withoutTrailing(url: string): string {
  const surplus = { ')': 0, ']': 0 };
  for (const character of url) {
    if (character === '(') surplus[')']--;
    else if (character === '[') surplus[']']--;
    else if (character === ')' || character === ']') surplus[character]++;
  }
  let end = url.length;
  for (; end > 0; end--) {
    const last = url[end - 1] ?? '';
    if (last === ')' || last === ']') {
      if (surplus[last] <= 0) break;
      surplus[last]--;
    } else if (!TRAILING.test(last)) break;
  }
  return url.slice(0, end);
}

function parseHref(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.hostname !== '' ? url.href : undefined;
}
