import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Message } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { explain } from '../app/explain.ts';
import { t } from '../words/later.ts';
import { Hit } from './hit.tsx';
import { Icon } from './icon.tsx';
import { PanelFrame } from './panel.tsx';

/** What I saved, in all rooms, the last said first. Nobody else knows of it. */
export function SavedPanel({ app }: { app: App }): VNode {
  const list = useSignal<readonly Message[]>([]);
  const cursor = useSignal<number | null>(null);
  const problem = useSignal<string | undefined>(undefined);
  const hasLoaded = useSignal(false);
  const load = async (before?: number): Promise<void> => {
    const answer = await app.ask('saved', before === undefined ? {} : { before });
    problem.value = answer.ok ? undefined : explain(answer);
    hasLoaded.value = true;
    if (!answer.ok) return;
    list.value = before === undefined ? answer.messages : [...list.value, ...answer.messages];
    cursor.value = answer.cursor;
  };
  useEffect(() => void load(), [app.keeping.savedChanged.value, app.link.value === 'open']);
  return (
    <PanelFrame app={app} title={t('savedMessages')}>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {hasLoaded.value && list.value.length === 0 && !problem.value && (
        <div class="panel-empty">
          <p>{t('noSaved')}</p>
          <p class="hint">{t('noSavedHint')}</p>
        </div>
      )}
      <ol class="hits">
        {list.value.map((message) => (
          <li key={`${message.room} ${message.seq}`} class="kept">
            <Hit app={app} message={message} onGo={() => app.places.toRoom(message.room, message.seq)} />
            <button
              type="button"
              class="icon-button is-small"
              aria-label={`${t('unsave')}: ${message.from.name}`}
              title={t('unsave')}
              onClick={() => void app.keeping.keep({ room: message.room, seq: message.seq, on: false })}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ol>
      {cursor.value !== null && (
        <button type="button" class="plain" onClick={() => void load(cursor.value ?? undefined)}>
          {t('showMore')}
        </button>
      )}
    </PanelFrame>
  );
}
