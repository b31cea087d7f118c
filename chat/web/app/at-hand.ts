/**
 * What a page does when it is drawn and has nothing better to do: keeps itself for when the server is away. One chunk with
 * what shows it then, which could not be fetched.
 */
import { KEPT_FOR } from '../core/kept-for.ts';
import type { Storage } from '../core/storage.ts';
import { lockName } from '../worker/open-pages.ts';
import type { App } from './app.ts';
import { badgeApp, offerInstall } from './installing.ts';
import { keepRooms, keptRooms } from './keeping-rooms.ts';
import { endWorker, startWorker } from './starting-worker.ts';

export { KeptRoom } from '../views/kept-room.tsx';
export { openKept } from './open-kept.ts';

/** Begins when the server has said what it wants. */
export function keepAtHand(app: App, storage: Storage): void {
  let isBegun = false;
  app.chat.subscribe((chat) => {
    if (!chat || isBegun) return;
    isBegun = true;
    if (chat.offline === 'never') void forgetAll(storage);
    else keepAll(app, storage);
  });
}

function keepAll(app: App, storage: Storage): void {
  keepRooms(app, storage);
  offerInstall();
  badgeApp(app);
  if (!isSecureContext || !('serviceWorker' in navigator)) return;
  void startWorker(app);
  // Held until the page is gone. A file of this build: the one that this module is in.
  const { pathname } = new URL(import.meta.url);
  void navigator.locks.request(lockName(pathname), { mode: 'shared' }, () => new Promise(() => undefined));
}

async function forgetAll(storage: Storage): Promise<void> {
  storage.remove(KEPT_FOR);
  await keptRooms.belongTo(null);
  if (isSecureContext && 'serviceWorker' in navigator) await endWorker();
}
