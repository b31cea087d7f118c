import { dayOf } from '../core/rows.ts';
import type { App } from './app.ts';

/** Watches what the browser knows about the network, the page and the time. */
export function watch(app: App): void {
  const awake = (): void => {
    if (document.hidden) {
      app.save();
      app.reloadIfIdle();
    } else {
      app.retryConnection();
    }
  };
  window.addEventListener('online', awake);
  window.addEventListener('pageshow', (event) => event.persisted && awake());
  document.addEventListener('visibilitychange', awake);
  window.addEventListener('pagehide', () => app.save());
  setInterval(() => {
    app.today.value = dayOf(Date.now());
    app.wakeRooms();
  }, 60_000);
}
