import type { Hello, Message, MyRoom, Room } from '../../shared/events.ts';
import type { RecordShelf, Records } from './records.ts';

/** The newest messages of a room as they were at its `rev`. */
export interface KeptRoom {
  readonly room: Room | MyRoom;
  readonly messages: readonly Message[];
  /** Whether there are messages before these. */
  readonly older: boolean;
}

/** What is needed to draw the page without any room. `build` is the page's own matter. */
export type KeptHello = Omit<Hello, 'build' | 'online'>;

interface Start {
  /** Whose it is: nobody else's is ever beside it. */
  readonly person: number;
  readonly at: number;
  readonly hello: KeptHello;
  /** The rooms that are kept, the one looked at last at the end. */
  readonly rooms: readonly string[];
}

/** All of it together is at most some two million characters. */
const MAX_ROOMS = 20;
const MAX_MESSAGES = 50;
const MAX_CHARS = 100_000;
/** With more than so many in the list nothing is kept: half a list would look like rooms that one has left. */
const MAX_LISTED = 1_000;
/** As long as a session lasts that is not used. */
const MAX_AGE_MS = 30 * 24 * 60 * 60_000;

const START = 'start';
const keyOf = (slug: string): string => `room ${slug}`;

/**
 * What one person read last, for when the server cannot be reached: bounded, and gone when they sign out. Every change
 * looks first whose the records are, so a page that has not heard yet of a sign-out in another one writes nothing. A
 * browser that refuses to keep anything is none the worse for it.
 */
export class KeptRooms {
  readonly #shelf: RecordShelf;
  readonly #now: () => number;

  constructor(shelf: RecordShelf, now: () => number = Date.now) {
    this.#shelf = shelf;
    this.#now = now;
  }

  /** Forgets what is of others, or everything when there is nobody. Resolves with whether that is sure. */
  async belongTo(person: number | null): Promise<boolean> {
    return this.#use(false, async (records) => {
      const start = await readStart(records);
      if (start !== undefined && start.person === person) return true;
      records.clear();
      if (person !== null) records.put(START, { person } satisfies Pick<Start, 'person'>);
      return true;
    });
  }

  /** Keeps these rooms as they are now, the one looked at last at the end, and no room that is not in the list. */
  async keep(hello: KeptHello, rooms: readonly KeptRoom[]): Promise<void> {
    await this.#use(undefined, async (records) => {
      const start = await readStart(records);
      if (start === undefined || start.person !== hello.me?.id) return;
      const listed = new Set(hello.rooms.map(({ slug }) => slug));
      const isTooMuch = listed.size > MAX_LISTED;
      const before = start.rooms ?? [];
      const slugs = new Set(rooms.map(({ room }) => room.slug));
      const wanted = [...before.filter((slug) => !slugs.has(slug)), ...slugs]
        .filter((slug) => listed.has(slug) && !isTooMuch)
        .slice(-MAX_ROOMS);
      for (const slug of before) if (!wanted.includes(slug)) records.delete(keyOf(slug));
      for (const kept of rooms)
        if (wanted.includes(kept.room.slug)) records.put(keyOf(kept.room.slug), bounded(kept));
      const { person } = start;
      if (isTooMuch) records.put(START, { person } satisfies Pick<Start, 'person'>);
      else records.put(START, { person, at: this.#now(), hello, rooms: wanted } satisfies Start);
    });
  }

  /** What to draw the page with, if anything is kept for this person, and not for too long. */
  async hello(person: number): Promise<KeptHello | undefined> {
    return this.#use(undefined, async (records) => {
      const { person: owner, at, hello } = (await readStart(records)) ?? {};
      if (owner !== person || at === undefined || this.#now() - at > MAX_AGE_MS) return undefined;
      return hello;
    });
  }

  async room(person: number, slug: string): Promise<KeptRoom | undefined> {
    return this.#use(undefined, async (records) => {
      const start = await readStart(records);
      if (start?.person !== person || !start.rooms?.includes(slug)) return undefined;
      return (await records.get(keyOf(slug))) as KeptRoom | undefined;
    });
  }

  /** A message that came live, for a room that no page shows: what is kept of it stays as new as it was, or is newer. */
  async heard(person: number, messages: readonly Message[]): Promise<void> {
    await this.#use(undefined, async (records) => {
      const start = await readStart(records);
      if (start?.person !== person) return;
      for (const slug of new Set(messages.map(({ room }) => room))) {
        if (!start.rooms?.includes(slug)) continue;
        const kept = (await records.get(keyOf(slug))) as KeptRoom | undefined;
        if (!kept) continue;
        const news = messages.filter(({ room }) => room === slug);
        records.put(keyOf(slug), bounded(news.reduce(withMessage, kept)));
      }
    });
  }

  async #use<T>(otherwise: T, work: (records: Records) => Promise<T>): Promise<T> {
    try {
      return await this.#shelf.use(work);
    } catch {
      // A private window, a full disk, storage turned off.
      return otherwise;
    }
  }
}

async function readStart(records: Records): Promise<(Pick<Start, 'person'> & Partial<Start>) | undefined> {
  return (await records.get(START)) as Start | undefined;
}

/** A change of what is kept is taken at any time, what is new only if nothing between is missing. */
function withMessage(kept: KeptRoom, message: Message): KeptRoom {
  const { room, messages } = kept;
  const index = messages.findIndex(({ seq }) => seq === message.seq);
  const isNext = message.rev === room.rev + 1;
  const known = messages[index];
  if (known ? known.rev >= message.rev : !isNext || message.seq <= room.lastSeq) {
    return isNext ? { ...kept, room: { ...room, rev: message.rev } } : kept;
  }
  return {
    ...kept,
    room: isNext ? { ...room, rev: message.rev, lastSeq: Math.max(room.lastSeq, message.seq) } : room,
    messages: known ? messages.with(index, message) : [...messages, message],
  };
}

/** The newest of it that fits. */
function bounded(kept: KeptRoom): KeptRoom {
  let chars = 0;
  let from = kept.messages.length;
  while (from > 0 && kept.messages.length - from < MAX_MESSAGES) {
    chars += JSON.stringify(kept.messages[from - 1]).length;
    if (chars > MAX_CHARS) break;
    from--;
  }
  return from === 0 ? kept : { ...kept, messages: kept.messages.slice(from), older: true };
}
