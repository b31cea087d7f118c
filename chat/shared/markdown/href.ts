const MAX_HREF_CHARS = 2_000;
const ADDRESS = /^[^\s@?&#%<>"]+@[^\s@?&#%<>"]+$/u;

/** What closes a sentence, or a span around the link, rather than the link. */
const TRAILING = /[.,:;!?…*_~|。，、！？；：]/u;

/**
 * Gives the address that a link may lead to, as the browser would write it, or undefined. An e-mail address comes
 * without subject and body: nobody's words are put into the reader's mouth.
 */
export function parseHref(text: string): string | undefined {
  if (text.length > MAX_HREF_CHARS) return undefined;
  if (/^mailto:/iu.test(text)) {
    const address = text.slice('mailto:'.length).split('?', 1)[0] ?? '';
    return ADDRESS.test(address) ? `mailto:${address}` : undefined;
  }
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return undefined;
  const { href, hostname } = new URL(text);
  return hostname === '' ? undefined : href;
}

/** Cuts off what ends the sentence. A closing bracket belongs to the link if its opening one does. */
export function withoutTrailing(url: string): string {
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
