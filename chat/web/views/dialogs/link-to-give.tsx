import type { ComponentChildren, VNode } from 'preact';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { QrCode } from '../signing-in/later.ts';

interface Props {
  app: App;
  label: string;
  link: string;
  /** Also as a code for a camera. */
  hasCode?: boolean;
  /** What the link is for. */
  children: ComponentChildren;
}

/** A link to send, or to scan. */
export function LinkToGive({ app, label, link, hasCode = false, children }: Props): VNode {
  const { host, hostname } = new URL(link);
  const isForOthers = !/^(?:localhost|127\.[\d.]+|\[::1\])$/u.test(hostname);
  return (
    <div class="form">
      {children}
      {hasCode && isForOthers && <QrCode key={link} text={link} />}
      {!isForOthers && <p class="hint">{t('nowhere', { host })}</p>}
      <input
        class="field is-code"
        type="text"
        readOnly
        aria-label={label}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="form-actions">
        <button type="button" class="primary" onClick={() => void app.messages.copy(link, t('linkCopied'))}>
          {t('copyLink')}
        </button>
      </div>
    </div>
  );
}
