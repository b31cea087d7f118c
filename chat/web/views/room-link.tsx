import type { VNode } from 'preact';
import type { MyRoom, Person } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import { countWaiting, isMuted } from '../core/room-list.ts';
import { t } from '../words/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { nameOf } from './room-name.ts';

/** One room in the list: bold when something is unread, with a number when it is for me. */
export function RoomLink({ app, room }: { app: App; room: MyRoom }): VNode {
  const isHere = app.conversation.value?.slug === room.slug;
  const waiting = countWaiting(room);
  const isUnread = room.unread > 0 && !isMuted(room) && !isHere;
  const hasDraft = app.draftRooms.value.has(room.slug) && !isHere;
  const classes = ['room-link', isHere && 'is-here', isUnread && 'is-unread', isMuted(room) && 'is-muted'];
  return (
    <li>
      <a
        class={classes.filter(Boolean).join(' ')}
        href={`/r/${encodeURIComponent(room.slug)}`}
        aria-current={isHere ? 'page' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          app.places.toRoom(room.slug);
        }}
      >
        <RoomSign app={app} room={room} />
        <span class="room-link-name">
          <bdi>{nameOf(app, room)}</bdi>
        </span>
        {hasDraft && (
          <span class="room-link-sign" title={t('draft')}>
            <Icon name="pencil" />
            <span class="unseen-text">{t('draft')}</span>
          </span>
        )}
        {isMuted(room) && <Icon name="mute" />}
        {waiting > 0 && !isHere ? (
          <span class="count-badge">
            {waiting > 99 ? '99+' : waiting}
            <span class="unseen-text"> {room.mentions > 0 ? t('mentionsYou') : t('unread')}</span>
          </span>
        ) : (
          isUnread && <span class="unseen-text">, {t('unread')}</span>
        )}
      </a>
    </li>
  );
}

/** What stands before a room's name: its kind, or the person. */
export function RoomSign({ app, room }: { app: App; room: Pick<MyRoom, 'kind' | 'people'> }): VNode {
  const others = (room.people ?? []).filter(({ id }) => id !== app.me.value?.id);
  const [other] = others;
  if (room.kind === 'dm' && other) return <PersonSign app={app} person={other} />;
  if (room.kind === 'group') return <span class="group-sign">{others.length}</span>;
  return <Icon name={room.kind === 'private' ? 'lock' : 'hash'} />;
}

function PersonSign({ app, person }: { app: App; person: Person }): VNode {
  return <Avatar person={app.people.current(person)} isOnline={app.online.value.has(person.id)} />;
}
