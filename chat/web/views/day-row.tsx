import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { isoDay } from '../core/calendar.ts';
import { t } from '../words/words.ts';
import { formatDay } from './times.ts';

/** Where a calendar day begins. Stays at the top while its messages pass; leads to other days. */
export function DayRow({ app, at }: { app: App; at: number }): VNode {
  // Read so that "Today" becomes "Yesterday" at midnight.
  const now = app.today.value === '' ? at : Date.now();
  return (
    <li class="day">
      <button
        type="button"
        class="day-label"
        tabIndex={-1}
        title={t('jumpToDate')}
        onClick={() => (app.dialog.value = { kind: 'date', at })}
      >
        <time dateTime={isoDay(at)}>{formatDay(at, now)}</time>
      </button>
    </li>
  );
}

/** Above it is what was read when the room was opened. */
export function DividerRow(): VNode {
  return (
    <li class="divider">
      <span>{t('newHere')}</span>
    </li>
  );
}
