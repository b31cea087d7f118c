import { signal, type Signal } from '@preact/signals';
import type { Entered, Failure, Me, Message, MyRoom, Room } from '../../shared/events.ts';
import { countFirstRows } from '../core/first-rows.ts';
import { Following } from '../core/following.ts';
import type { Outbox } from '../core/outbox.ts';
import { Pager } from '../core/pager.ts';
import type { People } from '../core/people.ts';
import { ReadPointer } from '../core/read-pointer.ts';
import { RoomStore } from '../core/room-store.ts';
import { layOut, type Row } from '../core/rows.ts';
import type { Left, Standpoint } from '../core/standpoints.ts';
import type { Wire } from '../core/wire.ts';

/** Where the list shall stand as soon as that row is there. */
export type Aim =
  | { kind: 'end' }
  | { kind: 'divider' }
  | { kind: 'seq'; seq: number; marks: boolean }
  | { kind: 'stand'; at: Standpoint };

const ROWS_ABOVE_DIVIDER = 5;

export interface ConversationOptions {
  slug: string;
  wire: Wire;
  outbox: Outbox;
  people: People;
  me: () => Me | null;
  /** What is known of the room from the list, if I am in it. */
  myRoom: () => MyRoom | undefined;
  onRead: (room: string, seq: number) => void;
  /** The message that was asked for is not there: the nearest one is shown. */
  onElsewhere: () => void;
  /** Whether there is one column. */
  isNarrow: () => boolean;
  nextFrame: (draw: () => void) => void;
}

/** One room that was opened on this page: its messages, the window of them on the screen, and where one stands in it. */
export class Conversation {
  readonly slug: string;
  readonly room: Signal<Room | undefined>;
  readonly hasEntered: Signal<boolean> = signal(false);
  /** Why the server does not let us in. */
  readonly refusal: Signal<Failure | undefined> = signal(undefined);
  readonly rows: Signal<readonly Row[]> = signal([]);
  readonly hasOlder: Signal<boolean> = signal(false);
  readonly hasNewer: Signal<boolean> = signal(false);
  readonly unseen: Signal<number> = signal(0);
  /** Whether one of the unseen mentions me. */
  readonly unseenMention: Signal<boolean> = signal(false);
  readonly isFollowing: Signal<boolean> = signal(true);
  readonly aim: Signal<Aim | null> = signal({ kind: 'end' });
  /** The first row in sight, told by the list. */
  standpoint: Standpoint | undefined;
  readonly store: RoomStore;

  readonly #options: ConversationOptions;
  readonly #pager: Pager;
  readonly #following: Following;
  readonly #pointer: ReadPointer;
  #dividerAfter: number | null = null;
  #wanted: number | null = null;
  #stand: Standpoint | undefined;
  #isShown = false;
  #isLayOutDue = false;
  /** Nothing is drawn while the page to begin with is on its way: the list shall not move twice. */
  #isAiming = false;

  constructor(options: ConversationOptions) {
    const { slug, wire, onRead } = options;
    this.slug = slug;
    this.#options = options;
    this.room = signal(options.myRoom());
    this.store = new RoomStore(() => this.laterLayOut());
    this.#pager = new Pager(wire, slug, this.store);
    this.#following = new Following(() => this.#showFollowing());
    this.#pointer = new ReadPointer(options.myRoom()?.read ?? 0, (seq) => onRead(slug, seq));
  }

  /**
   * Comes onto the screen. `seq`: the message that the address names. `left`: how this entry of the history was left, which
   * counts for more. Shown again while it is on the screen, it is not opened anew: a panel or the settings have closed.
   */
  show(seq: number | null, left?: Left): void {
    const my = this.#options.myRoom();
    const isAgain = this.#isShown;
    const back = left?.room === this.slug ? left.at : undefined;
    this.#isShown = true;
    this.#wanted = back === undefined ? seq : null;
    if (back === null) this.#following.follow();
    if (!isAgain) {
      if (my) this.#pointer.release(my.read);
      this.#dividerAfter = my && my.unread > 0 ? my.read : null;
    }
    const isFresh = !isAgain && this.#wanted === null && this.#dividerAfter === null;
    this.#stand = back ?? (isFresh && !this.#following.isFollowing ? this.standpoint : undefined);
    if (this.store.isStale) void this.#pager.reread();
    if (this.hasEntered.value) this.#takeAim(isAgain);
    if (!this.#isAiming) this.#layOut();
  }

  /** How it is left, if that is to be found again. */
  get left(): Left | undefined {
    if (!this.hasEntered.value) return undefined;
    if (this.#following.isFollowing) return { room: this.slug, at: null };
    return this.standpoint && { room: this.slug, at: this.standpoint };
  }

  hide(): void {
    this.#isShown = false;
    this.#pointer.see(null);
  }

  /**
   * Takes the newest page as it was a moment ago, to draw it before the room is entered: unless something else is to be
   * shown first, which would have to be fetched.
   */
  preview(entered: Entered): void {
    const { messages, room } = entered;
    const from = 'read' in room && room.unread > 0 ? room.read + 1 : room.lastSeq;
    const firstSeq = messages[0]?.seq ?? room.lastSeq + 1;
    const start = this.#stand?.seq ?? this.#wanted ?? from;
    if (start > room.lastSeq || (start < firstSeq && entered.older)) return;
    this.entered(entered);
    if (this.#isAiming) return;
    const unread = this.#dividerAfter === null ? 0 : room.lastSeq - this.#dividerAfter;
    this.store.showLast(
      Math.max(countFirstRows(messages, this.#options.isNarrow()), unread + ROWS_ABOVE_DIVIDER),
    );
    // At once: the page shall be drawn with it.
    this.#layOut();
  }

  /** Takes the answer of `enter`. Returns the messages that are new to this page. */
  entered(entered: Entered): readonly Message[] {
    const isFirst = !this.hasEntered.value;
    this.room.value = entered.room;
    this.refusal.value = undefined;
    const fresh = this.store.enter(entered, this.#following.isFollowing);
    this.hasEntered.value = true;
    if (isFirst) {
      const my = 'read' in entered.room ? entered.room : undefined;
      if (my && this.#dividerAfter === null && my.unread > 0) this.#dividerAfter = my.read;
      if (my) this.#pointer.release(my.read);
      this.#takeAim(false);
    } else if (this.store.isStale) {
      void this.#pager.reread();
    } else if (this.#following.isFollowing) {
      // Asked for while there was no connection, perhaps.
      void this.#pager.newest();
    }
    return fresh;
  }

  /** The server does not let us in, or not any more: nothing of it stays. */
  refused(failure: Failure): void {
    this.refusal.value = failure;
    this.room.value = undefined;
    this.hasEntered.value = false;
    this.#dividerAfter = null;
    this.standpoint = undefined;
    this.store.clear();
    this.#following.follow();
    this.#layOut();
  }

  receive(message: Message): boolean {
    return this.store.receive(message, this.#following.isFollowing || !this.#isShown);
  }

  /** Others said something that this page has not shown before. */
  arrived(count: number, mentionsMe: boolean): void {
    if (this.#isShown) this.#following.arrived(count, mentionsMe);
  }

  /** Read elsewhere. */
  wasRead(seq: number): void {
    this.#pointer.advance(seq);
  }

  /** The last row in sight, or null if nobody looks. */
  see(seq: number | null): void {
    const my = this.#isShown ? this.#options.myRoom() : undefined;
    // A mention that an edit put further up counts until the end is seen again.
    if (my && my.mentions > 0 && seq === my.lastSeq && seq <= my.read) this.#pointer.release(seq - 1);
    this.#pointer.see(my ? seq : null);
  }

  markUnreadFrom(seq: number): void {
    this.#pointer.holdAt(seq - 1);
    this.#dividerAfter = seq - 1;
    this.laterLayOut();
  }

  get hasDivider(): boolean {
    return this.#dividerAfter !== null;
  }

  /** Who says so has seen what is new. */
  dropDivider(): void {
    this.#dividerAfter = null;
    this.#pointer.release(this.#pointer.read);
    this.laterLayOut();
  }

  scrolled(distanceToEndPx: number): void {
    this.#following.scrolled(distanceToEndPx, this.store.hasNewer);
  }

  /** The list is read further up: a row there has the focus. */
  stopFollowing(): void {
    this.#following.scrolled(Infinity, true);
  }

  /** To the end, because somebody wants to: what was marked unread from some place on is read there. */
  newest(): void {
    this.#pointer.release(this.#pointer.read);
    this.#toNewest();
  }

  #toNewest(): void {
    this.#following.follow();
    this.aim.value = { kind: 'end' };
    void this.#pager.newest();
  }

  async jumpTo(seq: number, marks = true): Promise<void> {
    const focus = await this.#pager.jump({ around: seq });
    if (focus !== undefined && focus !== seq) this.#options.onElsewhere();
    if (typeof focus === 'number') this.#aimAt(focus, marks);
  }

  /** Answers what is there: the time of the message that is shown, or null if the room is empty. */
  async jumpToDate(at: number): Promise<number | null> {
    const focus = await this.#pager.jump({ at });
    if (typeof focus !== 'number') return null;
    this.#aimAt(focus, true);
    return this.store.find(focus)?.at ?? null;
  }

  async jumpToFirst(): Promise<void> {
    const focus = await this.#pager.jump({ after: 0 });
    if (typeof focus === 'number') this.#aimAt(focus, false);
  }

  async jumpToLastRead(): Promise<void> {
    const read = this.#options.myRoom()?.read ?? this.#pointer.read;
    // It need not be a message that is there.
    const focus = await this.#pager.jump({ around: Math.max(1, this.#dividerAfter ?? read) });
    if (typeof focus === 'number') this.#aimAt(focus, true);
  }

  showOlder(): void {
    void this.#pager.older();
  }

  showNewer(): void {
    void this.#pager.newer();
  }

  /** A burst of messages costs one layout of the list for each frame. */
  laterLayOut(): void {
    if (this.#isLayOutDue || !this.#isShown) return;
    this.#isLayOutDue = true;
    this.#options.nextFrame(() => {
      this.#isLayOutDue = false;
      if (this.#isShown && !this.#isAiming) this.#layOut();
    });
  }

  #layOut(): void {
    const { outbox, people, me } = this.#options;
    this.hasOlder.value = this.store.hasOlder;
    this.hasNewer.value = this.store.hasNewer;
    this.rows.value = layOut({
      window: this.store.window,
      unsent: this.store.hasNewer ? [] : outbox.in(this.slug),
      people,
      me: me(),
      dividerAfter: this.#dividerAfter,
    });
  }

  /** Decides where an opened room begins: at the named message, at the unread, where one was, or at its end. */
  #takeAim(isAgain: boolean): void {
    const [wanted, stand, divider] = [this.#wanted, this.#stand, this.#dividerAfter];
    if (stand !== undefined) {
      void this.#aimBy(async () => this.#aimAtStand(stand));
    } else if (wanted !== null) {
      void this.#aimBy(async () => this.jumpTo(wanted));
    } else if (divider !== null && !isAgain) {
      if (this.store.covers(divider + 1) || this.store.firstSeq <= 1) this.#aimAtDivider();
      else
        void this.#aimBy(async () => {
          await this.#pager.jump({ around: divider });
          this.#aimAtDivider();
        });
    } else if (this.#following.isFollowing) {
      this.#toNewest();
    }
  }

  async #aimAtStand({ seq, top }: Standpoint): Promise<void> {
    const focus = await this.#pager.jump({ around: seq });
    if (typeof focus !== 'number') return;
    this.stopFollowing();
    this.aim.value = { kind: 'stand', at: { seq: focus, top } };
  }

  async #aimBy(jump: () => Promise<void>): Promise<void> {
    this.#isAiming = true;
    await jump();
    this.#isAiming = false;
    this.laterLayOut();
  }

  #aimAtDivider(): void {
    if (this.store.hasNewer) this.stopFollowing();
    this.aim.value = { kind: 'divider' };
  }

  #aimAt(seq: number, marks: boolean): void {
    this.stopFollowing();
    this.aim.value = { kind: 'seq', seq, marks };
    this.laterLayOut();
  }

  #showFollowing(): void {
    this.isFollowing.value = this.#following.isFollowing;
    this.unseen.value = this.#following.unseen;
    this.unseenMention.value = this.#following.mentionsMe;
  }
}
