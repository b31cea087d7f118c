import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../words/words.ts';

/** Covered until somebody wants to know. */
export function Spoiler({ children }: { children: ComponentChildren }): VNode {
  const [isOpen, open] = useState(false);
  if (isOpen) return <span class="spoiler is-open">{children}</span>;
  return (
    <button
      type="button"
      class="spoiler"
      aria-label={t('spoiler')}
      title={t('spoiler')}
      onClick={() => open(true)}
    >
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
