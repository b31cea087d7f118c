import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Deed, Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { formatClock, formatFull, formatShort, startOfDay } from '../times.ts';
import { DeedSentence } from './deed-sentence.tsx';

/** What was done by those who may do more than others: all of it, or what concerns one person. The newest first. */
export function DeedsSection({ app, person: first }: { app: App; person: Person | undefined }): VNode {
  const person = useSignal(first);
  const deeds = useSignal<readonly Deed[] | undefined>(undefined);
  const hasMore = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const list = useRef<HTMLOListElement>(null);
  const whose = person.value?.id;
  const load = async (isCurrent: () => boolean): Promise<void> => {
    const known = deeds.value ?? [];
    const before = known.at(-1)?.id;
    const answer = await app.ask('deeds', {
      ...(before !== undefined && { before }),
      ...(whose !== undefined && { person: whose }),
    });
    if (!isCurrent()) return;
    problem.value = answer.ok ? undefined : explain(answer);
    if (!answer.ok) return;
    deeds.value = [...known, ...answer.deeds];
    hasMore.value = answer.more;
  };
  useEffect(() => {
    let isShown = true;
    deeds.value = undefined;
    hasMore.value = false;
    void load(() => isShown);
    return () => {
      isShown = false;
    };
  }, [whose]);
  // Read so that a new name is drawn.
  void app.rooms.value;
  const more = async (): Promise<void> => {
    const last = list.current?.lastElementChild;
    await load(() => person.value?.id === whose);
    // The button may be gone; what it fetched is where one reads on.
    (last?.nextElementSibling as HTMLElement | null | undefined)?.focus();
  };
  return (
    <div class="deeds">
      <p class="hint">{t('deedsWhat')}</p>
      {person.value && (
        <p class="deeds-of">
          {t('deedsOf', { name: app.people.current(person.value).name })}
          <button type="button" class="plain" onClick={() => (person.value = undefined)}>
            {t('showAll')}
          </button>
        </p>
      )}
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <ol class="lines" aria-label={t('deeds')} ref={list}>
        {deeds.value?.map((deed) => (
          <li key={deed.id} class="deed" tabIndex={-1}>
            <p>
              <DeedSentence app={app} deed={deed} />
            </p>
            <time class="hint" dateTime={new Date(deed.at).toISOString()} title={formatFull(deed.at)}>
              {shortTime(deed.at)}
            </time>
          </li>
        ))}
      </ol>
      {deeds.value?.length === 0 && <p class="hint">{t('noDeeds')}</p>}
      {hasMore.value && (
        <button type="button" class="secondary" onClick={() => void more()}>
          {t('showMore')}
        </button>
      )}
    </div>
  );
}

function shortTime(at: number): string {
  const now = Date.now();
  return startOfDay(at) === startOfDay(now) ? formatClock(at) : `${formatShort(at, now)}, ${formatClock(at)}`;
}
