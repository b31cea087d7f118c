import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app/app.ts';
import { Settings } from './app/settings.ts';
import { databaseShelf, storageShelf } from './core/outbox-shelf.ts';
import { socketWire } from './core/socket-wire.ts';
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

const shelf = databaseShelf(() => indexedDB, storageShelf(storage));
const app = new App(socketWire(), storage, shelf, settings);
effect(() => {
  document.title = app.title.value;
});
app.open();
render(<Shell app={app} />, root);
