import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { t } from '../words/words.ts';

/** Instead of the list when the server did not answer since the page was opened. */
export function Unreachable({ app }: { app: App }): VNode {
  return (
    <div class="notice" role="alert">
      <h2>{t('unreachable')}</h2>
      <p>{t('unreachableWhy')}</p>
      <button type="button" class="primary" onClick={() => app.retryConnection()}>
        {t('tryNow')}
      </button>
    </div>
  );
}
