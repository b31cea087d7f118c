import { effect } from '@preact/signals';
import type { Message } from '../../shared/events.ts';
import { KeptRooms, type KeptHello, type KeptRoom } from '../core/kept-rooms.ts';
import { KEPT_FOR } from '../core/kept-for.ts';
import { databaseRecords } from '../core/records.ts';
import type { Storage } from '../core/storage.ts';
import type { App } from './app.ts';

/** What comes in a burst is kept together. */
const QUIET_MS = 2_000;
/** A page of the history. */
const MAX_TAKEN = 50;

/** Opened when something is first read or written. */
export const keptRooms: KeptRooms = new KeptRooms(databaseRecords(() => indexedDB, 'kept'));

/** Runs something when the browser has nothing better to do. Safari does not know when that is. */
function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: QUIET_MS });
  else setTimeout(run, 1);
}

/** Keeps what is read here as it changes, for the one who reads it. */
export function keepRooms(app: App, storage: Storage, kept: KeptRooms = keptRooms): void {
  /** By room: the revision that is kept. */
  const revs = new Map<string, number>();
  let heard: Message[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function keepNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const me = app.me.peek();
    const hello = helloOf(app);
    // Without a connection there is nothing new, but what was done here and nobody has confirmed.
    if (app.link.peek() !== 'open' || !me || !hello) return;
    const news = heard;
    heard = [];
    await kept.keep(hello, takeChanged(app, revs));
    await kept.heard(
      me.id,
      news.filter(({ room }) => app.conversationOf(room) === undefined),
    );
  }

  function keepSoon(): void {
    timer ??= setTimeout(() => whenIdle(() => void keepNow()), QUIET_MS);
  }

  effect(() => {
    const me = app.me.value;
    // Not known yet, or known from here alone.
    if (me === undefined) return;
    revs.clear();
    heard = [];
    void kept.belongTo(me?.id ?? null).then((isSure) => {
      // Whoever is here by now is not to be taken for who was here before.
      if (isSure && me && app.me.peek()?.id === me.id) storage.write(KEPT_FOR, String(me.id));
    });
  });
  effect(() => {
    for (const signal of [app.rooms, app.chat, app.link]) void signal.value;
    void app.conversation.value?.rows.value;
    keepSoon();
  });
  app.keeping.onHeard = (message) => {
    heard.push(message);
    keepSoon();
  };
  document.addEventListener('visibilitychange', () => {
    // Perhaps for good.
    if (document.hidden) void keepNow();
  });
}

function helloOf({ me: { value: me }, chat: { value: chat }, rooms }: App): KeptHello | undefined {
  return me && chat ? { me, chat: { ...chat, claimable: false }, rooms: [...rooms.value] } : undefined;
}

/** The rooms of this page that are not kept as they are now. Where the newest messages are not on the page, they stay as they are. */
function takeChanged(app: App, revs: Map<string, number>): KeptRoom[] {
  const shown = app.conversation.peek()?.slug;
  const rooms: KeptRoom[] = [];
  for (const { slug } of app.rooms.peek()) {
    const { store, room } = app.conversationOf(slug) ?? {};
    const rev = store?.rev;
    if (!store || !room?.value || rev === undefined || store.hasNewer || store.isStale) continue;
    if (revs.get(slug) === rev && slug !== shown) continue;
    revs.set(slug, rev);
    rooms.push({
      room: { ...room.value, rev, lastSeq: Math.max(room.value.lastSeq, store.lastSeq) },
      messages: store.window.slice(-MAX_TAKEN).map(({ message }) => message),
      older: store.hasOlder || store.window.length > MAX_TAKEN,
    });
  }
  // The one that is looked at is the last to go.
  return rooms.sort((one, other) => Number(one.room.slug === shown) - Number(other.room.slug === shown));
}
