/** The service worker: joins `answers.ts` to the browser. Browsers run it for pages with https, and on localhost. */
import { answerFile, answerPage, dropOthers, keepBuild, partOf, type Build } from './answers.ts';
import { isHeld } from './open-pages.ts';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build, wherever it is named: once. */
declare const BUILD: Build;
const build = BUILD;

/** A server on the other side of the world answers sooner; whoever waits longer is helped by what is kept. */
const PATIENCE_MS = 3_000;

self.addEventListener('install', (event) => {
  // Old pages lose nothing by it, since the files of their build stay: see `dropOthers`.
  event.waitUntil(keepBuild(caches, async (...ask) => fetch(...ask), build).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    Promise.all([
      dropUnused(),
      self.clients.claim(),
      // The server is asked while the worker starts.
      self.registration.navigationPreload?.enable(),
    ]),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const part = partOf(request.method, request.mode, new URL(request.url), self.location.origin);
  if (part === 'file') {
    event.respondWith(answerFile(caches, async () => fetch(request), new URL(request.url).pathname));
  } else if (part === 'page') {
    const fromServer = ask(event);
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
    event.respondWith(answerPage(caches, build, fromServer, patience));
    // The browser complains about an answer that nobody waited for.
    // Nothing is dropped while the page comes, which asks the caches for its files.
    event.waitUntil(Promise.allSettled([fromServer, patience.then(dropUnused)]));
  }
});

async function ask(event: FetchEvent): Promise<Response> {
  return ((await event.preloadResponse) as Response | undefined) ?? fetch(event.request);
}

async function dropUnused(): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name }) => name ?? '');
  await dropOthers(caches, build, async (cacheName) => isHeld(caches, cacheName, names));
}
