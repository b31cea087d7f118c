import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { spoken } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { formatDate, formatDay, startOfDay, timeLocale } from '../times.ts';
import { closeDialog, Modal } from './modal.tsx';

/** A month, in which only the days lead somewhere on which something was said. */
export function DateDialog({ app, at: from }: { app: App; at: number | undefined }): VNode {
  const start = new Date(from ?? Date.now());
  const startAt = from === undefined ? undefined : startOfDay(from);
  const month = useSignal(new Date(start.getFullYear(), start.getMonth(), 1).getTime());
  const has = useSignal<readonly boolean[]>([]);
  const conversation = app.conversation.value;
  const edges = edgesOf(month.value);
  const slug = conversation?.slug;
  useEffect(() => {
    has.value = [];
    if (slug === undefined) return;
    const asked = month.value;
    void app.ask('days', { room: slug, edges }).then((answer) => {
      if (answer.ok && asked === month.peek()) has.value = answer.has;
    });
  }, [slug, month.value]);

  const jump = async (at: number): Promise<void> => {
    closeDialog(app);
    const found = await conversation?.jumpToDate(at);
    if (found === null) app.toasts.say(t('nothingSince'));
    // The nearest there is, if nothing was said that day.
    else if (found !== undefined && startOfDay(found) !== at) {
      app.toasts.say(t('nothingThatDay', { day: formatDay(found, Date.now()) }));
    }
  };
  const shift = (by: number): void => {
    const date = new Date(month.value);
    month.value = new Date(date.getFullYear(), date.getMonth() + by, 1).getTime();
  };
  const title = new Intl.DateTimeFormat(spoken(), { month: 'long', year: 'numeric' }).format(month.value);
  const first = firstWeekday();
  const blanks = (new Date(month.value).getDay() - first + 7) % 7;
  const todayAt = startOfDay(Date.now());

  return (
    <Modal app={app} title={t('jumpToDate')}>
      <div class="calendar">
        <div class="calendar-top">
          <button type="button" class="icon-button" aria-label={t('monthBefore')} onClick={() => shift(-1)}>
            <Icon name="back" />
          </button>
          <p class="calendar-month" aria-live="polite">
            {title}
          </p>
          <button
            type="button"
            class="icon-button is-forward"
            aria-label={t('monthAfter')}
            disabled={edges.at(-1) !== undefined && (edges.at(-1) ?? 0) > todayAt}
            onClick={() => shift(1)}
          >
            <Icon name="back" />
          </button>
        </div>
        <div class="calendar-week" aria-hidden="true">
          {weekdayNames(first).map((name) => (
            <span key={name}>{name}</span>
          ))}
        </div>
        <div class="calendar-days">
          {Array.from({ length: blanks }, (_, index) => (
            <span key={`blank ${index}`} />
          ))}
          {edges.slice(0, -1).map((at, index) => (
            <button
              key={at}
              type="button"
              class={has.value[index] ? 'calendar-day has-messages' : 'calendar-day'}
              aria-label={formatDate(at)}
              aria-current={at === todayAt ? 'date' : undefined}
              data-autofocus={at === startAt ? '' : undefined}
              disabled={has.value.length > 0 && !has.value[index]}
              onClick={() => void jump(at)}
            >
              {index + 1}
            </button>
          ))}
        </div>
      </div>
      <div class="dialog-links">
        <button
          type="button"
          class="plain"
          onClick={() => {
            closeDialog(app);
            void conversation?.jumpToFirst();
          }}
        >
          {t('toFirst')}
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => {
            closeDialog(app);
            void conversation?.jumpToLastRead();
          }}
        >
          {t('toLastRead')}
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => {
            closeDialog(app);
            conversation?.newest();
          }}
        >
          {t('toNewest')}
        </button>
      </div>
    </Modal>
  );
}

/** When each day of the month begins in this zone, and when the last one ends. */
function edgesOf(month: number): number[] {
  const date = new Date(month);
  const days = new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate();
  return Array.from({ length: days + 1 }, (_, index) =>
    new Date(date.getFullYear(), date.getMonth(), index + 1).getTime(),
  );
}

/** 0 is Sunday. Browsers that do not know begin on Monday, as most of the world does. */
function firstWeekday(): number {
  const locale = new Intl.Locale(timeLocale()) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
  };
  return (locale.getWeekInfo?.().firstDay ?? 1) % 7;
}

function weekdayNames(first: number): string[] {
  const format = new Intl.DateTimeFormat(spoken(), { weekday: 'short' });
  // The 4th of January 1970 was a Sunday.
  return Array.from({ length: 7 }, (_, index) => format.format(new Date(1970, 0, 4 + first + index)));
}
