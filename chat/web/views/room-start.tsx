import type { VNode } from 'preact';
import { may } from '../../shared/roles.ts';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import { t } from '../words/words.ts';
import { nameOf } from './room-name.ts';

/** Above the first message of a room; while there is none, the whole of it. */
export function RoomStart({ app, conversation }: { app: App; conversation: Conversation }): VNode | null {
  if (!conversation.hasEntered.value) return null;
  const room = conversation.room.value;
  const me = app.me.value;
  const isEmpty = !conversation.rows.value.some(({ kind }) => kind === 'message');
  const isRoom = room?.kind === 'public' || room?.kind === 'private';
  const mayInvite = isRoom && me ? may(me.role, 'invite') : false;
  return (
    <li class="start">
      <p class="start-title" dir="auto">
        {isRoom ? t('startOf', { room: nameOf(app, room) }) : t('startWith', { people: nameOf(app, room) })}
      </p>
      <p>{isEmpty ? t('firstWord') : room?.topic}</p>
      {mayInvite && isEmpty && (
        <button type="button" class="secondary" onClick={() => (app.dialog.value = { kind: 'invite' })}>
          {t('invitePeople')}
        </button>
      )}
    </li>
  );
}
