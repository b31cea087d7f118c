import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import type { Conversation } from '../app/conversation.ts';
import type { Panel } from '../app/places.ts';
import { countWaiting } from '../core/room-list.ts';
import { t, type Key } from '../words/words.ts';
import { Icon, type IconName } from './icon.tsx';
import { RoomSign } from './room-link.tsx';
import { nameOf } from './room-name.ts';

/** What the room is called and about, and what can be opened beside it. */
export function RoomHeader({ app, conversation }: { app: App; conversation: Conversation }): VNode {
  const room = conversation.room.value;
  const isVisitor = app.me.value === null;
  const elsewhere = app.rooms.value
    .filter(({ slug }) => slug !== conversation.slug)
    .reduce((sum, one) => sum + countWaiting(one), 0);
  const isIn = app.rooms.value.some(({ slug }) => slug === conversation.slug);
  // Until the room is known nothing stands here, unless it never will be.
  const isUnknown = room === undefined && conversation.refusal.value !== undefined;
  const name = isUnknown ? conversation.slug : nameOf(app, room);
  return (
    <header class="header">
      {!isVisitor && (
        <button
          type="button"
          class="icon-button only-narrow"
          aria-label={elsewhere > 0 ? `${t('rooms')}, ${t('nUnread', { n: elsewhere })}` : t('rooms')}
          onClick={() => app.places.open('rooms')}
        >
          <Icon name="back" />
          {elsewhere > 0 && <span class="count-badge is-corner">{elsewhere > 99 ? '99+' : elsewhere}</span>}
        </button>
      )}
      <div class="header-title">
        <h1 class="room-name">
          {room && <RoomSign app={app} room={room} />}
          {isIn ? (
            <button
              type="button"
              class="room-name-button"
              dir="auto"
              aria-haspopup="dialog"
              title={t('roomDetails')}
              onClick={() => (app.dialog.value = { kind: 'room' })}
            >
              {name}
            </button>
          ) : (
            <span dir="auto">{name}</span>
          )}
        </h1>
        {room && room.topic !== '' && (
          <p class="topic" title={room.topic}>
            <bdi>{room.topic}</bdi>
          </p>
        )}
      </div>
      <LinkState app={app} />
      {!isVisitor && (
        <div class="header-tools">
          <button
            type="button"
            class="icon-button"
            aria-haspopup="dialog"
            aria-label={t('jumpToDate')}
            title={t('jumpToDate')}
            onClick={() => (app.dialog.value = { kind: 'date' })}
          >
            <Icon name="calendar" />
          </button>
          <PanelButton app={app} panel="pins" icon="pin" label="pins" />
          <PanelButton app={app} panel="search" icon="search" label="search" />
          <PanelButton app={app} panel="inbox" icon="at" label="mentions" />
          <PanelButton app={app} panel="members" icon="people" label="members" />
        </div>
      )}
    </header>
  );
}

interface PanelButtonProps {
  app: App;
  panel: Panel;
  icon: IconName;
  label: Key;
}

function PanelButton({ app, panel, icon, label }: PanelButtonProps): VNode {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={t(label)}
      title={t(label)}
      aria-expanded={app.places.panel.value === panel}
      onClick={() => app.places.toggle(panel)}
    >
      <Icon name={icon} />
    </button>
  );
}

/** Only when there is something to say: connecting is no news before it takes long. */
function LinkState({ app }: { app: App }): VNode | null {
  return app.link.value === 'down' ? <p class="link-state">{t('reconnecting')}</p> : null;
}
