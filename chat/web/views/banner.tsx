import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { explain } from '../app/explain.ts';
import { reload } from '../app/reloading.ts';
import { t } from '../words/words.ts';

/** One line above the composer, only when there is something to know. */
export function Banner({ app }: { app: App }): VNode | null {
  const refusal = app.refusal.value;
  if (refusal !== undefined) {
    return <Line text={explain(refusal)} action={t('tryAgain')} onAction={() => app.retryConnection()} />;
  }
  if (app.link.value === 'down' && app.chat.value) {
    const text = app.me.value ? t('reconnectingSends') : t('reconnectingReads');
    return <Line text={text} action={t('retryNow')} onAction={() => app.retryConnection()} />;
  }
  if (app.hasNewVersion.value) {
    return <Line text={t('newVersion')} action={t('reload')} onAction={() => reload(app)} isCalm />;
  }
  if (app.chat.value?.claimable) {
    return (
      <Line text={t('noOwner')} action={t('claim')} onAction={() => app.places.go('/claim/here')} isCalm />
    );
  }
  return null;
}

interface LineProps {
  text: string;
  action: string;
  onAction: () => void;
  isCalm?: boolean;
}

function Line({ text, action, onAction, isCalm }: LineProps): VNode {
  return (
    <div class={isCalm ? 'banner is-calm' : 'banner'} role="status">
      <span class="banner-dot" aria-hidden="true" />
      <span class="banner-text">{text}</span>
      <button type="button" class="plain" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
