import type { VNode } from 'preact';
import type { Message } from '../../shared/events.ts';
import type { App } from '../app/app.ts';
import type { Row } from '../core/rows.ts';
import { t } from '../words/words.ts';
import { TimeOfDay } from './time-of-day.tsx';

interface Props {
  app: App;
  row: Extract<Row, { kind: 'system' }>;
}

/** What happened in the room, in one quiet line. */
export function SystemRow({ app, row }: Props): VNode {
  const { key, message, from } = row;
  return (
    <li class="system" data-key={key} data-seq={message.seq} tabIndex={-1}>
      <span dir="auto">{tell(app, message, from.name)}</span> <TimeOfDay at={message.at} />
    </li>
  );
}

function tell(app: App, { event }: Message, name: string): string {
  if (event === undefined) return '';
  switch (event.what) {
    case 'created':
      return t('didCreate', { name });
    case 'joined':
      return t('didJoin', { name });
    case 'left':
      return t('didLeave', { name });
    case 'added':
      return t('didAdd', { name, other: app.people.current(event.person).name });
    case 'removed':
      return t('didRemove', { name, other: app.people.current(event.person).name });
    case 'topic':
      return event.topic === ''
        ? t('didClearTopic', { name })
        : t('didSetTopic', { name, topic: event.topic });
    case 'renamed':
      return t('didRename', { name, room: event.name });
    case 'archived':
      return t('didArchive', { name });
    case 'reopened':
      return t('didReopen', { name });
    default:
      return event satisfies never;
  }
}
