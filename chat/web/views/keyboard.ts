import type { App } from '../app/app.ts';
import { sortRooms } from './sidebar.tsx';

/** Where the focus goes in a region: the first of these that it has. */
const STOPS = ['[aria-current=page]', 'li[tabindex="0"]', 'textarea', 'input', 'a[href]', 'button'];
const REGIONS = ['rooms', 'messages', 'composer', 'panel'];

/** The keys that work everywhere. Returns how to stop. */
export function listenToKeys(app: App): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    const act = actFor(app, event);
    if (!act) return;
    event.preventDefault();
    act();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

function actFor(app: App, event: KeyboardEvent): (() => void) | undefined {
  const { key, shiftKey, altKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (key === 'F6') return () => moveRegion(shiftKey ? -1 : 1);
  if (app.dialog.value || !app.me.value) return undefined;
  if (command && !shiftKey && key.toLowerCase() === 'k')
    return () => (app.dialog.value = { kind: 'switcher' });
  if (command && shiftKey && key.toLowerCase() === 'f') return () => app.places.open('search');
  if (command && key === '/') return () => (app.dialog.value = { kind: 'shortcuts' });
  if (key === '?' && !isWriting(event)) return () => (app.dialog.value = { kind: 'shortcuts' });
  if (altKey && key === 'ArrowUp') return () => moveRoom(app, -1, shiftKey);
  if (altKey && key === 'ArrowDown') return () => moveRoom(app, 1, shiftKey);
  if (key === 'Escape' && app.places.panel.value && isInPanel(event)) return () => app.places.close();
  return undefined;
}

function isWriting({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}

function isInPanel({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('.panel, .sidebar') !== null;
}

/** From the rooms to the messages, to where one writes, to the panel, and round. */
function moveRegion(by: number): void {
  const found = REGIONS.map((name) => document.querySelector<HTMLElement>(`[data-region=${name}]`)).filter(
    (region) => region !== null && region.getClientRects().length > 0,
  );
  const here = found.findIndex((region) => region?.contains(document.activeElement));
  const next = found[(here + by + found.length) % found.length];
  const target = STOPS.map((stop) => next?.querySelector<HTMLElement>(stop)).find((one) => one);
  (target ?? next)?.focus();
}

function moveRoom(app: App, by: number, unreadOnly: boolean): void {
  const { rooms, people } = sortRooms(app.rooms.value);
  const all = [...rooms, ...people];
  const here = all.findIndex(({ slug }) => slug === app.conversation.value?.slug);
  for (let step = 1; step <= all.length; step++) {
    const room = all[(here + by * step + all.length * step) % all.length];
    if (room && (!unreadOnly || room.unread > 0)) {
      app.places.toRoom(room.slug);
      return;
    }
  }
}
