import type { VNode } from 'preact';
import type { App } from '../app.ts';

/** One line above the composer, only when there is something to know. */
export function Banner({ app }: { app: App }): VNode | null {
  if (app.refusal.value !== undefined) {
    return <Line text={app.refusal.value} action="Try again" onAction={() => app.retryConnection()} />;
  }
  if (app.link.value === 'down' && app.hasEntered.value) {
    const text = app.me.value
      ? 'Reconnecting… messages you send will go out when back.'
      : 'Reconnecting… new messages will appear when back.';
    return <Line text={text} action="Retry now" onAction={() => app.retryConnection()} />;
  }
  if (app.hasNewVersion.value) {
    return <Line text="A new version is ready." action="Reload" onAction={() => app.reload()} />;
  }
  return null;
}

function Line({ text, action, onAction }: { text: string; action: string; onAction: () => void }): VNode {
  return (
    <div class="banner" role="status">
      <span class="banner-dot" aria-hidden="true" />
      <span class="banner-text">{text}</span>
      <button type="button" class="plain" onClick={onAction}>
        {action}
      </button>
    </div>
  );
}
