import type { ComponentChildren, VNode } from 'preact';
import type { Message } from '../../shared/events.ts';
import { toPlainText } from '../../shared/markdown/plain-text.ts';
import { permalink } from '../../shared/routes.ts';
import type { App } from '../app/app.ts';
import { bodyOf } from '../core/bodies.ts';
import { findMarks } from '../core/marks.ts';
import { emojiOf } from '../core/shortcodes.ts';
import { t } from '../words/later.ts';
import { Avatar, toneOf } from './avatar.tsx';
import { nameOf } from './room-name.ts';
import { formatFull, formatShort } from './times.ts';

interface Props {
  app: App;
  message: Message;
  /** What was looked for, to be marked. */
  phrases?: readonly string[];
  isNew?: boolean;
  /** All of the list is from the room on the screen. */
  isOfRoom?: boolean;
  onGo: () => void;
}

/** A message out of its place, and the way to it. */
export function Hit({ app, message, phrases = [], isNew = false, isOfRoom = false, onGo }: Props): VNode {
  const from = app.people.current(message.from);
  const room = app.myRoom(message.room);
  const text = toPlainText(bodyOf(message), { readEmoji: emojiOf });
  return (
    <a
      class={isNew ? 'hit is-new' : 'hit'}
      href={permalink(message.room, message.seq)}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onGo();
      }}
    >
      <Avatar person={from} />
      <span class="hit-top">
        <bdi class={`name ${toneOf(from)}`}>{from.name}</bdi>
        <span class="hit-room" dir="auto">
          {isOfRoom ? '' : room ? nameOf(app, room) : message.room}
        </span>
        <time dateTime={new Date(message.at).toISOString()} title={formatFull(message.at)}>
          {formatShort(message.at, Date.now())}
        </time>
      </span>
      <span class="hit-text" dir="auto">
        {isNew && <span class="unseen-text">{t('unread')}. </span>}
        {marked(text, phrases)}
      </span>
    </a>
  );
}

function marked(text: string, phrases: readonly string[]): ComponentChildren {
  return findMarks(text, phrases).map(({ text: piece, isMarked }) =>
    isMarked ? <mark>{piece}</mark> : piece,
  );
}
