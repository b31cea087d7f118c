import type { VNode } from 'preact';
import type { App } from '../app/app.ts';
import { t } from '../words/words.ts';
import { Icon } from './icon.tsx';

/** What just happened. It leaves by itself, but not from under a pointer or the focus. */
export function ToastLine({ app, isInDialog = false }: { app: App; isInDialog?: boolean }): VNode {
  const { toasts } = app;
  // Under a dialog it could neither be reached nor heard.
  const toast = isInDialog || app.dialog.value === null ? toasts.current.value : null;
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
