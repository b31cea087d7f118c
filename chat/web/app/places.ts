import { signal, type Signal } from '@preact/signals';
import { parsePlace, permalink, type Place } from '../../shared/routes.ts';
import type { Left, Standpoints } from '../core/standpoints.ts';
import type { PageWindow } from './app-options.ts';

/** What stands beside the conversation, or over it on a phone. */
export const PANELS = ['rooms', 'members', 'search', 'inbox', 'pins', 'saved'] as const;
export type Panel = (typeof PANELS)[number];

/** As in the styles. */
const NARROW = '(width < 48rem)';

/** The address of the page, and the panel that is open: "back" closes a panel before it leaves a room. */
export class Places {
  readonly place: Signal<Place>;
  readonly panel: Signal<Panel | null>;
  /** Whether there is one column. */
  readonly isNarrow: Signal<boolean>;
  readonly #window: PageWindow;
  readonly #standpoints: Standpoints;
  /** Where one stands in the list on the screen. */
  readonly #now: () => Left | undefined;
  /** The entry of the history that is shown. */
  #entry: string;

  constructor(window: PageWindow, standpoints: Standpoints, now: () => Left | undefined) {
    this.#window = window;
    this.#standpoints = standpoints;
    this.#now = now;
    this.#entry = this.#readEntry();
    const narrow = window.matchMedia(NARROW);
    this.isNarrow = signal(narrow.matches);
    narrow.addEventListener('change', () => (this.isNarrow.value = narrow.matches));
    this.place = signal(this.#read());
    this.panel = signal(this.#readPanel());
    window.addEventListener('popstate', () => {
      this.remember();
      this.#entry = this.#readEntry();
      this.place.value = this.#read();
      this.panel.value = this.#readPanel();
    });
  }

  /** How the entry that is shown now was left before, if one has come back to it. */
  get left(): Left | undefined {
    return this.#standpoints.find(this.#entry);
  }

  /** Where one stands, for whenever one comes back to this entry. */
  remember(): void {
    const left = this.#now();
    if (left) this.#standpoints.leave(this.#entry, left);
  }

  forget(): void {
    this.#standpoints.forget();
  }

  /** Goes to an address; a new entry of the history unless it is the same or takes the place of the present one. */
  go(path: string, how: 'push' | 'replace' = 'push'): void {
    const panel = this.isNarrow.value ? null : this.panel.value;
    this.remember();
    this.#entry = makeEntry();
    const state = { panel, entry: this.#entry };
    // A panel that lay over the page gives up its entry: "back" leads to what it covered.
    const { history, location } = this.#window;
    if (how === 'replace' || path === location.pathname || this.#isOver())
      history.replaceState(state, '', path);
    else history.pushState(state, '', path);
    this.panel.value = panel;
    this.place.value = this.#read();
  }

  toRoom(room: string, seq: number | null = null, how: 'push' | 'replace' = 'push'): void {
    this.go(seq === null ? `/r/${encodeURIComponent(room)}` : permalink(room, seq), how);
  }

  open(panel: Panel): void {
    if (this.panel.value === panel) return;
    const { history, location } = this.#window;
    const path = location.pathname;
    // Over the conversation it is a place of its own, which "back" leaves; beside it it is not.
    if (this.isNarrow.value && this.panel.value === null) {
      this.remember();
      this.#entry = makeEntry();
      history.pushState({ panel, over: true, entry: this.#entry }, '', path);
    } else history.replaceState({ ...(history.state as object | null), panel }, '', path);
    this.panel.value = panel;
  }

  close(): void {
    if (this.panel.value === null) return;
    const { history, location } = this.#window;
    if (this.#isOver()) history.back();
    else history.replaceState({ panel: null, entry: this.#entry }, '', location.pathname);
    this.panel.value = null;
  }

  toggle(panel: Panel): void {
    if (this.panel.value === panel) this.close();
    else this.open(panel);
  }

  #isOver(): boolean {
    return (this.#window.history.state as { over?: boolean } | null)?.over === true;
  }

  #read(): Place {
    return parsePlace(this.#window.location.pathname) ?? { page: 'home' };
  }

  /** The name of the entry that is shown, given to it now if it has none. */
  #readEntry(): string {
    const { history } = this.#window;
    const state = history.state as { entry?: unknown } | null;
    if (typeof state?.entry === 'string') return state.entry;
    const entry = makeEntry();
    history.replaceState({ ...state, entry }, '');
    return entry;
  }

  #readPanel(): Panel | null {
    const panel = (this.#window.history.state as { panel?: unknown } | null)?.panel;
    return PANELS.find((one) => one === panel) ?? null;
  }
}

function makeEntry(): string {
  return Math.random().toString(36).slice(2);
}
