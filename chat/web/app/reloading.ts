import type { App } from './app.ts';

export function reload(app: App): void {
  app.save();
  app.wire.disconnect();
  location.reload();
}

/** A new version comes when nobody is in the middle of something. */
export function reloadIfIdle(app: App): void {
  if (app.hasNewVersion.value && document.hidden && app.composing.text.value === '') reload(app);
}
