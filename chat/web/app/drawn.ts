import { effect } from '@preact/signals';
import { formatView, VIEW_COOKIE, type View } from '../../shared/view.ts';
import { countDaysBy, isoDay } from '../core/calendar.ts';
import { timeLocale, timeZone, writeTimesFor } from '../views/times.ts';
import { spoken } from '../words/words.ts';
import type { App } from './app.ts';

/** Of the sources of the page, by its build: the page and what draws it on the server know each other by it. */
declare const NAME_OF_SOURCES: string;

/** How the server has drawn the page as far as it had to guess: where the reader is, and how large the window. */
export interface Guess {
  readonly locale: string;
  readonly zone: string;
  readonly isNarrow: boolean;
}

/**
 * All that the first picture of the page depends on, beside what the server has sent. Where the server comes to the same,
 * it has drawn the same, and its elements are taken over.
 */
export function pictureOf(app: App): string {
  const { places, conversation, composing, draftRooms, settings } = app;
  const room = conversation.value;
  const guess: Guess = { locale: timeLocale(), zone: timeZone(), isNarrow: places.isNarrow.value };
  return JSON.stringify([
    guess,
    NAME_OF_SOURCES,
    spoken(),
    places.panel.value,
    room?.slug,
    room?.aim.value?.kind,
    room?.rows.value.length,
    [...draftRooms.value],
    composing.text.value,
    settings.previews.value,
  ]);
}

/** Of a picture that the server has drawn. */
export function guessOf(picture: string): Guess {
  return (JSON.parse(picture) as [Guess])[0];
}

/** Sees the page as the server did, until its elements are taken over. Returns the way back. */
export function seeAs({ locale, zone, isNarrow }: Guess, app: App): () => void {
  const { isNarrow: narrow } = app.places;
  const [ownZone, own] = [timeZone(), narrow.value];
  // What it draws for another zone than this and its own guess is not what anybody here sees.
  if (zone !== ownZone && zone !== 'UTC') return () => undefined;
  narrow.value = isNarrow;
  writeTimesFor({ locale, timeZone: zone });
  if (zone !== ownZone) countDaysBy(() => 0);
  return () => {
    narrow.value = own;
    writeTimesFor(undefined);
    if (zone === ownZone) return;
    countDaysBy();
    app.today.value = isoDay(Date.now());
    app.conversation.value?.laterLayOut();
  };
}

/** Tells the server how to draw the next page, as long as this one is open. */
export function keepView(app: App): void {
  const { settings, places } = app;
  effect(() => {
    const view: View = {
      language: settings.language.value ?? '',
      locale: timeLocale(),
      zone: timeZone(),
      isNarrow: places.isNarrow.value,
      theme: settings.theme.value,
      contrast: settings.contrast.value,
      room: app.conversation.value?.slug ?? '',
    };
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `${VIEW_COOKIE}=${formatView(view)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  });
}
