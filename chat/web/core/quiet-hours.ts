import type { QuietHours } from '../../shared/events.ts';

/** Whether this minute of the day is one of them. They may go over midnight. */
export function isQuietAt(quiet: QuietHours | undefined, minute: number): boolean {
  if (!quiet) return false;
  const { from, to } = quiet;
  return from < to ? from <= minute && minute < to : from <= minute || minute < to;
}

/** As `<input type=time>` has it. */
export function toTimeOfDay(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Null for what is no time. */
export function fromTimeOfDay(text: string): number | null {
  const [, hour, minute] = /^(\d\d):(\d\d)/u.exec(text) ?? [];
  return hour === undefined ? null : Number(hour) * 60 + Number(minute);
}
