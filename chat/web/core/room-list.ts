import { LIMITS, type Message, type MyRoom, type ReadState, type Room } from '../../shared/events.ts';

/** The rooms that I am in, and what waits in each: kept right by every message, here and on my other devices. */
export class RoomList {
  readonly #onChange: () => void;
  readonly #recount: (room: string) => void;
  /** The unread messages that were deleted: they count again when they are restored. */
  readonly #deleted = new Set<string>();
  readonly #rooms = new Map<string, MyRoom>();
  #me: number | undefined;

  /** `recount`: only the server knows how much is unread now. */
  constructor(onChange: () => void, recount: (room: string) => void) {
    this.#onChange = onChange;
    this.#recount = recount;
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
    for (const room of rooms) this.#rooms.set(room.slug, room);
    this.#onChange();
  }

  joined(room: MyRoom): void {
    this.#rooms.set(room.slug, room);
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

  /** A message that is new or has changed. What is newer than the room's last is counted here. */
  heard(message: Message): void {
    const room = this.#rooms.get(message.room);
    if (room === undefined) return;
    if (message.seq <= room.lastSeq) {
      if (message.seq > room.read && this.#mayCountOtherwise(message)) this.#recount(room.slug);
      return;
    }
    const change: Partial<MyRoom> = { lastSeq: message.seq, rev: message.rev, at: message.at };
    if (this.#isUnread(message, room)) {
      change.unread = Math.min(room.unread + 1, LIMITS.unreadCount);
      if (mentions(message, this.#me)) change.mentions = room.mentions + 1;
    }
    this.#merge(room.slug, change);
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

/** How much of a room deserves a number: all of it between a few people, else what mentions me. */
export function countWaiting({ kind, unread, mentions: waiting, level }: MyRoom): number {
  if (level === 'none') return 0;
  return kind === 'dm' || kind === 'group' ? unread : waiting;
}
