import { signal, type Signal } from '@preact/signals';
import type { Storage } from '../core/storage.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const CONTRASTS = ['auto', 'more'] as const;
export type Contrast = (typeof CONTRASTS)[number];
/** What is read out by screen readers as it arrives. */
export const ANNOUNCEMENTS = ['all', 'mentions', 'none'] as const;
export type Announcements = (typeof ANNOUNCEMENTS)[number];
/** Of what a sound or a notice of the system tells, while the window is elsewhere. */
export const REACHES = ['personal', 'all', 'none'] as const;
export type Reach = (typeof REACHES)[number];

/** Below links: with pictures, without, or nothing at all. */
export const SHOWN_PREVIEWS = ['all', 'text', 'none'] as const;
export type ShownPreviews = (typeof SHOWN_PREVIEWS)[number];

/** What a person chose for this browser. The colours themselves are in `style/tokens.css`. */
export class Settings {
  readonly theme: Signal<Theme>;
  readonly contrast: Signal<Contrast>;
  readonly announcements: Signal<Announcements>;
  readonly reach: Signal<Reach> = signal('personal');
  readonly sound: Signal<boolean> = signal(true);
  /** Notices of the system, if the browser allows them. */
  readonly desktop: Signal<boolean> = signal(false);
  readonly previews: Signal<ShownPreviews>;
  /** Null: as the browser says. */
  readonly language: Signal<string | null>;
  /** Whether Enter sends and Shift+Enter makes a line, or the other way round with Ctrl. */
  readonly enterSends: Signal<boolean>;
  /** The skin of hands and faces: 0 is yellow, 1 to 5 from light to dark. */
  readonly emojiTone: Signal<number>;
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.theme = signal(oneOf(THEMES, storage.read('theme')));
    this.contrast = signal(oneOf(CONTRASTS, storage.read('contrast')));
    this.announcements = signal(oneOf(ANNOUNCEMENTS, storage.read('announcements')));
    this.previews = signal(oneOf(SHOWN_PREVIEWS, storage.read('previews')));
    this.language = signal(storage.read('language') ?? null);
    this.enterSends = signal(storage.read('enter-sends') !== 'no');
    this.emojiTone = signal(Number(/^[1-5]$/.exec(storage.read('emoji-tone') ?? '')?.[0] ?? 0));
    this.readNotices();
  }

  setTheme(theme: Theme): void {
    this.theme.value = theme;
    this.#keep('theme', theme === 'auto' ? null : theme);
    this.apply();
  }

  setContrast(contrast: Contrast): void {
    this.contrast.value = contrast;
    this.#keep('contrast', contrast === 'auto' ? null : contrast);
    this.apply();
  }

  setAnnouncements(announcements: Announcements): void {
    this.announcements.value = announcements;
    this.#keep('announcements', announcements === 'all' ? null : announcements);
  }

  /** Again when another page of this browser has changed it: any one of them may be the one that tells. */
  readNotices(): void {
    this.reach.value = oneOf(REACHES, this.#storage.read('reach'));
    this.sound.value = this.#storage.read('sound') !== 'no';
    this.desktop.value = this.#storage.read('desktop') === 'yes';
  }

  setReach(reach: Reach): void {
    this.reach.value = reach;
    this.#keep('reach', reach === 'personal' ? null : reach);
  }

  setSound(sounds: boolean): void {
    this.sound.value = sounds;
    this.#keep('sound', sounds ? null : 'no');
  }

  setDesktop(shows: boolean): void {
    this.desktop.value = shows;
    this.#keep('desktop', shows ? 'yes' : null);
  }

  setPreviews(previews: ShownPreviews): void {
    this.previews.value = previews;
    this.#keep('previews', previews === 'all' ? null : previews);
  }

  setEnterSends(sends: boolean): void {
    this.enterSends.value = sends;
    this.#keep('enter-sends', sends ? null : 'no');
  }

  setEmojiTone(tone: number): void {
    this.emojiTone.value = tone;
    this.#keep('emoji-tone', tone === 0 ? null : String(tone));
  }

  /** Takes effect when the page is loaded again. */
  setLanguage(language: string | null): void {
    this.language.value = language;
    this.#keep('language', language);
  }

  apply(): void {
    const theme = this.theme.value;
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.dataset['contrast'] = this.contrast.value;
    // The browser's own bar follows the choice too: each meta speaks for one scheme of the system.
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const own = meta.media.includes('dark') ? 'dark' : 'light';
      meta.content = (theme === 'auto' ? own : theme) === 'dark' ? '#161513' : '#fbfaf7';
    }
  }

  #keep(key: string, value: string | null): void {
    if (value === null) this.#storage.remove(key);
    else this.#storage.write(key, value);
  }
}

function oneOf<const T extends readonly [string, ...string[]]>(
  words: T,
  value: string | undefined,
): T[number] {
  return words.find((word) => word === value) ?? words[0];
}
