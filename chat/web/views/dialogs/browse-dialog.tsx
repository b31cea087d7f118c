import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ListedRoom } from '../../../shared/events.ts';
import { may } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Icon } from '../icon.tsx';
import { closeDialog, Modal } from './modal.tsx';

/** The public rooms: to look into, or to join. */
export function BrowseDialog({ app }: { app: App }): VNode {
  const rooms = useSignal<readonly ListedRoom[]>([]);
  const hasMore = useSignal(false);
  const problem = useSignal<string | undefined>(undefined);
  const load = async (after?: string): Promise<void> => {
    const answer = await app.ask('rooms', after === undefined ? {} : { after });
    if (!answer.ok) {
      problem.value = explain(answer);
      return;
    }
    rooms.value = [...rooms.value, ...answer.rooms];
    hasMore.value = answer.more;
  };
  useEffect(() => void load(), []);
  const me = app.me.value;
  return (
    <Modal app={app} title={t('allRooms')} isWide>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      <ul class="cards">
        {rooms.value.map((room) => (
          <li key={room.slug} class="card">
            <Icon name="hash" />
            <div class="card-text">
              <p class="card-title" dir="auto">
                {room.name}
              </p>
              <p class="hint" dir="auto">
                {room.topic === '' ? t('nMembers', { n: room.members }) : room.topic}
              </p>
            </div>
            <button
              type="button"
              class={room.joined ? 'secondary' : 'primary'}
              onClick={() => {
                closeDialog(app);
                // Looked at first: whoever likes it joins there.
                app.places.toRoom(room.slug);
              }}
            >
              {room.joined ? t('open') : t('look')}
              <span class="unseen-text"> {room.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {hasMore.value && (
        <button type="button" class="plain" onClick={() => void load(rooms.value.at(-1)?.slug)}>
          {t('showMore')}
        </button>
      )}
      {me && may(me.role, 'create rooms') && (
        <div class="form-actions">
          <button type="button" class="secondary" onClick={() => (app.dialog.value = { kind: 'new room' })}>
            <Icon name="plus" />
            {t('newRoom')}
          </button>
        </div>
      )}
    </Modal>
  );
}
