import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LIMITS, type MyRoom, type NotifyLevel } from '../../../shared/events.ts';
import { may } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/words.ts';
import { Icon } from '../icon.tsx';
import { nameOf } from '../room-name.ts';
import { Choice, Field, Form } from './form.tsx';
import { closeDialog, Modal } from './modal.tsx';

/** What the room is about, what I want to hear of it, and what can be done to it. */
export function RoomDialog({ app }: { app: App }): VNode {
  const room = app.rooms.value.find(({ slug }) => slug === app.conversation.value?.slug);
  return (
    <Modal app={app} title={nameOf(app, room)}>
      {room && <Details app={app} room={room} />}
    </Modal>
  );
}

function Details({ app, room }: { app: App; room: MyRoom }): VNode {
  const me = app.me.value;
  const name = useSignal(room.name);
  const topic = useSignal(room.topic);
  const isNamed = room.kind === 'public' || room.kind === 'private';
  const mayTopic = me && isNamed && !room.archived && may(me.role, 'set topics');
  const mayRename = me && isNamed && !room.archived && may(me.role, 'rename rooms', room.host);
  const mayArchive = me && isNamed && !room.isDefault && may(me.role, 'archive rooms', room.host);
  const mayLeave = room.kind !== 'dm' && !room.isDefault;
  return (
    <>
      {mayTopic ? (
        <Form
          action={t('save')}
          submit={async () =>
            app.roomActions.change({
              room: room.slug,
              ...(mayRename && name.value.trim() !== room.name && { name: name.value.trim() }),
              ...(topic.value.trim() !== room.topic && { topic: topic.value.trim() }),
            })
          }
          onDone={() => closeDialog(app)}
        >
          {mayRename && <Field label={t('roomName')} value={name} maxLength={LIMITS.roomNameChars} />}
          <Field label={t('topic')} value={topic} maxLength={LIMITS.topicChars} isFirst />
        </Form>
      ) : (
        room.topic !== '' && <p dir="auto">{room.topic}</p>
      )}
      <Choice<NotifyLevel>
        label={t('countFor')}
        name="level"
        value={room.level}
        onChange={(level) => void app.roomActions.setLevel(room.slug, level)}
        options={[
          { value: 'all', label: t('levelAll') },
          { value: 'mentions', label: t('levelMentions') },
          { value: 'none', label: t('levelNone') },
        ]}
      />
      {(mayArchive || mayLeave) && (
        <div class="dialog-links">
          {mayArchive && (
            <button type="button" class="plain" onClick={() => (app.dialog.value = { kind: 'archive' })}>
              {room.archived ? t('reopen') : t('archive')}
            </button>
          )}
          {mayLeave && (
            <button
              type="button"
              class="plain is-danger"
              onClick={() => (app.dialog.value = { kind: 'leave' })}
            >
              <Icon name="leave" />
              {t('leave')}
            </button>
          )}
        </div>
      )}
    </>
  );
}
