import type { VNode } from 'preact';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { nameOf } from '../room-name.ts';
import { Form } from './form.tsx';
import { closeDialog, Modal } from './modal.tsx';

export function LeaveDialog({ app }: { app: App }): VNode {
  const room = app.conversation.value?.room.value;
  const name = nameOf(app, room);
  return (
    <Modal app={app} title={t('leaveRoom', { room: name })}>
      <p>{room?.kind === 'public' ? t('leavePublicWhat') : t('leavePrivateWhat')}</p>
      <Form
        action={t('leave')}
        isDanger
        submit={async () => app.roomActions.leave(room?.slug ?? '')}
        onDone={() => closeDialog(app)}
        onCancel={() => closeDialog(app)}
      />
    </Modal>
  );
}

export function ArchiveDialog({ app }: { app: App }): VNode {
  const room = app.conversation.value?.room.value;
  const isArchived = room?.archived ?? false;
  const name = nameOf(app, room);
  return (
    <Modal app={app} title={isArchived ? t('reopenRoom', { room: name }) : t('archiveRoom', { room: name })}>
      <p>{isArchived ? t('reopenWhat') : t('archiveWhat')}</p>
      <Form
        action={isArchived ? t('reopen') : t('archive')}
        isDanger={!isArchived}
        submit={async () => app.roomActions.change({ room: room?.slug ?? '', archived: !isArchived })}
        onDone={() => closeDialog(app)}
        onCancel={() => closeDialog(app)}
      />
    </Modal>
  );
}
