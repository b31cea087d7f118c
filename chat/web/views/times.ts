import { spoken } from '../words/words.ts';

interface Formats {
  clock: Intl.DateTimeFormat;
  full: Intl.DateTimeFormat;
  date: Intl.DateTimeFormat;
  dayOfThisYear: Intl.DateTimeFormat;
  dayOfOtherYear: Intl.DateTimeFormat;
  short: Intl.DateTimeFormat;
  relative: Intl.RelativeTimeFormat;
}

let formats: Formats | undefined;

/** Made when first needed: by then the language is known. Its region is the browser's, if it is the same language. */
function inUse(): Formats {
  const language = spoken();
  const locale = navigator.languages.find((tag) => tag.split('-', 1)[0] === language) ?? language;
  formats ??= {
    clock: new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }),
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'full' }),
    dayOfThisYear: new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }),
    dayOfOtherYear: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }),
    short: new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
  };
  return formats;
}

/** Formats the time of day in the viewer's zone and manner. */
export function formatClock(at: number): string {
  return inUse().clock.format(at);
}

/** Formats the whole date and time. */
export function formatFull(at: number): string {
  return inUse().full.format(at);
}

/** Formats the whole date, without the time. */
export function formatDate(at: number): string {
  return inUse().date.format(at);
}

/** Formats a calendar day: "Today", "Yesterday", else its date. */
export function formatDay(at: number, now: number): string {
  const { relative, dayOfThisYear, dayOfOtherYear } = inUse();
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) return capitalise(relative.format(days, 'day'));
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayOfThisYear : dayOfOtherYear).format(at);
}

/** For lists: the time of day for today, else the date. */
export function formatShort(at: number, now: number): string {
  return startOfDay(at) === startOfDay(now) ? formatClock(at) : inUse().short.format(at);
}

/** "5 minutes ago", "yesterday", "in 7 days". */
export function formatAgo(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000);
  const { relative } = inUse();
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  if (Math.abs(minutes) < 24 * 60) return relative.format(Math.round(minutes / 60), 'hour');
  return relative.format(Math.round(minutes / 1440), 'day');
}

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function capitalise(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}
