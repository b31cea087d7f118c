import { LIMITS, type Message, type MyRoom, type ReadState, type Room } from '../../shared/events.ts';

/** The rooms that I am in, and what waits in each: kept right by every message, here and on my other devices. */
export class RoomList {
  readonly #onChange: () => void;
  readonly #recount: (room: string) => void;
  /** The unread messages that were deleted: they count again when they are restored. */
  readonly #deleted = new Set<string>();
  readonly #rooms = new Map<string, MyRoom>();
  /** By room: the newest message that is no news any more. */
  readonly #heard = new Map<string, number>();
  #me: number | undefined;

  readonly #now: () => number;

  /** `recount`: only the server knows how much is unread now. */
  constructor(onChange: () => void, recount: (room: string) => void, now: () => number = Date.now) {
    this.#onChange = onChange;
    this.#recount = recount;
    this.#now = now;
  }

  get rooms(): readonly MyRoom[] {
    return [...this.#rooms.values()];
  }

  find(slug: string): MyRoom | undefined {
    return this.#rooms.get(slug);
  }

  /** Takes what `hello` said: the whole truth of that moment. */
  replace(rooms: readonly MyRoom[], me: number | undefined): void {
    this.#me = me;
    this.#rooms.clear();
    this.#deleted.clear();
    this.#heard.clear();
    for (const room of rooms) {
      this.#rooms.set(room.slug, this.#awake(room));
      this.#heard.set(room.slug, room.lastSeq);
    }
    this.#onChange();
  }

  joined(room: MyRoom): void {
    // The first word of a conversation counts in it already, and arrives behind it.
    if (!this.#rooms.has(room.slug)) this.#heard.set(room.slug, room.read);
    this.#rooms.set(room.slug, this.#awake(room));
    this.#onChange();
  }

  left(slug: string): void {
    if (this.#rooms.delete(slug)) this.#onChange();
  }

  /** What everybody sees of the room has changed; what is mine stays. */
  changed(room: Room): void {
    this.#merge(room.slug, room);
  }

  read({ room, ...state }: ReadState): void {
    this.#merge(room, state);
  }

  /** Reads up to `seq` before the server has confirmed it. */
  readUpTo(slug: string, seq: number): void {
    const room = this.#rooms.get(slug);
    if (room === undefined || seq <= room.read) return;
    const isAll = seq >= room.lastSeq;
    this.#merge(slug, isAll ? { read: seq, unread: 0, mentions: 0 } : { read: seq });
  }

  /**
   * A message that is new or has changed. What is newer than the room's last is counted here. Returns whether it is
   * news: not heard before, and said since the rooms were read.
   */
  heard(message: Message): boolean {
    const room = this.#rooms.get(message.room);
    if (room === undefined) return false;
    const isNews = message.seq > (this.#heard.get(room.slug) ?? 0);
    if (isNews) this.#heard.set(room.slug, message.seq);
    if (message.seq <= room.lastSeq) {
      if (message.seq > room.read && this.#mayCountOtherwise(message)) this.#recount(room.slug);
      return isNews;
    }
    const change: Partial<MyRoom> = { lastSeq: message.seq, rev: message.rev, at: message.at };
    if (this.#isUnread(message, room)) {
      change.unread = Math.min(room.unread + 1, LIMITS.unreadCount);
      if (mentions(message, this.#me)) change.mentions = room.mentions + 1;
    }
    this.#merge(room.slug, change);
    return isNews;
  }

  /** The rooms whose time of silence is over by now are as loud as before. To be called now and then. */
  wake(): void {
    for (const room of this.#rooms.values()) {
      const awake = this.#awake(room);
      if (awake === room) continue;
      this.#rooms.set(room.slug, awake);
      this.#onChange();
    }
  }

  #awake(room: MyRoom): MyRoom {
    if (room.quietUntil === undefined || room.quietUntil > this.#now()) return room;
    const { quietUntil: _, ...awake } = room;
    return awake;
  }

  /** Deleted, restored or edited: it may mention me no more, or now. A reaction alone changes nothing. */
  #mayCountOtherwise(message: Message): boolean {
    if (message.from.id === this.#me) return false;
    const key = `${message.room} ${message.seq}`;
    if (!message.deleted) return this.#deleted.delete(key) || message.edited !== undefined;
    this.#deleted.add(key);
    return true;
  }

  #isUnread({ from, kind, deleted, seq }: Message, { read }: MyRoom): boolean {
    return from.id !== this.#me && kind !== 'system' && deleted === undefined && seq > read;
  }

  #merge(slug: string, change: Partial<MyRoom>): void {
    const room = this.#rooms.get(slug);
    if (room === undefined) return;
    this.#rooms.set(slug, { ...room, ...change });
    this.#onChange();
  }
}

/** Whether this message is for me in particular. */
export function mentions(message: Message, me: number | undefined): boolean {
  if (me === undefined || message.from.id === me || message.deleted) return false;
  return message.mentionsRoom === true || (message.mentions?.some(({ person }) => person === me) ?? false);
}

/** Whether I want to hear nothing of it: always, or for a time. */
export function isMuted({ level, quietUntil }: MyRoom): boolean {
  return level === 'none' || quietUntil !== undefined;
}

/** How much waits for me in all rooms. */
export function countAllWaiting(rooms: readonly MyRoom[]): number {
  return rooms.reduce((sum, room) => sum + countWaiting(room), 0);
}

/** How much of a room deserves a number: all of it between a few people, else what mentions me. */
export function countWaiting(room: MyRoom): number {
  const { kind, unread, mentions: waiting } = room;
  if (isMuted(room)) return 0;
  return kind === 'dm' || kind === 'group' ? unread : waiting;
}
