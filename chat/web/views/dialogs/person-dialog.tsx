import type { VNode } from 'preact';
import type { Person } from '../../../shared/events.ts';
import { may, outranks } from '../../../shared/roles.ts';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icon.tsx';
import { closeDialog, Modal } from './modal.tsx';
import { RecoveryLink } from './recovery-link.tsx';
import { RoleForm } from './role-form.tsx';

/** Who somebody is here, the way to talk to them, and for who may do that: what they are. */
export function PersonDialog({ app, person: shown }: { app: App; person: Person }): VNode {
  // Read so that a new name or role is drawn.
  void app.rooms.value;
  const person = app.people.current(shown);
  const me = app.me.value;
  const isOnline = app.online.value.has(person.id);
  const isMe = person.id === me?.id;
  return (
    <Modal app={app} title={person.name} mark={<Avatar person={person} isOnline={isOnline} />}>
      <p class="person-about">
        {person.bot ? `${t('bot')}, ${t(person.role)}` : t(person.role)}
        {' · '}
        {isOnline ? t('isHere') : t('isAway')}
      </p>
      {me && !isMe && !person.bot && (
        <button
          type="button"
          class="secondary"
          data-autofocus
          onClick={() =>
            void app.roomActions.direct([person.id]).then((problem) => {
              if (problem === undefined) closeDialog(app);
              else app.toasts.trouble(problem);
            })
          }
        >
          <Icon name="pencil" />
          {t('writeTo', { name: person.name })}
        </button>
      )}
      {me && may(me.role, 'give roles') && (
        <section class="block" aria-label={t('role')}>
          <RoleForm app={app} person={person} onDone={() => closeDialog(app)} />
        </section>
      )}
      {me && may(me.role, 'give roles') && outranks(me.role, person.role) && !person.bot && (
        <RecoveryLink app={app} person={person} />
      )}
      {me && may(me.role, 'configure the chat') && (
        <div class="dialog-links">
          <button
            type="button"
            class="plain"
            onClick={() => (app.dialog.value = { kind: 'manage', deedsOf: person })}
          >
            {t('deedsAbout')}
          </button>
        </div>
      )}
    </Modal>
  );
}
