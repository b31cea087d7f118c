import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { App } from '../app/app.ts';
import { t } from '../words/later.ts';
import { Icon } from './icon.tsx';

interface Props {
  app: App;
  title: string;
  children: ComponentChildren;
}

/** What stands beside the conversation: on a phone over it. The focus goes into it, and back when it closes. */
export function PanelFrame({ app, title, children }: Props): VNode {
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    frame.current?.querySelector<HTMLElement>('input, .panel-body a, .panel-body button')?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <aside class="panel" aria-label={title} data-region="panel" tabIndex={-1} ref={frame}>
      <div class="panel-top">
        <h2>{title}</h2>
        <button type="button" class="icon-button" aria-label={t('close')} onClick={() => app.places.close()}>
          <Icon name="close" />
        </button>
      </div>
      <div class="panel-body">{children}</div>
    </aside>
  );
}
