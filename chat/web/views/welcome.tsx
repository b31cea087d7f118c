import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { explain } from '../app/explain.ts';
import { t } from '../words/words.ts';
import { NameForm } from './name-form.tsx';

/** In the place of the composer until this browser has a name. The conversation above can be read already. */
export function Welcome({ app }: { app: App }): VNode {
  const isInviteOnly = app.chat.value?.entry === 'invite' && !app.chat.value.claimable;
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">{t('welcome', { chat: app.chat.value?.name ?? '' })}</h2>
      {isInviteOnly ? (
        <p>{t('inviteOnly')}</p>
      ) : (
        <NameForm
          label={t('yourName')}
          action={t('join')}
          initial=""
          hint={t('noAccount')}
          submit={async (name) => {
            const answer = await app.account.name(name);
            if (!answer.ok) return explain(answer);
            app.becameSomeone(answer.me);
            return undefined;
          }}
        />
      )}
      <p class="hint">
        {t('haveAccount')}{' '}
        <button type="button" class="plain is-inline" onClick={() => app.places.go('/sign-in')}>
          {t('signIn')}
        </button>
      </p>
    </section>
  );
}
