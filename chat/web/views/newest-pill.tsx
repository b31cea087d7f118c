import type { VNode } from 'preact';
import type { App } from '../app.ts';
import { DownIcon } from './icons.tsx';

/** While reading further up: how much arrived, and the way back to the newest. */
export function NewestPill({ app }: { app: App }): VNode | null {
  if (app.isFollowing.value) return null;
  const unseen = app.unseen.value;
  const label = unseen === 0 ? 'Newest' : `${unseen} new ${unseen === 1 ? 'message' : 'messages'}`;
  return (
    <button type="button" class={unseen === 0 ? 'pill' : 'pill has-unseen'} onClick={() => app.newest()}>
      {label}
      <DownIcon />
    </button>
  );
}
