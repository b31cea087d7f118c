import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { DEFAULT_ROOM, LIMITS, type MyRoom, type NotifyLevel } from '../../../shared/events.ts';
import { may } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { mutedUntil } from '../../app/room-actions.ts';
import { t, type Key } from '../../words/later.ts';
import { Icon } from '../icon.tsx';
import { nameOf } from '../room-name.ts';
import { Choice, Field, Form } from './form.tsx';
import { lazy } from '../lazy.tsx';
import { closeDialog, Modal } from './modal.tsx';

const HOUR_MS = 3_600_000;
/** When "until tomorrow" ends. */
const MORNING_HOUR = 8;

const WebhooksSection = lazy(async () => (await import('../manage/webhooks-section.tsx')).WebhooksSection);

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
  const isForAll = room.slug === DEFAULT_ROOM;
  const mayTopic = me && isNamed && !room.archived && may(me.role, 'set topics');
  const mayRename = me && isNamed && !room.archived && may(me.role, 'rename rooms', room.host);
  const mayArchive = me && isNamed && !isForAll && may(me.role, 'archive rooms', room.host);
  const mayHook = me && isNamed && may(me.role, 'make webhooks', room.host);
  const mayLeave = room.kind !== 'dm' && !isForAll;
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
      <Mute app={app} room={room} />
      {mayHook && <Webhooks app={app} room={room} />}
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

/** Silence for a time, whatever the level. */
function Mute({ app, room }: { app: App; room: MyRoom }): VNode {
  const mute = async (ms: number): Promise<void> => {
    const problem = await app.roomActions.mute(room.slug, ms);
    if (problem !== undefined) app.toasts.trouble(problem);
  };
  const times: [Key, number][] =
    room.quietUntil === undefined
      ? [
          ['muteHour', HOUR_MS],
          ['muteTomorrow', msUntilMorning(new Date())],
          ['muteForNow', Infinity],
        ]
      : [['unmute', 0]];
  return (
    <section class="form-field" aria-labelledby="mute-title">
      <h3 id="mute-title" class="form-title">
        {t('mute')}
      </h3>
      {room.quietUntil !== undefined && <p class="hint">{mutedUntil(room.quietUntil)}</p>}
      <div class="form-buttons">
        {times.map(([label, ms]) => (
          <button key={label} type="button" class="secondary" onClick={() => void mute(ms)}>
            {t(label)}
          </button>
        ))}
      </div>
    </section>
  );
}

function msUntilMorning(now: Date): number {
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING_HOUR);
  return morning.getTime() - now.getTime();
}

/** Few open it, so that its code and its list are fetched then. */
function Webhooks({ app, room }: { app: App; room: MyRoom }): VNode {
  const isOpen = useSignal(false);
  return (
    <details class="block" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{t('webhooks')}</summary>
      {isOpen.value && <WebhooksSection app={app} room={room} />}
    </details>
  );
}
