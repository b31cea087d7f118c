import type { VNode } from 'preact';
import type { App } from '../app.ts';
import { formatDay } from './times.ts';

/** Where a calendar day begins. Stays at the top while its messages pass. */
export function DayRow({ app, at }: { app: App; at: number }): VNode {
  // Read so that "Today" becomes "Yesterday" at midnight.
  const now = app.today.value === '' ? at : Date.now();
  return (
    <li class="day">
      <time dateTime={new Date(at).toISOString().slice(0, 10)}>{formatDay(at, now)}</time>
    </li>
  );
}
