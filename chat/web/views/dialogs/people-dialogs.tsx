import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LIMITS, type Person } from '../../../shared/events.ts';
import { may } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Form } from './form.tsx';
import { closeDialog, Modal } from './modal.tsx';
import { PeoplePicker } from './people-picker.tsx';

/** A conversation with one person or a few. */
export function NewDirectDialog({ app }: { app: App }): VNode {
  const chosen = useSignal<readonly Person[]>([]);
  const me = app.me.value;
  const mayMany = me ? may(me.role, 'create groups') : false;
  return (
    <Modal app={app} title={t('newDirect')}>
      <Form
        action={t('startTalking')}
        submit={async () =>
          chosen.value.length === 0
            ? t('choosePerson')
            : app.roomActions.direct(chosen.value.map(({ id }) => id))
        }
        onDone={() => closeDialog(app)}
        onCancel={() => closeDialog(app)}
      >
        <PeoplePicker app={app} chosen={chosen} most={mayMany ? LIMITS.groupPeople - 1 : 1} />
      </Form>
    </Modal>
  );
}

/** More people for the room on the screen. */
export function AddPeopleDialog({ app }: { app: App }): VNode {
  const chosen = useSignal<readonly Person[]>([]);
  const slug = app.conversation.value?.slug ?? '';
  return (
    <Modal app={app} title={t('addPeople')}>
      <Form
        action={t('add')}
        submit={async () =>
          chosen.value.length === 0
            ? t('choosePerson')
            : app.roomActions.add(
                slug,
                chosen.value.map(({ id }) => id),
              )
        }
        onDone={() => closeDialog(app)}
        onCancel={() => closeDialog(app)}
      >
        <PeoplePicker app={app} chosen={chosen} most={LIMITS.peopleAtOnce} />
      </Form>
    </Modal>
  );
}
