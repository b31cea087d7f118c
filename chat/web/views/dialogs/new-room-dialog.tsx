import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LIMITS } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Choice, Field, Form } from './form.tsx';
import { closeDialog, Modal } from './modal.tsx';

export function NewRoomDialog({ app }: { app: App }): VNode {
  const name = useSignal('');
  const topic = useSignal('');
  const kind = useSignal<'public' | 'private'>('public');
  return (
    <Modal app={app} title={t('newRoom')}>
      <Form
        action={t('create')}
        submit={async () => {
          if (name.value.trim() === '') return t('nameNeeded');
          const line = topic.value.trim();
          return app.roomActions.create({
            name: name.value.trim(),
            kind: kind.value,
            ...(line !== '' && { topic: line }),
          });
        }}
        onDone={() => closeDialog(app)}
        onCancel={() => closeDialog(app)}
      >
        <Field label={t('roomName')} value={name} maxLength={LIMITS.roomNameChars} isFirst />
        <Field label={t('topicOptional')} value={topic} maxLength={LIMITS.topicChars} />
        <Choice
          label={t('whoMayCome')}
          name="kind"
          value={kind.value}
          onChange={(value) => (kind.value = value)}
          options={[
            { value: 'public', label: t('publicRoom'), hint: t('publicRoomWhat') },
            { value: 'private', label: t('privateRoom'), hint: t('privateRoomWhat') },
          ]}
        />
      </Form>
    </Modal>
  );
}
