/**
 * What a page does when it is drawn and has nothing better to do: keeps itself for when the server is away. One chunk with
 * what shows it then, which could not be fetched.
 */
import type { Storage } from '../core/storage.ts';
import { lockName } from '../worker/open-pages.ts';
import type { App } from './app.ts';
import { badgeApp, offerInstall } from './installing.ts';
import { keepRooms } from './keeping-rooms.ts';
import { startWorker } from './starting-worker.ts';

export { KeptRoom } from '../views/kept-room.tsx';
export { openKept } from './open-kept.ts';

export function keepAtHand(app: App, storage: Storage): void {
  keepRooms(app, storage);
  offerInstall();
  badgeApp(app);
  if (!isSecureContext || !('serviceWorker' in navigator)) return;
  void startWorker(app);
  // Held until the page is gone. A file of this build: the one that this module is in.
  const { pathname } = new URL(import.meta.url);
  void navigator.locks.request(lockName(pathname), { mode: 'shared' }, () => new Promise(() => undefined));
}
