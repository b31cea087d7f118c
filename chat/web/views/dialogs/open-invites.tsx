import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Invite } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { t } from '../../words/later.ts';
import { formatAgo } from '../times.ts';

interface Props {
  app: App;
  isShown: (invite: Invite) => boolean;
  /** Says to which room each leads. */
  hasRooms?: boolean;
}

/** The links that still let people in, and the end of each. */
export function OpenInvites({ app, isShown, hasRooms = false }: Props): VNode | null {
  const invites = useSignal<readonly Invite[]>([]);
  const load = async (): Promise<void> => {
    const answer = await app.ask('invites', {});
    if (answer.ok) invites.value = answer.invites.filter(isShown);
  };
  useEffect(() => void load(), []);
  const revoke = async (id: number): Promise<void> => {
    const answer = await app.ask('revoke invite', { id });
    if (answer.ok) void load();
    else app.toasts.trouble(explain(answer));
  };
  if (invites.value.length === 0) return null;
  return (
    <section aria-label={t('openInvites')}>
      <h3 class="panel-heading">{t('openInvites')}</h3>
      <ul class="lines">
        {invites.value.map((invite) => (
          <li key={invite.id} class="line">
            <div class="line-text">
              <p>
                <bdi>{invite.by.name}</bdi>
                {hasRooms && invite.room !== null && (
                  <>
                    {' → '}
                    <bdi>{app.myRoom(invite.room)?.name ?? invite.room}</bdi>
                  </>
                )}
              </p>
              <p class="hint">
                {t(invite.role)} · {t('usesLeft', { n: invite.usesLeft })} ·{' '}
                {formatAgo(invite.expires, Date.now())}
              </p>
            </div>
            <button type="button" class="plain is-danger" onClick={() => void revoke(invite.id)}>
              {t('revoke')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
