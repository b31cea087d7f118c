import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LIMITS, type ChatInfo } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Choice, Field, Form } from '../dialogs/form.tsx';
import { OpenInvites } from '../dialogs/open-invites.tsx';
import { Icon } from '../icon.tsx';
import { PreviewsChoice } from './previews-choice.tsx';

/** What the chat is called, who may come in, and the links that let people in. */
export function ChatSection({ app }: { app: App }): VNode {
  const chat = app.chat.value;
  const name = useSignal(chat?.name ?? '');
  const entry = useSignal<ChatInfo['entry']>(chat?.entry ?? 'open');
  const save = async (): Promise<string | undefined> => {
    const wanted = name.value.trim();
    if (wanted === '') return t('chatNameNeeded');
    const answer = await app.ask('configure', { name: wanted, entry: entry.value });
    if (!answer.ok) return explain(answer);
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
      </Form>
      <PreviewsChoice app={app} />
      <OpenInvites app={app} isShown={() => true} hasRooms />
      <div class="dialog-links">
        <button type="button" class="plain" onClick={() => (app.dialog.value = { kind: 'invite to chat' })}>
          <Icon name="link" />
          {t('invitePeople')}
        </button>
      </div>
    </>
  );
}
