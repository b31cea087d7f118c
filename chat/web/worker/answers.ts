/**
 * What the service worker answers, and what it keeps for that: the files of a build, whose names change with their
 * content, and the page as nobody in particular sees it. Whatever is anybody's own never passes through here.
 */
import { parsePlace } from '../../shared/routes.ts';

/** The files of one build. */
export interface Build {
  /** As the server names it: `hello` says the same. */
  readonly name: string;
  /** Paths under /assets/. */
  readonly files: readonly string[];
}

/** The slices of the browser's interfaces that are used. */
export interface Cache {
  match(path: string): Promise<Response | undefined>;
  put(path: string, response: Response): Promise<void>;
}
export interface Caches {
  open(name: string): Promise<Cache>;
  /** The names, in the order in which the caches were made. */
  keys(): Promise<string[]>;
  /** In all of them, or in that one: unlike `open` it makes none. */
  match(path: string, options: { ignoreVary: true; cacheName?: string }): Promise<Response | undefined>;
  delete(name: string): Promise<boolean>;
}
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

const PREFIX = 'build ';
/** Served without anybody's data in it. */
const PAGE = '/index.html';
/** Under each cache's own page stands its build: the page cannot know it from the server when there is none. */
const BUILD_META = 'build';
/** At once, and no more: they come after the page has what it needs. */
const FETCHED_AT_ONCE = 4;
/** Files that carry a hash: the server says "immutable", and the browser may have them already. */
const ASSETS = '/assets/';

/** Whose answer a request is to be, or null if the worker has no part in it. */
export function partOf(method: string, mode: string, url: URL, origin: string): 'page' | 'file' | null {
  if (method !== 'GET' || url.origin !== origin) return null;
  if (mode !== 'navigate') return url.pathname.startsWith(ASSETS) ? 'file' : null;
  const place = parsePlace(url.pathname);
  // Addresses with a code are good for nothing without the server.
  return place === null || 'code' in place ? null : 'page';
}

/**
 * Fetches a build. Nothing of it counts unless all of it came.
 * @throws {Error} when a file is missing or the server has another build by now: the browser tries again later
 */
export async function keepBuild(caches: Caches, fetch: Fetch, { name, files }: Build): Promise<void> {
  const cache = await caches.open(PREFIX + name);
  const page = await ok(await fetch(PAGE, { cache: 'no-cache', credentials: 'omit' }));
  const html = await page.text();
  for (const [, path = ''] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/gu)) {
    if (!files.includes(path)) throw new Error(`Cannot keep the build: ${path} is of another one`);
  }
  const waiting = [...files];
  const fetchSome = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      if ((await cache.match(path)) === undefined) await cache.put(path, await ok(await fetch(path)));
    }
  };
  await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, fetchSome));
  const marked = html.replace('</head>', `<meta name="${BUILD_META}" content="${name}" /></head>`);
  const headers = new Headers(page.headers);
  // They speak of the bytes that were sent.
  for (const header of ['content-encoding', 'content-length', 'etag']) headers.delete(header);
  await cache.put(PAGE, new Response(marked, { headers }));
}

/**
 * Drops the builds before this one, except those whose pages are still open: a page fetches parts of its own build when
 * they are first wanted. Those that were begun after this one stay: their worker is about to take over, and has no page yet.
 * `isOpen` says whether some page needs that cache.
 */
export async function dropOthers(
  caches: Caches,
  { name }: Build,
  isOpen: (cacheName: string) => Promise<boolean>,
): Promise<void> {
  for (const other of await caches.keys()) {
    if (other === PREFIX + name) return;
    if (!other.startsWith(PREFIX)) continue;
    if (!(await isOpen(other))) await caches.delete(other);
  }
}

/** A file of any build that is kept: what has the same name is the same file. */
export async function answerFile(
  caches: Caches,
  fetch: () => Promise<Response>,
  path: string,
): Promise<Response> {
  return (await caches.match(path, { ignoreVary: true })) ?? fetch();
}

/**
 * The page from the server, else as nobody in particular sees it: when there is no answer in time, or only a proxy's that
 * the server is away. `patience` resolves when the time is up.
 */
export async function answerPage(
  caches: Caches,
  { name }: Build,
  fromServer: Promise<Response>,
  patience: Promise<void>,
): Promise<Response> {
  const good = fromServer.then(
    (response) => (response.status < 500 ? response : undefined),
    () => undefined,
  );
  const answer = await Promise.race([good, patience]);
  if (answer) return answer;
  const kept = await caches.match(PAGE, { ignoreVary: true, cacheName: PREFIX + name });
  return kept ?? fromServer;
}

async function ok(response: Response): Promise<Response> {
  if (response.status !== 200) throw new Error(`Cannot keep ${response.url}: status ${response.status}`);
  return response;
}
