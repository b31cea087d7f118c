import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import {
  DEFAULT_ROOM,
  LIMITS,
  type Entered,
  type Failure,
  type Message,
  type Person,
} from '../shared/events.ts';
import { Announcer } from './core/announcer.ts';
import { Connection, type LinkState } from './core/connection.ts';
import { Draft } from './core/draft.ts';
import { Following } from './core/following.ts';
import { makeNonce } from './core/nonce.ts';
import { Outbox } from './core/outbox.ts';
import { Pager } from './core/pager.ts';
import { RoomStore } from './core/room-store.ts';
import { dayOf, layOut, type Row } from './core/rows.ts';
import { Session } from './core/session.ts';
import type { Storage } from './core/storage.ts';
import { Theme } from './theme.ts';
import type { Wire } from './core/wire.ts';

/**
 * Joins the core to the views: each thing on the screen is one signal, each thing a person can do is
 * one method. The core calls back; nothing here knows components.
 */
export class App {
  readonly me: Signal<Person | null | undefined> = signal(undefined);
  readonly roomName: Signal<string> = signal(DEFAULT_ROOM);
  readonly online: Signal<number> = signal(0);
  readonly link: Signal<LinkState> = signal('connecting');
  readonly hasEntered: Signal<boolean> = signal(false);
  /** Why the server does not let us in, if it does not. */
  readonly refusal: Signal<string | undefined> = signal(undefined);
  readonly rows: Signal<readonly Row[]> = signal([]);
  readonly hasOlder: Signal<boolean> = signal(false);
  readonly hasNewer: Signal<boolean> = signal(false);
  readonly unseen: Signal<number> = signal(0);
  readonly isFollowing: Signal<boolean> = signal(true);
  readonly text: Signal<string>;
  readonly announcement: Signal<string> = signal('');
  readonly hasNewVersion: Signal<boolean> = signal(false);
  /** The day it is, so that "Today" is true after midnight. */
  readonly today: Signal<string> = signal(dayOf(Date.now()));
  readonly title: ReadonlySignal<string>;
  readonly theme: Theme;

  readonly #wire: Wire;
  readonly #store: RoomStore;
  readonly #pager: Pager;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #session: Session;
  readonly #draft: Draft;
  readonly #following: Following;
  readonly #announcer: Announcer;
  readonly #missed: Signal<number> = signal(0);
  #isLayOutDue = false;

  constructor(wire: Wire, storage: Storage) {
    const room = DEFAULT_ROOM;
    const laterLayOut = (): void => this.#laterLayOut();
    this.#wire = wire;
    this.theme = new Theme(storage);
    this.#announcer = new Announcer((sentence) => (this.announcement.value = sentence));
    this.#following = new Following(() => this.#showFollowing());
    this.#store = new RoomStore(laterLayOut);
    this.#pager = new Pager(wire, room, this.#store);
    this.#draft = new Draft(storage, room);
    this.text = signal(this.#draft.text);
    this.title = computed(
      () => (this.#missed.value > 0 ? `(${this.#missed.value}) ` : '') + this.roomName.value,
    );
    this.#session = new Session(
      async (path, init) => fetch(path, init),
      (me) => this.#becameSomeone(me),
    );
    this.#outbox = new Outbox({
      room,
      storage,
      send: async (message) => wire.send(message),
      makeNonce: () => makeNonce((bytes) => crypto.getRandomValues(bytes)),
      now: () => Date.now(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onChange: laterLayOut,
      onConfirmed: (message) => this.#store.receive(message, this.#following.isFollowing),
      onRefused: (failure) => (this.announcement.value = `Not sent. ${failure.text}`),
    });
    this.#connection = new Connection({
      wire,
      room,
      rev: () => this.#store.rev,
      onState: (state) => this.#linkChanged(state),
      onEntered: (entered) => this.#entered(entered),
      onRefused: (failure) => this.#refused(failure),
      onMessage: (message) => this.#received(message),
      onOnline: (count) => (this.online.value = count),
      onOtherBuild: () => {
        this.hasNewVersion.value = true;
        this.#reloadIfIdle();
      },
    });
  }

  /** Connects, and watches what the browser knows about the network and the page. */
  open(): void {
    this.#connection.open();
    const awake = (): void => {
      if (document.hidden) {
        this.#draft.save();
        return;
      }
      this.#missed.value = 0;
      this.#connection.retryNow();
    };
    window.addEventListener('online', awake);
    window.addEventListener('pageshow', (event) => event.persisted && awake());
    document.addEventListener('visibilitychange', awake);
    window.addEventListener('pagehide', () => this.#draft.save());
    setInterval(() => (this.today.value = dayOf(Date.now())), 60_000);
  }

  write(text: string): void {
    this.text.value = text;
    this.#draft.write(text);
    this.#reloadIfIdle();
  }

  /** Sends what the composer holds. Returns false if there is nothing to send or it is too long. */
  send(): boolean {
    const body = this.text.value.replace(/^\s*\n/u, '').trimEnd();
    const me = this.#session.me;
    if (!me || body.trim() === '' || body.length > LIMITS.bodyChars) return false;
    this.#outbox.add(me.id, body);
    this.write('');
    this.newest();
    return true;
  }

  retry(nonce: string): void {
    this.#outbox.retry(nonce);
  }

  discard(nonce: string): void {
    this.#outbox.remove(nonce);
  }

  /** Takes a refused message back into the composer. */
  rewrite(nonce: string): void {
    const body = this.#outbox.entries.find((entry) => entry.nonce === nonce)?.body;
    if (body === undefined) return;
    this.write(this.text.value === '' ? body : `${this.text.value}\n${body}`);
    this.#outbox.remove(nonce);
  }

  /** Gives this browser a name. Answers the reason if the server refuses it. */
  async name(name: string): Promise<string | undefined> {
    const wasNobody = !this.#session.me;
    const answer = await this.#session.name(name);
    if (!answer.ok) return answer.text;
    // The socket was opened without the new cookie: open it again, so that it speaks for this person.
    if (wasNobody) this.#connection.restart();
    else this.#laterLayOut();
    return undefined;
  }

  scrolled(distanceToEndPx: number): void {
    this.#following.scrolled(distanceToEndPx, this.#store.hasNewer);
  }

  newest(): void {
    this.#following.follow();
    void this.#pager.newest();
  }

  showOlder(): void {
    void this.#pager.older();
  }

  showNewer(): void {
    void this.#pager.newer();
  }

  retryConnection(): void {
    this.#connection.retryNow();
  }

  reload(): void {
    this.#draft.save();
    this.#wire.disconnect();
    location.reload();
  }

  #entered(entered: Entered): void {
    this.refusal.value = undefined;
    this.roomName.value = entered.room.name;
    this.online.value = entered.online;
    const fresh = this.#store.enter(entered, this.#following.isFollowing);
    this.hasEntered.value = true;
    this.#session.know(entered.me);
    this.#noticed(fresh);
    // Asked for while there was no connection, perhaps.
    if (this.#following.isFollowing) void this.#pager.newest();
    if (entered.me) this.#outbox.open(entered.me.id);
  }

  #received(message: Message): void {
    const isNew = this.#store.receive(message, this.#following.isFollowing);
    if (message.nonce !== undefined) this.#outbox.remove(message.nonce);
    if (isNew) this.#noticed([message]);
  }

  /** Messages arrived that this page has not shown before. */
  #noticed(messages: readonly Message[]): void {
    const others = messages.filter((message) => message.from.id !== this.#session.me?.id);
    if (others.length === 0) return;
    this.#following.arrived(others.length);
    if (document.hidden) this.#missed.value += others.length;
    for (const message of others) this.#announcer.add(message);
  }

  #refused(failure: Failure): void {
    this.refusal.value = failure.text;
  }

  #linkChanged(state: LinkState): void {
    this.link.value = state;
    if (state !== 'open') this.#outbox.close();
  }

  #becameSomeone(me: Person | null): void {
    this.me.value = me;
    this.#laterLayOut();
  }

  #showFollowing(): void {
    this.isFollowing.value = this.#following.isFollowing;
    this.unseen.value = this.#following.unseen;
  }

  #reloadIfIdle(): void {
    if (this.hasNewVersion.value && this.text.value === '') this.reload();
  }

  /** A burst of messages costs one layout of the list for each frame. */
  #laterLayOut(): void {
    if (this.#isLayOutDue) return;
    this.#isLayOutDue = true;
    requestAnimationFrame(() => {
      this.#isLayOutDue = false;
      const unsent = this.#store.hasNewer ? [] : this.#outbox.entries;
      this.hasOlder.value = this.#store.hasOlder;
      this.hasNewer.value = this.#store.hasNewer;
      this.rows.value = layOut(this.#store, unsent, this.#session.me ?? null);
    });
  }
}
