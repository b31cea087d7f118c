import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Role, Room } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { nameOf } from '../room-name.ts';
import { Choice, Form } from './form.tsx';
import { LinkToGive } from './link-to-give.tsx';
import { Modal } from './modal.tsx';
import { OpenInvites } from './open-invites.tsx';

type Days = '1' | '7' | '30';
const USES = ['1', '5', '25', '100', '1000'] as const;
type Uses = (typeof USES)[number];

/** A link for people who are not here yet: to a room, or to the chat with its default rooms. */
export function InviteDialog({ app, room }: { app: App; room?: Room | undefined }): VNode {
  const days = useSignal<Days>('7');
  const uses = useSignal<Uses>('25');
  const role = useSignal<Role>('guest');
  const link = useSignal<string | undefined>(undefined);

  const make = async (): Promise<string | undefined> => {
    const ask = {
      role: role.value,
      days: Number(days.value),
      uses: Number(uses.value),
      ...(room && { room: room.slug }),
    };
    const answer = await app.ask('invite', ask);
    if (!answer.ok) return explain(answer);
    link.value = new URL(`/i/${answer.code}`, location.href).href;
    return undefined;
  };

  return (
    <Modal app={app} title={t('inviteTo', { room: room ? nameOf(app, room) : (app.chat.value?.name ?? '') })}>
      {link.value === undefined ? (
        <Form action={t('makeLink')} submit={make}>
          <Choice<Days>
            label={t('validFor')}
            name="days"
            value={days.value}
            onChange={(value) => (days.value = value)}
            options={[
              { value: '1', label: t('nDays', { n: 1 }) },
              { value: '7', label: t('nDays', { n: 7 }) },
              { value: '30', label: t('nDays', { n: 30 }) },
            ]}
          />
          <Choice<Uses>
            label={t('usableFor')}
            name="uses"
            value={uses.value}
            onChange={(value) => (uses.value = value)}
            options={USES.map((value) => ({ value, label: t('nPeople', { n: Number(value) }) }))}
          />
          <Choice<Role>
            label={t('theyBecome')}
            name="role"
            value={role.value}
            onChange={(value) => (role.value = value)}
            options={[
              { value: 'guest', label: t('guests') },
              { value: 'member', label: t('fullMembers') },
            ]}
          />
        </Form>
      ) : (
        <LinkToGive app={app} label={t('inviteLink')} link={link.value} hasCode>
          <p>{t('linkOnce')}</p>
        </LinkToGive>
      )}
      {/* Read anew when there is one more. */}
      <OpenInvites key={link.value} app={app} isShown={(invite) => invite.room === (room?.slug ?? null)} />
    </Modal>
  );
}
