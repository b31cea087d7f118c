import { WORKER_PATH } from '../../shared/routes.ts';
import type { App } from './app.ts';

/** Browsers that have it let scripts be named by a policy only; this one names a single script. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(url: string): string };
}

/** Where a browser refuses (private windows of some), the page is as good as before. */
export async function startWorker(app: App): Promise<void> {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('sw', { createScriptURL: () => WORKER_PATH });
  const path = policy?.createScriptURL(WORKER_PATH) ?? WORKER_PATH;
  try {
    const registration = await navigator.serviceWorker.register(path, { updateViaCache: 'none' });
    // Browsers look for a newer one after each visit, when they find the time; this one is looked for now, and again
    // before the page reloads for it.
    app.hasNewVersion.subscribe(() => void registration.update().catch(() => undefined));
  } catch {
    // Nothing depends on it.
  }
}

/** And what it has kept. */
export async function endWorker(): Promise<void> {
  try {
    await (await navigator.serviceWorker.getRegistration())?.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  } catch {
    // There was none.
  }
}
