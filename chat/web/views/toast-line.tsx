import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { t } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** What just happened. It leaves by itself, but not from under a pointer or the focus. */
export function ToastLine({ app: { toasts } }: { app: App }): VNode {
  const toast = toasts.current.value;
  return (
    <div
      class="toasts"
      role="status"
      onMouseEnter={() => toasts.hold()}
      onMouseLeave={() => toasts.release()}
      onFocusIn={() => toasts.hold()}
      onFocusOut={() => toasts.release()}
    >
      {toast && (
        <div key={toast.id} class={toast.isTrouble ? 'toast is-trouble' : 'toast'}>
          <span class="toast-text">{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                toasts.dismiss();
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label={t('dismiss')}
            onClick={() => toasts.dismiss()}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
