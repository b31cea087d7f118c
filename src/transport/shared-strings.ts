/**
 * Thousands of clients send the same headers. Each would keep copies of its own as long as it is connected, since its request
 * stays readable (`socket.request`): with a browser's headers, about a kilobyte.
 */
import type { IncomingMessage } from 'node:http';

/** Enough for the headers of many kinds of clients. */
const MAX_STRINGS = 512;
/** Longer ones are cookies and tokens, which are nobody else's. */
const MAX_LENGTH = 256;

const known = new Map<string, string>();

/** Puts one copy for all in the place of what others have sent, too. Call it before anything reads `request.headers`. */
export function shareStringsOf(request: IncomingMessage): void {
  const { rawHeaders, url } = request;
  for (const [at, text] of rawHeaders.entries()) rawHeaders[at] = shared(text);
  if (url !== undefined) request.url = shared(url);
}

function shared(text: string): string {
  if (text.length > MAX_LENGTH) return text;
  const found = known.get(text);
  if (found !== undefined) return found;
  // Those that are in use come back at once.
  if (known.size >= MAX_STRINGS) known.clear();
  known.set(text, text);
  return text;
}
