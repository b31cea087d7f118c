import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.ts';
import { socketWire } from './core/socket-wire.ts';
import { webStorage } from './core/storage.ts';
import { Shell } from './views/shell.tsx';

const root = document.querySelector('#app');
if (root === null) throw new Error('Cannot start: index.html has no #app');

const app = new App(
  socketWire(),
  webStorage(() => localStorage),
);
app.theme.apply();
effect(() => {
  document.title = app.title.value;
});
render(<Shell app={app} />, root);
app.open();
