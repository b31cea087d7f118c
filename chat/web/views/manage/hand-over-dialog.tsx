import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LIMITS, type Person } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { Field, Form } from '../dialogs/form.tsx';
import { closeDialog, Modal } from '../dialogs/modal.tsx';
import { PeoplePicker } from '../dialogs/people-picker.tsx';

/** Gives the chat to somebody else, once it is clear what that means and that it is the owner who does it. */
export function HandOverDialog({ app }: { app: App }): VNode {
  const chosen = useSignal<readonly Person[]>([]);
  const password = useSignal('');
  const me = app.me.value;
  const [heir] = chosen.value;
  const give = async (): Promise<string | undefined> => {
    if (heir === undefined) return t('handOverWhom');
    const answer = await app.ask('give role', {
      person: heir.id,
      role: 'owner',
      ...(password.value !== '' && { password: password.value }),
    });
    if (!answer.ok) return explain(answer);
    app.people.learn([answer.person]);
    app.toasts.say(t('handedOver', { name: answer.person.name }));
    return undefined;
  };
  if (me?.role !== 'owner') {
    return (
      <Modal app={app} title={t('handOver')}>
        <p>{t('failNotAllowed')}</p>
      </Modal>
    );
  }
  return (
    <Modal app={app} title={t('handOver')}>
      <p>{heir === undefined ? t('handOverWhat') : t('handOverTo', { name: heir.name })}</p>
      <Form
        action={t('handOver')}
        isDanger
        submit={give}
        onDone={() => closeDialog(app)}
        onCancel={() => closeDialog(app)}
      >
        <PeoplePicker app={app} chosen={chosen} most={1} label={t('handOverWho')} />
        {me.hasPassword && (
          <Field
            label={t('oldPassword')}
            type="password"
            name="password"
            autocomplete="current-password"
            value={password}
            hint={t('handOverPassword')}
            maxLength={LIMITS.passwordChars}
          />
        )}
      </Form>
    </Modal>
  );
}
