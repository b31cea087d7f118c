import { effect } from '@preact/signals';
import type { App } from './app.ts';

/** The title, the icon of the tab and of the installed page say how much waits: also for who has turned off all else. */
export function showWaiting(app: App): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const plain = icon?.href ?? '';
  const marked = new URL('../favicon-waiting.svg', import.meta.url).href;
  effect(() => {
    document.title = app.title.value;
  });
  effect(() => {
    const waiting = app.waiting.value;
    const href = waiting > 0 ? marked : plain;
    if (icon && icon.href !== href) icon.href = href;
    // On plain http there is no such thing.
    if ('setAppBadge' in navigator) navigator.setAppBadge(waiting).catch(() => undefined);
  });
}
