import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { App } from '../../app/app.ts';
import { t } from '../../words/later.ts';
import { Icon } from '../icon.tsx';
import { ToastLine } from '../toast-line.tsx';

interface Props {
  app: App;
  title: string;
  /** Drawn before the title. */
  mark?: ComponentChildren;
  children: ComponentChildren;
  /** Wider, for lists and settings. */
  isWide?: boolean;
  /** The title is only for who cannot see that the field says it all. */
  hidesTitle?: boolean;
}

/** A native dialog: Esc closes it, the rest of the page is inert, and the focus returns to where it was. */
export function Modal({ app, title, mark, children, isWide, hidesTitle }: Props): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    // Unmounted while open, the browser would not give the focus back.
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog${isWide ? ' is-wide' : ''}${hidesTitle ? ' is-bare' : ''}`}
      aria-labelledby={id}
      // Told late: by then this one may have been taken away for another, which stays.
      onClose={() => dialog.current && closeDialog(app)}
      onClick={(event) => event.target === event.currentTarget && closeDialog(app)}
    >
      <div class="dialog-body">
        <div class={hidesTitle ? 'unseen-text' : 'dialog-top'}>
          {mark}
          <h2 id={id} dir="auto">
            {title}
          </h2>
          <button type="button" class="icon-button" aria-label={t('close')} onClick={() => closeDialog(app)}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
      <ToastLine app={app} isInDialog />
    </dialog>
  );
}

export function closeDialog(app: App): void {
  app.closeDialog();
}
