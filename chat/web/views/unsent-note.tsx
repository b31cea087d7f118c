import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { explain } from '../app/explain.ts';
import type { Unsent } from '../core/outbox.ts';
import { t } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** Under a row that the server has not confirmed: why, and what can be done. */
export function UnsentNote({ app, unsent }: { app: App; unsent: Unsent }): VNode {
  const { nonce, state } = unsent;
  if (state.kind === 'pending') {
    return (
      <span class="note-clock" title={t('sending')}>
        <Icon name="clock" />
        <span class="unseen-text">{t('sending')}</span>
      </span>
    );
  }
  const isHopeless = state.kind === 'refused' && (state.code === 'too long' || state.code === 'invalid');
  const reason =
    state.kind === 'refused'
      ? `${t('notSent')} ${explain({ ok: false, code: state.code, text: state.reason })}`
      : t('notConfirmed');
  return (
    <div class="note">
      <span class="note-reason">
        <Icon name="alert" />
        {reason}
      </span>
      <span class="note-actions">
        {!isHopeless && (
          <button type="button" class="plain" onClick={() => app.outbox.retry(nonce)}>
            {t('retry')}
          </button>
        )}
        {state.kind === 'refused' && (
          <button type="button" class="plain" onClick={() => app.sending.rewrite(nonce)}>
            {t('edit')}
          </button>
        )}
        <button type="button" class="plain" onClick={() => app.outbox.remove(nonce)}>
          {t('delete')}
        </button>
      </span>
    </div>
  );
}
