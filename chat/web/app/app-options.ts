import type { OutboxShelf } from '../core/outbox-shelf.ts';
import type { Storage } from '../core/storage.ts';
import type { Wire } from '../core/wire.ts';
import type { Settings } from './settings.ts';

/** What the page stands on. */
export interface AppOptions {
  window: PageWindow;
  wire: Wire;
  storage: Storage;
  /** Outlives a reload, and nothing else. */
  session: Storage;
  shelf: OutboxShelf;
  settings: Settings;
}

/** The slice of the browser's window on which the page stands. The server, which draws it for the first time, has another. */
export interface PageWindow {
  readonly location: { readonly pathname: string };
  readonly history: {
    readonly state: unknown;
    pushState(state: unknown, title: string, path: string): void;
    replaceState(state: unknown, title: string, path?: string): void;
    back(): void;
  };
  matchMedia(query: string): {
    readonly matches: boolean;
    addEventListener(type: 'change', listener: () => void): void;
  };
  addEventListener(type: 'popstate', listener: () => void): void;
  requestAnimationFrame(draw: () => void): unknown;
}
