/**
 * How the reader of a page sees it, which a server cannot know by itself. The page keeps it in a cookie, so that the
 * server can draw the next one (`web/on-server.tsx`). Nothing of it is secret, and whoever changes it changes their own
 * page alone.
 */
import type { Boot } from './boot.ts';

export interface View {
  /** Of the words. Empty: as `Accept-Language` says. */
  readonly language: string;
  /** In which times are written. */
  readonly locale: string;
  /** As `Intl` calls it. Empty: unknown, and then times are not shown before the page itself knows. */
  readonly zone: string;
  /** Whether there is one column. */
  readonly isNarrow: boolean;
  readonly theme: string;
  readonly contrast: string;
  /** The room to begin with where the address names none. */
  readonly room: string;
}

export const VIEW_COOKIE = 'chat_view';

const MAX_CHARS = 512;

export function formatView(view: View): string {
  const { language, locale, zone, isNarrow, theme, contrast, room } = view;
  const fields = { language, locale, zone, columns: isNarrow ? '1' : '2', theme, contrast, room };
  return new URLSearchParams(fields).toString();
}

/** Null if it is none. What its fields say is not checked. */
export function parseView(text: string): View | null {
  if (text.length > MAX_CHARS) return null;
  const fields = new URLSearchParams(text);
  const read = (name: string): string => fields.get(name) ?? '';
  if (read('zone') === '') return null;
  return {
    language: read('language'),
    locale: read('locale'),
    zone: read('zone'),
    isNarrow: read('columns') === '1',
    theme: read('theme'),
    contrast: read('contrast'),
    room: read('room'),
  };
}

/** What the server has drawn, and what for. */
export interface WantedPage {
  boot: Boot;
  /** Of the address. */
  path: string;
  view: View;
  /** In which the reader reads, the best first. */
  languages: readonly string[];
}

export interface DrawnPage {
  html: string;
  /** Which picture this is: see `web/app/drawn.ts`. */
  picture: string;
  title: string;
  language: string;
  theme: string;
  contrast: string;
  /** Whether times are hidden, since it is not known what the reader's clock says. */
  isZoneless: boolean;
}
