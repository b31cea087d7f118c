import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { App } from '../app/app.ts';
import { t } from '../words/words.ts';
import { Icon } from './icon.tsx';
import type { Rows } from './rows-in-hand.ts';

/** What the pointer finds on a row: one set for all rows, over the one it is on. The keyboard has the row's keys and menu. */
export function RowTools({ app, inHand }: { app: App; inHand: Rows }): VNode | null {
  const tools = useRef<HTMLDivElement>(null);
  const hovered = inHand.hovered.value;
  const moved = inHand.moved.value;
  useLayoutEffect(() => {
    if (tools.current && hovered) tools.current.style.top = `${hovered.element.offsetTop}px`;
  }, [hovered, moved]);
  if (!hovered || hovered.row.unsent || hovered.row.message.deleted) return null;
  const { row, element } = hovered;
  const mayAnswer = app.messages.mayAnswer(row.message);
  return (
    <div class="row-tools" ref={tools} onMouseDown={(event) => event.preventDefault()}>
      {mayAnswer && (
        <>
          <Tool label={t('react')} icon="smile" run={() => inHand.pick(hovered)} />
          <Tool label={t('reply')} icon="reply" run={() => app.composing.reply(row.message)} />
        </>
      )}
      <Tool
        label={t('more')}
        icon="more"
        run={(event) => inHand.openMenu(element, event.clientX, event.clientY)}
      />
    </div>
  );
}

interface ToolProps {
  label: string;
  icon: Parameters<typeof Icon>[0]['name'];
  run: (event: MouseEvent) => void;
}

function Tool({ label, icon, run }: ToolProps): VNode {
  return (
    <button
      type="button"
      class="icon-button is-small"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}
