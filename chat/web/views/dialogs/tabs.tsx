import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { stepInLine } from '../step-in-line.ts';

interface Tab {
  readonly name: string;
  readonly label: string;
  readonly page: () => ComponentChildren;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  /** Which is open at first, if not the first of them. */
  first?: string | undefined;
}

/** Pages of which one is seen. The arrows move between their names, Tab goes into the page. */
export function Tabs({ label, tabs, first }: Props): VNode {
  const id = useId();
  const open = useSignal(first ?? tabs[0]?.name);
  const names = useRef<HTMLDivElement>(null);
  // On a phone there may be more names than fit.
  useEffect(() => {
    names.current
      ?.querySelector('[aria-selected=true]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open.value]);
  const index = tabs.findIndex(({ name }) => name === open.value);
  const move = (event: KeyboardEvent): void => {
    const step = stepInLine(event);
    if (step === undefined) return;
    event.preventDefault();
    open.value = tabs[(index + step + tabs.length) % tabs.length]?.name;
    const element = event.currentTarget as HTMLElement;
    requestAnimationFrame(() => element.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
  };
  return (
    <>
      <div class="tabs" role="tablist" ref={names} aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={id + tab.name}
            type="button"
            class="tab"
            role="tab"
            aria-selected={tab.name === open.value}
            aria-controls={`${id}page`}
            tabIndex={tab.name === open.value ? 0 : -1}
            onClick={() => (open.value = tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${id}page`} class="tab-page" role="tabpanel" aria-labelledby={`${id}${open.value ?? ''}`}>
        {tabs[index]?.page()}
      </div>
    </>
  );
}
