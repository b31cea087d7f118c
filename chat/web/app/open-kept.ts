import { KEPT_FOR } from '../core/kept-for.ts';
import type { Storage } from '../core/storage.ts';
import type { App } from './app.ts';
import { keptRooms } from './keeping-rooms.ts';

/**
 * Opens a page that did not come from the server, with what was kept of the last visit. The rooms themselves are taken
 * up when they are shown (`views/kept-room.tsx`).
 */
export async function openKept(app: App, storage: Storage): Promise<void> {
  // The worker writes the build into the page that it answers with.
  const build = document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content;
  const person = storage.read(KEPT_FOR);
  const hello = person === undefined ? undefined : await keptRooms.hello(Number(person));
  if (build === undefined) {
    app.open();
    return;
  }
  app.open(hello && { hello: { ...hello, build, online: [] }, entered: null });
  // It was asked a moment ago and did not answer.
  app.link.value = 'down';
}
