import type { VNode } from 'preact';
import type { MyRoom } from '../../shared/events.ts';
import { may } from '../../shared/roles.ts';
import type { App } from '../app/app.ts';
import { spoken, t } from '../words/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';
import { RoomLink } from './room-link.tsx';

/** The rooms that one is in, and the ways to more of them. */
export function Sidebar({ app }: { app: App }): VNode | null {
  const me = app.me.value;
  if (me === null) return null;
  const { rooms, people } = sortRooms(app.rooms.value);
  const mayCreate = me ? may(me.role, 'create rooms') : false;
  return (
    <nav class="sidebar" aria-label={t('rooms')} data-region="rooms" tabIndex={-1}>
      <div class="sidebar-top">
        <Mark />
        <p class="chat-name">
          {me && may(me.role, 'configure the chat') ? (
            <button
              type="button"
              class="chat-name-button"
              aria-haspopup="dialog"
              title={t('manage')}
              onClick={() => (app.dialog.value = { kind: 'manage' })}
            >
              <bdi>{app.chat.value?.name ?? ''}</bdi>
              <Icon name="unfold" />
            </button>
          ) : (
            <bdi>{app.chat.value?.name ?? ''}</bdi>
          )}
        </p>
        {app.places.isNarrow.value && (
          <button
            type="button"
            class="icon-button only-narrow"
            aria-label={t('close')}
            onClick={() => app.places.close()}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      <button type="button" class="jump" onClick={() => (app.dialog.value = { kind: 'switcher' })}>
        <Icon name="search" />
        <span>{t('jumpTo')}</span>
        <kbd>{isMac() ? '⌘ K' : 'Ctrl K'}</kbd>
      </button>
      <div class="sidebar-rooms">
        <Section
          title={t('rooms')}
          action={mayCreate ? t('newRoom') : t('browseRooms')}
          onAction={() => (app.dialog.value = { kind: mayCreate ? 'new room' : 'browse rooms' })}
        >
          {rooms.map((room) => (
            <RoomLink key={room.slug} app={app} room={room} />
          ))}
          <li>
            <button
              type="button"
              class="room-link is-quiet"
              onClick={() => (app.dialog.value = { kind: 'browse rooms' })}
            >
              {t('browseRooms')}
            </button>
          </li>
        </Section>
        <Section
          title={t('directMessages')}
          action={t('newDirect')}
          onAction={() => (app.dialog.value = { kind: 'new direct' })}
        >
          {people.map((room) => (
            <RoomLink key={room.slug} app={app} room={room} />
          ))}
        </Section>
      </div>
      {me && (
        <button type="button" class="me" aria-haspopup="dialog" onClick={() => app.places.go('/settings')}>
          <Avatar person={me} />
          <span class="me-text">
            <bdi class="me-name">{me.name}</bdi>
            <span class="me-role">{t(me.role)}</span>
          </span>
          <span class="unseen-text">, {t('settings')}</span>
          <Icon name="settings" />
        </button>
      )}
    </nav>
  );
}

interface SectionProps {
  title: string;
  action: string;
  onAction: () => void;
  children: (VNode | VNode[])[] | VNode[];
}

function Section({ title, action, onAction, children }: SectionProps): VNode {
  return (
    <section class="room-section" aria-label={title}>
      <div class="room-section-top">
        <h2>{title}</h2>
        <button
          type="button"
          class="icon-button is-small"
          aria-label={action}
          title={action}
          onClick={onAction}
        >
          <Icon name="plus" />
        </button>
      </div>
      <ul>{children}</ul>
    </section>
  );
}

/** Rooms by name, the default one first; people by when they last said something. */
export function sortRooms(all: readonly MyRoom[]): { rooms: MyRoom[]; people: MyRoom[] } {
  const isRoom = ({ kind }: MyRoom): boolean => kind === 'public' || kind === 'private';
  const rooms = all.filter((room) => isRoom(room) && !room.archived);
  const people = all.filter((room) => !isRoom(room) && !room.archived);
  rooms.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name, spoken()));
  people.sort((a, b) => b.at - a.at);
  return { rooms, people };
}

export function isMac(): boolean {
  return /Mac|iP(?:hone|ad|od)/u.test(navigator.platform);
}
