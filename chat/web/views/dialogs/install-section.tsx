import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { install, installWay, type InstallWay } from '../../app/installing.ts';
import { webStorage } from '../../core/storage.ts';
import { t } from '../../words/later.ts';

const REFUSED = 'install-hint';

const HOW: Readonly<Record<InstallWay, () => string>> = {
  'by button': () => t('installWhat'),
  'by hand on iOS': () => `${t('installWhat')} ${t('installByHand')}`,
  'needs https': () => t('installNeedsHttps'),
};

/** Says how the page becomes an app here, to who has not said that they know. */
export function InstallSection(): VNode | null {
  const storage = webStorage(() => localStorage);
  const isRefused = useSignal(storage.read(REFUSED) === 'no');
  const way = installWay();
  if (way === undefined || isRefused.value) return null;
  const refuse = (): void => {
    storage.write(REFUSED, 'no');
    isRefused.value = true;
  };
  return (
    <section class="block" aria-labelledby="install-title">
      <h3 id="install-title">{t('install')}</h3>
      <p class="hint">{HOW[way]()}</p>
      <div class="form-actions">
        <button type="button" class="plain" onClick={refuse}>
          {t('notForMe')}
        </button>
        {way === 'by button' && (
          <button type="button" class="secondary" onClick={() => void install()}>
            {t('installNow')}
          </button>
        )}
      </div>
    </section>
  );
}
