import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Invite, Role } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/words.ts';
import { nameOf } from '../room-name.ts';
import { formatAgo } from '../times.ts';
import { Choice, Form } from './form.tsx';
import { Modal } from './modal.tsx';

type Days = '1' | '7' | '30';

/** A link for people who are not here yet. */
export function InviteDialog({ app }: { app: App }): VNode {
  const room = app.conversation.value?.room.value;
  const days = useSignal<Days>('7');
  const role = useSignal<Role>('guest');
  const link = useSignal<string | undefined>(undefined);
  const invites = useSignal<readonly Invite[]>([]);
  const load = async (): Promise<void> => {
    const answer = await app.ask('invites', {});
    if (answer.ok) invites.value = answer.invites.filter((invite) => invite.room === room?.slug);
  };
  useEffect(() => void load(), []);

  const make = async (): Promise<string | undefined> => {
    if (!room) return undefined;
    const ask = { room: room.slug, role: role.value, days: Number(days.value) };
    const answer = await app.ask('invite', ask);
    if (!answer.ok) return explain(answer);
    link.value = new URL(`/i/${answer.code}`, location.href).href;
    void load();
    return undefined;
  };
  const revoke = async (id: number): Promise<void> => {
    const answer = await app.ask('revoke invite', { id });
    if (answer.ok) void load();
    else app.toasts.trouble(explain(answer));
  };

  return (
    <Modal app={app} title={t('inviteTo', { room: nameOf(app, room) })}>
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
        <div class="form">
          <p>{t('linkOnce')}</p>
          <input
            class="field is-code"
            type="text"
            readOnly
            aria-label={t('inviteLink')}
            value={link.value}
            onFocus={(event) => event.currentTarget.select()}
          />
          <div class="form-actions">
            <button
              type="button"
              class="primary"
              onClick={() => void app.messages.copy(link.value ?? '', t('linkCopied'))}
            >
              {t('copyLink')}
            </button>
          </div>
        </div>
      )}
      {invites.value.length > 0 && (
        <section aria-label={t('openInvites')}>
          <h3 class="panel-heading">{t('openInvites')}</h3>
          <ul class="lines">
            {invites.value.map((invite) => (
              <li key={invite.id} class="line">
                <span class="line-text">
                  <bdi>{invite.by.name}</bdi> · {t('usesLeft', { n: invite.usesLeft })} ·{' '}
                  {formatAgo(invite.expires, Date.now())}
                </span>
                <button type="button" class="plain is-danger" onClick={() => void revoke(invite.id)}>
                  {t('revoke')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Modal>
  );
}
