import { signal } from '@preact/signals';
import { dayNumber, isoDay } from '../core/calendar.ts';
import { spoken } from '../words/words.ts';

type Name = 'clock' | 'full' | 'date' | 'dayOfThisYear' | 'dayOfOtherYear' | 'short';

const OPTIONS: Readonly<Record<Name, Intl.DateTimeFormatOptions>> = {
  clock: { hour: 'numeric', minute: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  date: { dateStyle: 'full' },
  dayOfThisYear: { weekday: 'long', day: 'numeric', month: 'long' },
  dayOfOtherYear: { dateStyle: 'long' },
  short: { dateStyle: 'medium' },
};

type Formats = Map<Name, Intl.DateTimeFormat>;

let formats: Formats = new Map();
let relative: Intl.RelativeTimeFormat | undefined;
/** On the server: as whoever asked for the page would have it. */
let asked: Viewer | undefined;

export interface Viewer {
  readonly locale: string;
  readonly timeZone: string;
}

/** Raised so that what is drawn with times is drawn again. */
const changes = signal(0);

/** Writes times as this viewer does, from now on, or as this browser does; `made` keeps what is made for that. */
export function writeTimesFor(viewer: Viewer | undefined, made: Formats = new Map()): void {
  asked = viewer;
  formats = made;
  relative = undefined;
  changes.value++;
}

/** Of the language that is spoken. Its region is the browser's, if it is the same language. */
export function timeLocale(): string {
  const language = spoken();
  const isIts = (tag: string): boolean => tag.split('-', 1)[0] === language && isLocale(tag);
  return asked?.locale ?? navigator.languages.find(isIts) ?? language;
}

/** Some browsers want "en-US@posix", which `Intl` takes for a mistake of ours. */
function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

/** The name of the zone in which times are written. */
export function timeZone(): string {
  return asked?.timeZone ?? formatOf('clock').resolvedOptions().timeZone;
}

/** Each is made when first needed, since making it takes long: by then the language is known. */
function formatOf(name: Name): Intl.DateTimeFormat {
  let made = changes.value < 0 ? undefined : formats.get(name);
  if (!made) {
    const options = asked ? { ...OPTIONS[name], timeZone: asked.timeZone } : OPTIONS[name];
    formats.set(name, (made = new Intl.DateTimeFormat(timeLocale(), options)));
  }
  return made;
}

function format(name: Name, at: number): string {
  return formatOf(name).format(at);
}

function formatRelative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  relative ??= new Intl.RelativeTimeFormat(timeLocale(), { numeric: 'auto' });
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
  const days = dayNumber(at) - dayNumber(now);
  if (days === 0 || days === -1) return capitalise(formatRelative(days, 'day'));
  const isThisYear = isoDay(at).slice(0, 4) === isoDay(now).slice(0, 4);
  return format(isThisYear ? 'dayOfThisYear' : 'dayOfOtherYear', at);
}

/** For lists: the time of day for today, else the date. */
export function formatShort(at: number, now: number): string {
  return dayNumber(at) === dayNumber(now) ? formatClock(at) : format('short', at);
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

function capitalise(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}
