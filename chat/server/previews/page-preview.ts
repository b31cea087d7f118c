/** What a page says about itself, for the card below a link to it. */
import { TextDecoder } from 'node:util';
import { cleanText } from './clean-text.ts';
import { FetchFault, Refused } from './faults.ts';
import { type Fetched, fetchGuarded } from './fetch.ts';
import type { Guard } from './guard.ts';
import { type HtmlHead, HtmlHeadReader } from './html-head.ts';
import { type ImageHead, readImageHead } from './image-head.ts';

export interface PagePreview {
  title: string;
  /** Empty if the page has none. */
  description: string;
  image: PageImage | null;
}

export interface PageImage extends ImageHead {
  bytes: Buffer;
}

export interface PageOptions {
  guard: Guard;
  /** For the page and its picture together. */
  signal: AbortSignal;
  maxPageBytes: number;
  maxImageBytes: number;
}

const TITLE_CHARS = 120;
const DESCRIPTION_CHARS = 300;
/** Where a page may say, at the latest, how its letters are written: https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding */
const PRESCAN_BYTES = 1_024;

/**
 * Null if it says nothing.
 * @throws {Refused}
 * @throws {FetchFault}
 */
export async function fetchPreview(url: URL, options: PageOptions): Promise<PagePreview | null> {
  const page = await fetchGuarded(url, {
    ...options,
    accept: 'text/html',
    isWanted: (type) => /^text\/html\s*(?:;|$)/u.test(type),
    maxBytes: options.maxPageBytes,
  });
  const { title, meta } = await readHead(page);
  const first = (...names: string[]): string =>
    names.map((name) => meta.get(name) ?? '').find((value) => value !== '') ?? '';
  const shownTitle = cleanText(first('og:title', 'twitter:title') || title, TITLE_CHARS);
  if (shownTitle === '') return null;
  return {
    title: shownTitle,
    description: cleanText(first('og:description', 'twitter:description', 'description'), DESCRIPTION_CHARS),
    image: await fetchImage(
      first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src').trim(),
      page.url,
      options,
    ),
  };
}

export async function readHead({ body, type }: Pick<Fetched, 'body' | 'type'>): Promise<HtmlHead> {
  const reader = new HtmlHeadReader();
  let decoder: TextDecoder | undefined;
  let beginning: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    if (decoder === undefined) {
      beginning = Buffer.concat([beginning, chunk]);
      if (beginning.length < PRESCAN_BYTES) continue;
      decoder = decoderFor(type, beginning);
      reader.read(decoder.decode(beginning, { stream: true }));
    } else reader.read(decoder.decode(chunk, { stream: true }));
    if (reader.isDone) return reader.head;
  }
  if (decoder === undefined) reader.read(decoderFor(type, beginning).decode(beginning));
  return reader.head;
}

/** By a byte order mark, by what the server says, by what the page says, else UTF-8. */
function decoderFor(type: string, beginning: Buffer): TextDecoder {
  const said = [
    BYTE_ORDER_MARKS.find(([mark]) => beginning.subarray(0, mark.length).equals(Buffer.from(mark)))?.[1],
    /charset\s*=\s*["']?([\w.:-]{1,40})/u.exec(type)?.[1],
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})/iu.exec(
      beginning.toString('latin1', 0, PRESCAN_BYTES),
    )?.[1],
  ];
  for (const label of said) {
    try {
      if (label !== undefined) return new TextDecoder(label);
    } catch {
      // No such encoding: the next one may know better.
    }
  }
  return new TextDecoder();
}

const BYTE_ORDER_MARKS: readonly [mark: number[], label: string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/** Null if there is none that can be shown: the card is there without. */
async function fetchImage(src: string, page: URL, options: PageOptions): Promise<PageImage | null> {
  if (src === '' || !URL.canParse(src, page.href)) return null;
  try {
    const { body } = await fetchGuarded(new URL(src, page), {
      ...options,
      accept: 'image/png, image/jpeg, image/webp, image/gif',
      isWanted: () => true,
      // One more than may be: so it is seen that there was more.
      maxBytes: options.maxImageBytes + 1,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const head = bytes.length > options.maxImageBytes ? null : readImageHead(bytes);
    return head && { ...head, bytes };
  } catch (error) {
    if (error instanceof Refused || error instanceof FetchFault) return null;
    throw error;
  }
}
