import { render } from 'preact';
import { BOOT_ID } from '../shared/boot.ts';
import { App } from './app/app.ts';
import { showWaiting } from './app/badge.ts';
import { Settings } from './app/settings.ts';
import { readBoot } from './core/boot.ts';
import { laterWire } from './core/later-wire.ts';
import { databaseShelf, storageShelf } from './core/outbox-shelf.ts';
import { webStorage } from './core/storage.ts';
import { Shell } from './views/shell.tsx';
import { chooseLanguage, speak, spoken } from './words/words.ts';

const root = document.querySelector('#app');
if (root === null) throw new Error('Cannot start: index.html has no #app');

const storage = webStorage(() => localStorage);
const settings = new Settings(storage);
settings.apply();
await speak(chooseLanguage(settings.language.value, navigator.languages));
document.documentElement.lang = spoken();

const wire = laterWire(async () => (await import('./core/socket-wire.ts')).socketWire());
const shelf = databaseShelf(() => indexedDB, storageShelf(storage));
const app = new App(
  wire,
  storage,
  shelf,
  settings,
  webStorage(() => sessionStorage),
);
showWaiting(app);
const boot = document.getElementById(BOOT_ID);
// What it says is one person's, who may sign out on this page.
boot?.remove();
const known = readBoot(boot?.textContent);
const later = async () => import('./app/at-hand.ts');
if (known) app.open(known);
// Not awaited here: that file imports what is in this one, and would wait for its end.
else
  void later().then(
    async ({ openKept }) => openKept(app, storage),
    () => app.open(),
  );
render(<Shell app={app} />, root);
// When all of the above is long done.
setTimeout(
  () =>
    void later().then(
      ({ keepAtHand }) => keepAtHand(app, storage),
      () => undefined,
    ),
  3_000,
);
