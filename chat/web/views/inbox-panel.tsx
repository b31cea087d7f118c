import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Mentions } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { explain } from '../app/explain.ts';
import { t } from '../words/later.ts';
import { Hit } from './hit.tsx';
import { Icon } from './icon.tsx';
import { PanelFrame } from './panel.tsx';

/** What mentions me, in all rooms, the newest first. */
export function InboxPanel({ app }: { app: App }): VNode {
  const list = useSignal<Mentions['mentions']>([]);
  const cursor = useSignal<number | null>(null);
  const problem = useSignal<string | undefined>(undefined);
  const hasLoaded = useSignal(false);
  const waiting = app.rooms.value.reduce((sum, room) => sum + room.mentions, 0);
  const load = async (before?: number): Promise<void> => {
    const answer = await app.ask('mentions', before === undefined ? {} : { before });
    problem.value = answer.ok ? undefined : explain(answer);
    hasLoaded.value = true;
    if (!answer.ok) return;
    list.value = before === undefined ? answer.mentions : [...list.value, ...answer.mentions];
    cursor.value = answer.cursor;
  };
  // Again when another mention comes, or one is read.
  useEffect(() => void load(), [waiting, app.link.value === 'open']);
  return (
    <PanelFrame app={app} title={t('mentions')}>
      <div class="panel-actions">
        <button type="button" class="secondary" onClick={() => app.places.open('saved')}>
          <Icon name="bookmark" />
          {t('savedMessages')}
        </button>
        {waiting > 0 && (
          <button type="button" class="secondary" onClick={() => void app.roomActions.readAll()}>
            {t('readAll')}
          </button>
        )}
      </div>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {hasLoaded.value && list.value.length === 0 && !problem.value && (
        <div class="panel-empty">
          <p>{t('noMentions')}</p>
          <p class="hint">{t('noMentionsHint')}</p>
        </div>
      )}
      <ol class="hits">
        {list.value.map(({ message, seen }) => (
          <li key={`${message.room} ${message.seq}`}>
            <Hit
              app={app}
              message={message}
              isNew={!seen}
              onGo={() => app.places.toRoom(message.room, message.seq)}
            />
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
