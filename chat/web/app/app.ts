import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import {
  DEFAULT_ROOM,
  type ChatInfo,
  type Failure,
  type Hello,
  type Me,
  type Message,
  type MyRoom,
  type ReadState,
  type Room,
} from '../../shared/events.ts';
import type { Boot } from '../../shared/boot.ts';
import { canComeBack } from '../../shared/come-back.ts';
import { Account } from '../core/account.ts';
import { isoDay } from '../core/calendar.ts';
import { Connection, type LinkState } from '../core/connection.ts';
import { Drafts } from '../core/drafts.ts';
import { KEPT_FOR } from '../core/kept-for.ts';
import type { Outbox } from '../core/outbox.ts';
import { People } from '../core/people.ts';
import { countAllWaiting, RoomList } from '../core/room-list.ts';
import { Standpoints } from '../core/standpoints.ts';
import type { Storage } from '../core/storage.ts';
import { OwnTyping, Typing } from '../core/typing.ts';
import type { AnswerOf, AskName, AskOf, Wire } from '../core/wire.ts';
import { t } from '../words/words.ts';
import { Aloud } from './announce.ts';
import type { AppOptions, PageWindow } from './app-options.ts';
import { Composing } from './composing.ts';
import { Conversation } from './conversation.ts';
import { Conversations } from './conversations.ts';
import type { Dialog } from './dialog.ts';
import { NO_CONNECTION, withWords } from './explain.ts';
import { Keeping } from './keeping.ts';
import { Members } from './members.ts';
import { MessageActions } from './message-actions.ts';
import { takeNews } from './news.ts';
import { Places } from './places.ts';
import { Reading } from './reading.ts';
import { reloadIfIdle } from './reloading.ts';
import { RoomActions } from './room-actions.ts';
import { Search } from './search.ts';
import { makeOutbox, Sending } from './sending.ts';
import type { Settings } from './settings.ts';
import { Toasts } from './toasts.ts';
import { titleOf } from './title.ts';
import { watch } from './watch.ts';

export const LAST_ROOM = 'last-room';

/**
 * Joins the core to the views: each thing on the screen is a signal, each thing a person can do is a method. The core
 * calls back; nothing here knows components.
 */
export class App {
  /** Undefined until the server has said; null for who has not given a name. */
  readonly me: Signal<Me | null | undefined> = signal(undefined);
  readonly chat: Signal<ChatInfo | undefined> = signal(undefined);
  readonly rooms: Signal<readonly MyRoom[]> = signal([]);
  readonly conversation: Signal<Conversation | undefined> = signal(undefined);
  readonly online: Signal<ReadonlySet<number>> = signal(new Set());
  readonly link: Signal<LinkState> = signal('connecting');
  /** Why the server does not let us in at all, if it does not. */
  readonly refusal: Signal<Failure | undefined> = signal(undefined);
  readonly announcement: Signal<string> = signal('');
  readonly hasNewVersion: Signal<boolean> = signal(false);
  readonly dialog: Signal<Dialog | null> = signal(null);
  /** Raised when somebody begins or stops to write. */
  readonly typingChanged: Signal<number> = signal(0);
  readonly draftRooms: Signal<ReadonlySet<string>> = signal(new Set());
  /** The day it is, so that "Today" is true after midnight. */
  readonly today: Signal<string> = signal(isoDay(Date.now()));
  readonly waiting: ReadonlySignal<number> = computed(() => countAllWaiting(this.rooms.value));
  readonly title: ReadonlySignal<string> = computed(() => titleOf(this));

  readonly places: Places;
  readonly toasts: Toasts = new Toasts();
  readonly settings: Settings;
  readonly people: People;
  readonly typing: Typing;
  readonly composing: Composing;
  readonly account: Account;
  readonly messages: MessageActions = new MessageActions(this);
  readonly roomActions: RoomActions = new RoomActions(this);
  readonly members: Members;
  readonly keeping: Keeping;
  readonly search: Search;
  readonly sending: Sending;
  readonly outbox: Outbox;
  readonly wire: Wire;

  /** Rooms that were muted for a time may be loud again. */
  readonly wakeRooms: () => void = () => this.#list.wake();
  readonly #window: PageWindow;
  readonly #storage: Storage;
  readonly #list: RoomList;
  readonly #connection: Connection;
  readonly #drafts: Drafts;
  readonly #aloud = new Aloud(this);
  readonly #reading = new Reading(this);
  readonly #conversations = new Conversations((slug) => this.#makeConversation(slug));
  /** The room that nobody asked for: where one was last. */
  #guessed: string | undefined;

  constructor({ window, wire, storage, session, shelf, settings }: AppOptions) {
    const laterLayOut = (): void => this.conversation.value?.laterLayOut();
    this.wire = wire;
    this.#window = window;
    this.places = new Places(window, new Standpoints(session), () => this.conversation.value?.left);
    this.settings = settings;
    this.#storage = storage;
    this.people = new People(() => {
      laterLayOut();
      this.rooms.value = this.#list.rooms;
    });
    this.#list = new RoomList(
      () => (this.rooms.value = this.#list.rooms),
      (room) => this.#reading.recount(room),
    );
    this.typing = new Typing(() => this.typingChanged.value++);
    this.#drafts = new Drafts(storage, () => (this.draftRooms.value = this.#drafts.rooms));
    this.composing = new Composing({
      drafts: this.#drafts,
      typing: new OwnTyping((room) => wire.tellTyping(room), Date.now),
    });
    this.account = new Account(async (path, init) => fetch(path, init), withWords);
    this.members = new Members(this);
    this.keeping = new Keeping(this);
    this.search = new Search(this);
    this.sending = new Sending(this);
    this.outbox = makeOutbox(wire, shelf, {
      onChange: laterLayOut,
      onConfirmed: (message) => this.#confirmed(message),
      onRefused: ({ nonce }, failure) => this.sending.refused(nonce, failure),
      onLost: (count) => void this.sending.lost(count),
    });
    this.#connection = new Connection({
      wire,
      held: () => this.#conversations.revisions(),
      onState: (state) => this.#linkChanged(state),
      onHello: (hello) => this.#greeted(hello),
      onEntered: (room, entered) => {
        this.people.learn(entered.messages.map(({ from }) => from));
        this.outbox.saw(entered.messages);
        this.#aloud.arrived(this.#conversations.find(room)?.entered(entered) ?? []);
      },
      onRefused: (room, failure) => {
        if (room === null) this.refusal.value = failure;
        else this.#refusedRoom(room, failure);
      },
      onMessage: (message) => this.receive(message),
      onNews: (event, news) => takeNews(this, event, news),
      onOtherBuild: () => {
        this.hasNewVersion.value = true;
        reloadIfIdle(this);
      },
    });
  }

  /** Shows the page, and connects. `boot`: what is known before that. */
  open(boot?: Boot): void {
    this.show(boot);
    this.connect(boot?.hello.build);
  }

  /** Goes to what the address names. `boot`: what is known before there is a connection. */
  show(boot?: Boot): void {
    if (boot) this.#greeted(boot.hello);
    this.places.place.subscribe(() => this.#placeChanged());
    if (boot?.entered) {
      // Drawn before it is entered.
      this.people.learn(boot.entered.messages.map(({ from }) => from));
      this.#conversations.find(boot.entered.room.slug)?.preview(boot.entered);
    }
  }

  /** Watches network and page from now on. `build`: of the server that the page came from, if known. */
  connect(build?: string): void {
    void this.outbox.restore();
    this.#connection.open(build);
    watch(this);
  }

  /** Before the page goes away, perhaps for good. */
  save(): void {
    this.#drafts.save();
    this.places.remember();
  }

  /** Asks the server. Without a connection the answer is a failure as well. */
  async ask<E extends AskName>(event: E, ask: AskOf<E>): Promise<AnswerOf<E> | Failure> {
    try {
      return await withWords(await this.wire.ask(event, ask));
    } catch {
      return NO_CONNECTION;
    }
  }

  myRoom(slug: string): MyRoom | undefined {
    return this.#list.find(slug);
  }

  conversationOf(slug: string): Conversation | undefined {
    return this.#conversations.find(slug);
  }

  receive(message: Message): void {
    this.people.learn([message.from]);
    const isNews = this.#list.heard(message);
    this.typing.over(message.room, message.from.id);
    const isNew = this.#conversations.find(message.room)?.receive(message) ?? false;
    this.outbox.saw([message]);
    this.keeping.changed(message);
    if (isNew) this.#aloud.arrived([message]);
    if (isNews) this.#aloud.news(message);
  }

  joined(room: MyRoom): void {
    this.#list.joined(room);
    this.roomChanged(room);
    if (this.#conversations.find(room.slug)?.refusal.value) this.#connection.enter(room.slug);
  }

  left(slug: string): void {
    const isPublic = this.#list.find(slug)?.kind === 'public';
    this.#list.left(slug);
    this.#conversations.drop(slug);
    if (this.conversation.value?.slug === slug) this.places.toRoom(DEFAULT_ROOM, null, 'replace');
    this.#forgetRoom(slug);
    if (!isPublic) this.outbox.forget((entry) => entry.room === slug && entry.by === this.me.value?.id);
  }

  roomChanged(room: Room): void {
    this.#list.changed(room);
    const conversation = this.#conversations.find(room.slug);
    if (conversation) conversation.room.value = { ...conversation.room.value, ...room };
  }

  wasRead(state: ReadState): void {
    this.#list.read(state);
    this.#conversations.find(state.room)?.wasRead(state.read);
  }

  /** Who one is has changed by HTTP: a socket that was opened without the new cookie is opened again. */
  becameSomeone(me: Me | null): void {
    const isOther = me?.id !== this.me.value?.id || me?.role !== this.me.value?.role;
    if (isOther) this.#connection.restart();
    else this.conversation.value?.laterLayOut();
    this.#became(me);
  }

  /** This session is over. Not when that was done here: the answer says who one is then. */
  signedOut(): void {
    if (this.account.isBusy) return;
    this.#became(null);
    this.toasts.say(t('signedOutElsewhere'));
  }

  /** The settings have an address of their own, and leave it when they close. */
  closeDialog(): void {
    this.dialog.value = null;
    const slug = this.conversation.value?.slug;
    if (this.places.place.value.page === 'settings' && slug !== undefined) this.places.toRoom(slug);
  }

  retryConnection(): void {
    this.#connection.retryNow();
  }

  #became(me: Me | null): void {
    const before = this.me.value;
    if (this.#storage.read(KEPT_FOR) !== String(me?.id)) this.#storage.remove(KEPT_FOR);
    batch(() => {
      this.me.value = me;
      if (before && before.id !== me?.id) this.#forget(before);
      this.composing.belongTo(me?.id ?? null);
      this.outbox.belongTo(me?.id ?? null);
      if (me) this.people.learn([me]);
    });
  }

  /**
   * Nothing of who was here before is left for who is here now, neither on the page nor in the browser. But what was not
   * sent yet waits for its author, who alone sees and sends it; a guest without a password never comes back for it.
   */
  #forget(before: Me): void {
    if (!canComeBack(before)) this.outbox.forget(({ by }) => by === before.id);
    this.#conversations.clear();
    this.conversation.value = undefined;
    this.#list.replace([], undefined);
    this.online.value = new Set();
    for (const part of [this.people, this.typing, this.members, this.search, this.#aloud]) part.forget();
    this.toasts.dismiss();
    this.dialog.value = null;
    this.#storage.remove(LAST_ROOM);
    this.places.forget();
    const { page } = this.places.place.value;
    if (page !== 'invite' && page !== 'claim' && page !== 'sign-in') {
      this.places.panel.value = null;
      this.places.toRoom(DEFAULT_ROOM, null, 'replace');
    }
  }

  #forgetRoom(slug: string): void {
    this.#drafts.write(slug, { text: '' });
    if (this.#storage.read(LAST_ROOM) === slug) this.#storage.remove(LAST_ROOM);
  }

  #greeted({ me, chat, rooms, online }: Hello): void {
    this.refusal.value = undefined;
    this.chat.value = chat;
    this.#became(me);
    this.online.value = new Set(online);
    for (const room of rooms) if (room.people) this.people.learn(room.people);
    const readHere = new Map(this.#list.rooms.map(({ slug, read }) => [slug, read]));
    const slugs = new Set(rooms.map(({ slug }) => slug));
    for (const slug of readHere.keys()) if (!slugs.has(slug)) this.left(slug);
    this.#drafts.keepIn(slugs);
    this.#list.replace(rooms, me?.id);
    // What was read without a connection.
    for (const { slug, read } of rooms) {
      const seq = readHere.get(slug) ?? 0;
      if (seq > read) this.#readUpTo(slug, seq);
      const conversation = this.#conversations.find(slug);
      if (conversation) conversation.room.value = this.#list.find(slug);
    }
  }

  #confirmed(message: Message): void {
    const conversation = this.#conversations.find(message.room);
    conversation?.receive(message);
    conversation?.wasRead(message.seq);
    this.#list.heard(message);
    this.#list.readUpTo(message.room, message.seq);
  }

  #refusedRoom(slug: string, failure: Failure): void {
    if (failure.code === 'no such room') this.#forgetRoom(slug);
    if (slug === this.#guessed && this.conversation.value?.slug === slug && slug !== DEFAULT_ROOM)
      this.places.toRoom(DEFAULT_ROOM, null, 'replace');
    if (this.conversation.value?.slug === slug) this.conversation.value.refused(failure);
    else this.#conversations.drop(slug);
  }

  #linkChanged(state: LinkState): void {
    this.link.value = state;
    const me = this.me.value;
    if (state === 'open' && me) this.outbox.open(me.id);
    else this.outbox.close();
  }

  #placeChanged(): void {
    const place = this.places.place.value;
    if (place.page === 'settings') this.dialog.value = { kind: 'settings' };
    else if (this.dialog.value?.kind === 'settings') this.dialog.value = null;
    if (place.page === 'search') this.places.panel.value = 'search';
    if (place.page === 'room') this.#show(place.room, place.seq);
    else if (place.page === 'home') {
      this.#guessed = this.#storage.read(LAST_ROOM) ?? DEFAULT_ROOM;
      this.places.toRoom(this.#guessed, null, 'replace');
    } else if (!this.conversation.value && !('code' in place)) {
      this.#show(this.#storage.read(LAST_ROOM) ?? DEFAULT_ROOM, null);
    }
  }

  #show(slug: string, seq: number | null): void {
    const before = this.conversation.value;
    if (before && before.slug !== slug) before.hide();
    const isKnown = this.#conversations.find(slug) !== undefined;
    const conversation = this.#conversations.open(slug);
    this.composing.enter(slug);
    conversation.show(seq, this.places.left);
    this.conversation.value = conversation;
    this.#storage.write(LAST_ROOM, slug);
    if (!isKnown || conversation.refusal.value) this.#connection.enter(slug);
  }

  #makeConversation(slug: string): Conversation {
    return new Conversation({
      slug,
      wire: this.wire,
      outbox: this.outbox,
      people: this.people,
      me: () => this.me.value ?? null,
      myRoom: () => this.#list.find(slug),
      onRead: (room, seq) => this.#readUpTo(room, seq),
      onElsewhere: () => this.toasts.say(t('messageElsewhere')),
      isNarrow: () => this.places.isNarrow.value,
      nextFrame: (draw) => this.#window.requestAnimationFrame(draw),
    });
  }

  #readUpTo(room: string, seq: number): void {
    this.#list.readUpTo(room, seq);
    void this.#reading.tell(room, seq);
  }
}
