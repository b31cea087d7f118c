import type { App } from './app.ts';

/** Whether this browser would show notifications, and if not, why not. */
export type DesktopState = 'allowed' | 'to be asked' | 'denied' | 'needs https' | 'unknown here';

export function desktopState(): DesktopState {
  // Checked first: on plain http browsers have `Notification`, and say "denied" without ever asking.
  if (!isSecureContext) return 'needs https';
  if (!('Notification' in window)) return 'unknown here';
  const { permission } = Notification;
  return permission === 'granted' ? 'allowed' : permission === 'default' ? 'to be asked' : 'denied';
}

export interface Notice {
  room: string;
  title: string;
  body: string;
  onClick: () => void;
}

/** By room: a newer one takes the place of the one before. */
const shown = new Map<string, Notification>();

/** False if this browser cannot: those of phones let only service workers do it. */
export function showNotice({ room, title, body, onClick }: Notice): boolean {
  let notice: Notification;
  try {
    notice = new Notification(title, { body, tag: `room ${room}`, silent: true });
  } catch {
    return false;
  }
  shown.set(room, notice);
  notice.addEventListener('click', () => {
    window.focus();
    notice.close();
    onClick();
  });
  notice.addEventListener('close', () => {
    if (shown.get(room) === notice) shown.delete(room);
  });
  return true;
}

/** What was read, here or elsewhere, needs no notice any more. */
export function closeNoticesOfRead(app: App): void {
  app.rooms.subscribe((rooms) => {
    for (const [room, notice] of shown) {
      if (rooms.find(({ slug }) => slug === room)?.unread === 0) notice.close();
    }
  });
}
