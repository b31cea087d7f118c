const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const dayOfThisYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const dayOfOtherYear = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** Formats the time of day in the viewer's zone and manner. */
export function formatClock(at: number): string {
  return clock.format(at);
}

/** Formats the whole date and time. */
export function formatFull(at: number): string {
  return full.format(at);
}

/** Formats a calendar day: "Today", "Yesterday", else its date. */
export function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days === 0 || days === -1) return capitalise(relative.format(days, 'day'));
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayOfThisYear : dayOfOtherYear).format(at);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function capitalise(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}
