import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { LIMITS, type Me } from '../../../shared/events.ts';
import type { App } from '../../app/app.ts';
import { explain } from '../../app/explain.ts';
import { canComeBack } from '../../../shared/come-back.ts';
import { t } from '../../words/later.ts';
import { Passkeys } from '../signing-in/later.ts';
import { Field, Form } from './form.tsx';
import { closeDialog } from './modal.tsx';

/** A password or a passkey makes a guest a member; a member changes them, and signs out. */
export function AccountSection({ app, me }: { app: App; me: Me }): VNode {
  return (
    <>
      {me.hasPassword ? <ChangePassword app={app} /> : <SetPassword app={app} isMember={canComeBack(me)} />}
      <Passkeys app={app} me={me} />
      {!isSecureContext && <p class="hint">{t('withoutHttps')}</p>}
      <SignOut app={app} me={me} />
    </>
  );
}

/** The first one. Without a passkey it is the way to keep one's name. */
function SetPassword({ app, isMember }: { app: App; isMember: boolean }): VNode {
  const password = useSignal('');
  return (
    <section class="block" aria-labelledby="account-title">
      <h3 id="account-title">{isMember ? t('password') : t('keepAccount')}</h3>
      <p class="hint">{isMember ? t('setPasswordWhy') : t('keepAccountWhy')}</p>
      <Form
        action={isMember ? t('setPassword') : t('becomeMember')}
        submit={async () => {
          if (password.value.length < LIMITS.passwordMinChars)
            return t('passwordShort', { n: LIMITS.passwordMinChars });
          const answer = await app.account.becomeMember({ password: password.value });
          if (!answer.ok) return explain(answer);
          password.value = '';
          app.becameSomeone(answer.me);
          app.toasts.say(isMember ? t('passwordSet') : t('nowMember'));
          return undefined;
        }}
      >
        <Field
          label={t('password')}
          type="password"
          name="new-password"
          autocomplete="new-password"
          value={password}
          hint={t('passwordHint', { n: LIMITS.passwordMinChars })}
          maxLength={LIMITS.passwordChars}
        />
      </Form>
    </section>
  );
}

function ChangePassword({ app }: { app: App }): VNode {
  const old = useSignal('');
  const password = useSignal('');
  return (
    <details class="block">
      <summary>{t('changePassword')}</summary>
      <Form
        action={t('changePassword')}
        submit={async () => {
          if (password.value.length < LIMITS.passwordMinChars)
            return t('passwordShort', { n: LIMITS.passwordMinChars });
          const answer = await app.account.changePassword({ old: old.value, password: password.value });
          if (!answer.ok) return explain(answer);
          old.value = '';
          password.value = '';
          app.becameSomeone(answer.me);
          app.toasts.say(t('passwordChanged'));
          return undefined;
        }}
      >
        <Field label={t('oldPassword')} type="password" autocomplete="current-password" value={old} />
        <Field
          label={t('newPassword')}
          type="password"
          autocomplete="new-password"
          value={password}
          hint={t('passwordChangeHint')}
        />
      </Form>
    </details>
  );
}

function SignOut({ app, me }: { app: App; me: Me }): VNode {
  const wasAsked = useSignal(false);
  const isSure = wasAsked.value || canComeBack(me);
  const signOut = async (): Promise<void> => {
    const answer = await app.account.signOut();
    if (!answer.ok) {
      app.toasts.trouble(explain(answer));
      return;
    }
    closeDialog(app);
    app.becameSomeone(null);
    app.places.go('/');
  };
  return (
    <div class="dialog-links">
      {isSure ? (
        <button type="button" class="plain is-danger" onClick={() => void signOut()}>
          {canComeBack(me) ? t('signOut') : t('signOutForGood')}
        </button>
      ) : (
        <button type="button" class="plain" onClick={() => (wasAsked.value = true)}>
          {t('signOut')}
        </button>
      )}
      {isSure && !canComeBack(me) && <p class="hint">{t('signOutGuest')}</p>}
    </div>
  );
}
