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
    // What the server has now is fetched before this page reloads.
    app.hasNewVersion.subscribe((hasNew) => {
      if (hasNew) registration.update().catch(() => undefined);
    });
  } catch {
    // Nothing depends on it.
  }
}
