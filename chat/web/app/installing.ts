import { effect, signal, type Signal } from '@preact/signals';
import { MANIFEST_PATH } from '../../shared/routes.ts';
import type { App } from './app.ts';

/** What Chromium gives to a page that can be installed. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** How this browser would install the page, if it would. */
export type InstallWay = 'by button' | 'by hand on iOS' | 'needs https';

const prompt: Signal<InstallPrompt | undefined> = signal(undefined);

/**
 * The manifest is named here and not in the page: reading it and its icons is none of what a first picture has to wait
 * for, and nothing can be offered before somebody listens.
 */
export function offerInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    // It is offered in the settings, and not over the conversation.
    event.preventDefault();
    prompt.value = event as InstallPrompt;
  });
  window.addEventListener('appinstalled', () => (prompt.value = undefined));
  const icon = link('apple-touch-icon', '/apple-touch-icon.png');
  document.head.append(link('manifest', MANIFEST_PATH), icon);
}

/** The icon of the installed page says how much waits, as that of the tab does (`badge.ts`). Zero takes it away. */
export function badgeApp(app: App): void {
  // On plain http there is no such thing.
  if (!('setAppBadge' in navigator)) return;
  effect(() => {
    navigator.setAppBadge(app.waiting.value).catch(() => undefined);
  });
}

/** Undefined where it is installed already, or cannot be. */
export function installWay(): InstallWay | undefined {
  if (matchMedia('(display-mode: standalone)').matches) return undefined;
  if (prompt.value) return 'by button';
  if (!isSecureContext) return 'needs https';
  // Only Safari on iOS has this at all; it is true for pages on the home screen.
  return (navigator as { standalone?: boolean }).standalone === false ? 'by hand on iOS' : undefined;
}

/** A prompt is good for once. */
export async function install(): Promise<void> {
  const given = prompt.value;
  prompt.value = undefined;
  await given?.prompt();
}

function link(rel: string, href: string): HTMLLinkElement {
  return Object.assign(document.createElement('link'), { rel, href });
}
