import { isoDay } from '../core/calendar.ts';
import type { App } from './app.ts';
import { reloadIfIdle } from './reloading.ts';

/** Watches what the browser knows about the network, the page and the time. */
export function watch(app: App): void {
  const awake = (): void => {
    if (document.hidden) {
      app.save();
      reloadIfIdle(app);
    } else {
      app.retryConnection();
    }
  };
  window.addEventListener('online', awake);
  window.addEventListener('pageshow', (event) => event.persisted && awake());
  document.addEventListener('visibilitychange', awake);
  window.addEventListener('pagehide', () => app.save());
  setInterval(() => {
    app.today.value = isoDay(Date.now());
    app.wakeRooms();
  }, 60_000);
}
