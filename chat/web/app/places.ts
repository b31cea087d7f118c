import { signal, type Signal } from '@preact/signals';
import { parsePlace, permalink, type Place } from '../../shared/routes.ts';

/** What stands beside the conversation, or over it on a phone. */
export const PANELS = ['rooms', 'members', 'search', 'inbox'] as const;
export type Panel = (typeof PANELS)[number];

/** The address of the page, and the panel that is open: "back" closes a panel before it leaves a room. */
export class Places {
  readonly place: Signal<Place>;
  readonly panel: Signal<Panel | null>;

  constructor() {
    this.place = signal(read());
    this.panel = signal(readPanel());
    window.addEventListener('popstate', () => {
      this.place.value = read();
      this.panel.value = readPanel();
    });
  }

  /** Goes to an address; a new entry of the history unless it is the same or takes the place of the present one. */
  go(path: string, how: 'push' | 'replace' = 'push'): void {
    const panel = isNarrow() ? null : this.panel.value;
    // A panel that lay over the page gives up its entry: "back" leads to what it covered.
    if (how === 'replace' || path === location.pathname || isOver())
      history.replaceState({ panel }, '', path);
    else history.pushState({ panel }, '', path);
    this.panel.value = panel;
    this.place.value = read();
  }

  toRoom(room: string, seq: number | null = null, how: 'push' | 'replace' = 'push'): void {
    this.go(seq === null ? `/r/${encodeURIComponent(room)}` : permalink(room, seq), how);
  }

  open(panel: Panel): void {
    if (this.panel.value === panel) return;
    const path = location.pathname;
    // Over the conversation it is a place of its own, which "back" leaves; beside it it is not.
    if (isNarrow() && this.panel.value === null) history.pushState({ panel, over: true }, '', path);
    else history.replaceState({ ...(history.state as object | null), panel }, '', path);
    this.panel.value = panel;
  }

  close(): void {
    if (this.panel.value === null) return;
    if (isOver()) history.back();
    else history.replaceState({ panel: null }, '', location.pathname);
    this.panel.value = null;
  }

  toggle(panel: Panel): void {
    if (this.panel.value === panel) this.close();
    else this.open(panel);
  }
}

/** As in the styles: one column. */
export function isNarrow(): boolean {
  return matchMedia('(width < 48rem)').matches;
}

function isOver(): boolean {
  return (history.state as { over?: boolean } | null)?.over === true;
}

function read(): Place {
  return parsePlace(location.pathname) ?? { page: 'home' };
}

function readPanel(): Panel | null {
  const panel = (history.state as { panel?: unknown } | null)?.panel;
  return PANELS.find((one) => one === panel) ?? null;
}
