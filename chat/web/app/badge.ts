import { effect } from '@preact/signals';
import type { App } from './app.ts';

/** The colour of the chat. The title and the icon of the tab say how much waits, also for who has turned off all else. `installing.ts` does it for apps. */
export function showWaiting(app: App): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const plain = icon?.href ?? '';
  const marked = new URL('../favicon-waiting.svg', import.meta.url).href;
  effect(() => {
    document.title = app.title.value;
  });
  effect(() => {
    const accent = app.chat.value?.accent;
    if (accent) document.documentElement.dataset['accent'] = accent;
  });
  effect(() => {
    const href = app.waiting.value > 0 ? marked : plain;
    if (icon && icon.href !== href) icon.href = href;
  });
}
