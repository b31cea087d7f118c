import { signal, type Signal } from '@preact/signals';
import type { Storage } from './core/storage.ts';

export type ThemeName = 'auto' | 'light' | 'dark';

const KEY = 'theme';
const NEXT = { auto: 'light', light: 'dark', dark: 'auto' } as const satisfies Record<ThemeName, ThemeName>;

/** Light, dark, or as the system says. The colours themselves are in `style/tokens.css`. */
export class Theme {
  readonly name: Signal<ThemeName>;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    const stored = storage.read(KEY);
    this.#storage = storage;
    this.name = signal(stored === 'light' || stored === 'dark' ? stored : 'auto');
  }

  get next(): ThemeName {
    return NEXT[this.name.value];
  }

  switch(): void {
    this.name.value = this.next;
    if (this.name.value === 'auto') this.#storage.remove(KEY);
    else this.#storage.write(KEY, this.name.value);
    this.apply();
  }

  apply(): void {
    document.documentElement.dataset['theme'] = this.name.value;
    // The browser's own bar follows the choice too: each meta speaks for one scheme of the system.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const own = meta.media.includes('dark') ? 'dark' : 'light';
      const wanted = this.name.value === 'auto' ? own : this.name.value;
      meta.content = wanted === 'dark' ? '#161513' : '#fbfaf7';
    }
  }
}
