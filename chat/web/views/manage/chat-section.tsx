import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { LIMITS, type Accent, type ChatInfo } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Choice, Field, Form } from '../dialogs/form.tsx';
import { OpenInvites } from '../dialogs/open-invites.tsx';
import { Icon } from '../icon.tsx';
import { AccentChoice } from './accent-choice.tsx';
import { DefaultRooms } from './default-rooms.tsx';
import { PreviewsChoice } from './previews-choice.tsx';

/** What the chat is called, who may come in and where to, its colour, the links that let people in, and whose it is. */
export function ChatSection({ app }: { app: App }): VNode {
  const chat = app.chat.value;
  const name = useSignal(chat?.name ?? '');
  const entry = useSignal<ChatInfo['entry']>(chat?.entry ?? 'open');
  const accent = useSignal<Accent>(chat?.accent ?? 'green');
  const rooms = useSignal<readonly string[] | undefined>(undefined);
  const savedRooms = useRef<readonly string[] | undefined>(undefined);
  const save = async (): Promise<string | undefined> => {
    const wanted = name.value.trim();
    if (wanted === '') return t('chatNameNeeded');
    // What was not touched is not noted as changed, and may have been by somebody else.
    const answer = await app.ask('configure', {
      ...(wanted !== chat?.name && { name: wanted }),
      ...(entry.value !== chat?.entry && { entry: entry.value }),
      ...(accent.value !== chat?.accent && { accent: accent.value }),
      ...(rooms.value !== undefined && rooms.value !== savedRooms.current && { rooms: [...rooms.value] }),
    });
    if (!answer.ok) return explain(answer);
    savedRooms.current = rooms.value;
    app.chat.value = answer.chat;
    app.toasts.say(t('savedForAll'));
    return undefined;
  };
  return (
    <>
      <Form action={t('save')} submit={save}>
        <Field label={t('chatName')} value={name} maxLength={LIMITS.roomNameChars} />
        <Choice<ChatInfo['entry']>
          label={t('whoMayCome')}
          name="entry"
          isColumn
          value={entry.value}
          onChange={(value) => (entry.value = value)}
          options={[
            { value: 'open', label: t('entryOpen'), hint: t('entryOpenWhat') },
            { value: 'invite', label: t('entryInvite'), hint: t('entryInviteWhat') },
          ]}
        />
        <AccentChoice value={accent} />
        <DefaultRooms app={app} chosen={rooms} />
      </Form>
      <PreviewsChoice app={app} />
      <OpenInvites app={app} isShown={() => true} hasRooms />
      <div class="dialog-links">
        <button type="button" class="plain" onClick={() => (app.dialog.value = { kind: 'invite to chat' })}>
          <Icon name="link" />
          {t('invitePeople')}
        </button>
        {app.me.value?.role === 'owner' && (
          <button
            type="button"
            class="plain is-danger"
            onClick={() => (app.dialog.value = { kind: 'hand over' })}
          >
            {t('handOverAsk')}
          </button>
        )}
      </div>
    </>
  );
}
