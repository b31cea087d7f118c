import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { App } from '../../app/app.ts';
import { t } from '../../words/words.ts';
import { Icon } from '../icon.tsx';

interface Props {
  app: App;
  title: string;
  children: ComponentChildren;
  /** Wider, for lists and settings. */
  isWide?: boolean;
  /** The title is only for who cannot see that the field says it all. */
  hidesTitle?: boolean;
}

/** A native dialog: Esc closes it, the rest of the page is inert, and the focus returns to where it was. */
export function Modal({ app, title, children, isWide, hidesTitle }: Props): VNode {
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
      onClose={() => closeDialog(app)}
      onClick={(event) => event.target === event.currentTarget && closeDialog(app)}
    >
      <div class="dialog-body">
        <div class={hidesTitle ? 'unseen-text' : 'dialog-top'}>
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t('close')} onClick={() => closeDialog(app)}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

export function closeDialog(app: App): void {
  app.closeDialog();
}
