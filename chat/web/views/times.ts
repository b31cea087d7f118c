import { spoken } from '../words/words.ts';

const OPTIONS = {
  clock: { hour: 'numeric', minute: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  date: { dateStyle: 'full' },
  dayOfThisYear: { weekday: 'long', day: 'numeric', month: 'long' },
  dayOfOtherYear: { dateStyle: 'long' },
  short: { dateStyle: 'medium' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<keyof typeof OPTIONS, Intl.DateTimeFormat>();
let relative: Intl.RelativeTimeFormat | undefined;

/** Of the language that is spoken. Its region is the browser's, if it is the same language. */
function locale(): string {
  const language = spoken();
  return navigator.languages.find((tag) => tag.split('-', 1)[0] === language) ?? language;
}

/** Each is made when first needed, since making it takes long: by then the language is known. */
function format(name: keyof typeof OPTIONS, at: number): string {
  let made = formats.get(name);
  if (!made) formats.set(name, (made = new Intl.DateTimeFormat(locale(), OPTIONS[name])));
  return made.format(at);
}

function formatRelative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  relative ??= new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  return relative.format(value, unit);
}

/** Formats the time of day in the viewer's zone and manner. */
export function formatClock(at: number): string {
  return format('clock', at);
}

/** Formats the whole date and time. */
export function formatFull(at: number): string {
  return format('full', at);
}

/** Formats the whole date, without the time. */
export function formatDate(at: number): string {
  return format('date', at);
}

/** Formats a calendar day: "Today", "Yesterday", else its date. */
export function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) return capitalise(formatRelative(days, 'day'));
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(isThisYear ? 'dayOfThisYear' : 'dayOfOtherYear', at);
}

/** For lists: the time of day for today, else the date. */
export function formatShort(at: number, now: number): string {
  return startOfDay(at) === startOfDay(now) ? formatClock(at) : format('short', at);
}

/** "5 minutes ago", "yesterday", "in 7 days". */
export function formatAgo(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000);
  if (Math.abs(minutes) < 60) return formatRelative(minutes, 'minute');
  if (Math.abs(minutes) < 24 * 60) return formatRelative(Math.round(minutes / 60), 'hour');
  return formatRelative(Math.round(minutes / 1440), 'day');
}

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** The calendar day in the viewer's zone, as programs read it: "2026-01-05". */
export function isoDay(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}
