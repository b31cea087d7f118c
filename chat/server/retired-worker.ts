/** The end of the service worker, for who wants none, or has one that went wrong: browsers take it for the newer one. */
import type { Request, Response } from 'express';

/** It answers nothing, deletes the files that are kept, and goes. Pages that find it named in `ChatInfo` never start it. */
const SCRIPT = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await self.registration.unregister();
  })());
});
`;

export function answerRetired(_request: Request, response: Response): void {
  response.set('Cache-Control', 'no-cache').type('text/javascript').send(SCRIPT);
}
