import { hydrate, render } from 'preact';
import { BOOT_ID, type Boot } from '../shared/boot.ts';
import { App } from './app/app.ts';
import { showWaiting } from './app/badge.ts';
import { guessOf, keepView, pictureOf, seeAs } from './app/drawn.ts';
import { Settings } from './app/settings.ts';
import { readBoot } from './core/boot.ts';
import { laterWire } from './core/later-wire.ts';
import { databaseShelf, storageShelf } from './core/outbox-shelf.ts';
import { webStorage } from './core/storage.ts';
import { Gate, isGate, Shell } from './views/shell.tsx';
import { chooseLanguage, speak, spoken } from './words/words.ts';

const root = document.querySelector<HTMLElement>('#app');
if (root === null) throw new Error('Cannot start: index.html has no #app');

const storage = webStorage(() => localStorage);
const settings = new Settings(storage);
settings.apply();
await speak(chooseLanguage(settings.language.value, navigator.languages));
document.documentElement.lang = spoken();

const app = new App({
  window,
  wire: laterWire(async () => (await import('./core/socket-wire.ts')).socketWire()),
  storage,
  session: webStorage(() => sessionStorage),
  shelf: databaseShelf(() => indexedDB, storageShelf(storage)),
  settings,
});
showWaiting(app);
const bootBlock = document.getElementById(BOOT_ID);
// What it says is one person's, who may sign out on this page.
bootBlock?.remove();
const boot = readBoot(bootBlock?.textContent);
const later = async () => import('./app/at-hand.ts');
// Neither is awaited here: what they fetch imports what is in this file, and would wait for its end.
if (boot) void draw(root, boot);
else {
  render(<Shell app={app} />, root);
  keepView(app);
  void later().then(
    async ({ openKept }) => openKept(app, storage),
    () => app.open(),
  );
}
// When all of the above is long done.
setTimeout(
  () =>
    void later().then(
      ({ keepAtHand }) => keepAtHand(app, storage),
      () => undefined,
    ),
  3_000,
);

/** Takes over the elements that the server has drawn, or draws the page. */
async function draw(into: HTMLElement, known: Boot): Promise<void> {
  const picture = into.dataset['picture'];
  const seeOwn = picture === undefined ? undefined : seeAs(guessOf(picture), app);
  app.show(known);
  if (picture !== undefined && isGate(app.places.place.value)) await Gate.load();
  const isDrawn = picture === pictureOf(app);
  delete into.dataset['picture'];
  into.inert = false;
  if (isDrawn) hydrate(<Shell app={app} />, into);
  else into.replaceChildren();
  seeOwn?.();
  if (!isDrawn) render(<Shell app={app} />, into);
  into.className = '';
  app.connect(known.hello.build);
  keepView(app);
}
