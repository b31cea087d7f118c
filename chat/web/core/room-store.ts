import type { Entered, History, Message } from '../../shared/events.ts';

/** A message with the key of its row, which never changes while the row is mounted. */
export interface Entry {
  readonly key: string;
  readonly message: Message;
}

const MAX_ROWS = 300;
const PAGE_ROWS = 50;
const MAX_KEPT = 2_000;
const MAX_HEARD = 200;

/**
 * The messages of one room that this page knows, and the window of them that is rendered.
 *
 * Theory of operation: the store holds one gapless run of the room, ascending by `seq`. While it is
 * *attached* the run ends at the room's newest message and live messages are appended. A person who
 * reads far back, or who was away for too long, may detach it: live messages are then only counted by
 * others, and the run grows forward by pages until it reaches the newest message again.
 *
 * Everything kept is as new as `rev`: after an absence, the changes since then are all that is missing. When they are
 * too many to be told one by one, what is kept is *stale*, and `rev` stays, until it was read again.
 */
export class RoomStore {
  readonly #onChange: () => void;
  #entries: Entry[] = [];
  /** The rendered window: `#entries.slice(#from, #to)`. */
  #from = 0;
  #to = 0;
  #olderOnServer = false;
  #isAttached = true;
  #isStale = false;
  /** What was heard of messages outside the run: newer, perhaps, than the page on its way that brings them. */
  readonly #heard = new Map<number, Message>();
  #newestSeq = 0;
  #rev: number | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** The revision that everything kept is as new as, or undefined before the first entry. */
  get rev(): number | undefined {
    return this.#rev;
  }
  /** Whether messages of the run may have changed, without this page having heard how. */
  get isStale(): boolean {
    return this.#isStale;
  }
  get window(): readonly Entry[] {
    return this.#entries.slice(this.#from, this.#to);
  }
  get hasOlder(): boolean {
    return this.#from > 0 || this.#olderOnServer;
  }
  get hasNewer(): boolean {
    return this.#to < this.#entries.length || !this.#isAttached;
  }
  get firstSeq(): number {
    return this.#entries[0]?.message.seq ?? this.#newestSeq + 1;
  }
  get lastSeq(): number {
    return this.#entries.at(-1)?.message.seq ?? 0;
  }

  /** Takes the answer of `enter`. Returns the messages that are new to this page. */
  enter(entered: Entered, isFollowing: boolean): readonly Message[] {
    const { messages, older, caughtUp, room } = entered;
    const isFirst = this.#rev === undefined;
    // A data directory that was restored or replaced: what is shown here happened in another world.
    const isOtherWorld = !isFirst && room.rev < (this.#rev ?? 0);
    if (isOtherWorld) this.clear();
    const previousLast = isFirst || isOtherWorld ? Infinity : this.lastSeq;
    this.#newestSeq = Math.max(this.#newestSeq, room.lastSeq);
    if (caughtUp && this.#rev !== undefined) {
      for (const message of messages) this.#put(message, isFollowing);
      this.#isStale = false;
    } else if (isFollowing || this.#entries.length === 0) {
      this.#replace(messages, older);
    } else {
      this.#isAttached = false;
      this.#isStale = true;
    }
    this.#sawRev(room.rev);
    this.#trim(isFollowing);
    this.#onChange();
    return messages.filter((message) => message.seq > previousLast);
  }

  /** Takes a live message or the answer to a send. Returns whether it is new to this page. */
  receive(message: Message, isFollowing: boolean): boolean {
    // What is not known yet is not continued: the answer of `enter` will hold it.
    if (this.#rev === undefined) return false;
    const isNew = message.seq > this.#newestSeq;
    this.#sawRev(message.rev);
    this.#newestSeq = Math.max(this.#newestSeq, message.seq);
    this.#put(message, isFollowing);
    this.#trim(isFollowing);
    this.#onChange();
    return isNew;
  }

  /** Grows the window by kept messages. False if a page has to be fetched first, or nothing is older. */
  showOlder(): boolean {
    if (this.#from === 0) return false;
    this.#from = Math.max(0, this.#from - PAGE_ROWS);
    this.#to = Math.min(this.#to, this.#from + MAX_ROWS);
    this.#onChange();
    return true;
  }

  /** As `showOlder`, towards the newest. */
  showNewer(): boolean {
    if (this.#to === this.#entries.length) return false;
    this.#to = Math.min(this.#entries.length, this.#to + PAGE_ROWS);
    this.#from = Math.max(this.#from, this.#to - MAX_ROWS);
    this.#onChange();
    return true;
  }

  /**
   * Takes the page before the message `before` and shows it. Dropped if the run begins elsewhere by
   * now: the answer was overtaken, and would leave a gap.
   */
  addOlder(before: number, messages: readonly Message[], older: boolean): void {
    if (before !== this.firstSeq) return;
    const fresh = messages
      .filter((message) => message.seq < this.firstSeq)
      .map((message) => this.#entryOf(message));
    this.#entries.unshift(...fresh);
    this.#from += fresh.length;
    this.#to += fresh.length;
    this.#olderOnServer = older;
    if (!this.showOlder()) this.#onChange();
    this.#trim(false);
  }

  /** Takes a page that continues the run after the message `after` while detached. Dropped as above. */
  addNewer(after: number, messages: readonly Message[], newer: boolean): void {
    if (after !== this.lastSeq || this.#isAttached) return;
    for (const message of messages)
      if (message.seq > this.lastSeq) this.#entries.push(this.#entryOf(message));
    // What was said while the page was on its way is on none: ask once more.
    if (!newer && (this.lastSeq >= this.#newestSeq || messages.length === 0)) this.#isAttached = true;
    if (!this.showNewer()) this.#onChange();
    this.#trim(true);
  }

  /** Moves the window to the newest message. False if the newest page has to be fetched first. */
  showNewest(): boolean {
    if (!this.#isAttached) return false;
    this.#to = this.#entries.length;
    this.#from = Math.max(this.#from, this.#to - MAX_ROWS);
    this.#onChange();
    return true;
  }

  /** Shows the last of what is kept and no more, to be drawn sooner. The rest is older, and fetched from here. */
  showLast(rows: number): void {
    this.#from = Math.max(this.#from, this.#to - rows);
    this.#onChange();
  }

  /** Forgets the run and starts again from this page, wherever in the room it lies. */
  replace({ messages, older, newer, rev }: Omit<History, 'focus'>): void {
    this.#replace(messages, older);
    this.#isAttached = !newer && this.lastSeq >= this.#newestSeq;
    this.#sawRev(rev);
    this.#onChange();
  }

  /** Forgets everything, as before the first entry. */
  clear(): void {
    this.#entries = [];
    this.#heard.clear();
    this.#newestSeq = 0;
    this.#rev = undefined;
    this.#replace([], false);
    this.#onChange();
  }

  /** Whether a message of this seq is kept, or would be if there were one. */
  covers(seq: number): boolean {
    return this.#entries.length > 0 && seq >= this.firstSeq && seq <= this.lastSeq;
  }

  find(seq: number): Message | undefined {
    const message = this.#entries[this.#indexOf(seq)]?.message;
    return message?.seq === seq ? message : undefined;
  }

  /** The seq of the first kept message from this one on, else of the last; null if none is kept. */
  nearest(seq: number): number | null {
    return (this.#entries[this.#indexOf(seq)] ?? this.#entries.at(-1))?.message.seq ?? null;
  }

  /** Moves the window so that this kept message is in its middle. */
  showAround(seq: number): void {
    const index = this.#indexOf(seq);
    if (index >= this.#from && index < this.#to) return;
    this.#from = Math.max(0, Math.min(index - PAGE_ROWS, this.#entries.length - 2 * PAGE_ROWS));
    this.#to = Math.min(this.#entries.length, this.#from + 2 * PAGE_ROWS);
    this.#onChange();
  }

  /**
   * Shows a change before the server has confirmed it. The returned function takes it back, unless something newer
   * about the message has arrived.
   */
  change(seq: number, change: Partial<Message>): () => void {
    const index = this.#indexOf(seq);
    const entry = this.#entries[index];
    if (entry?.message.seq !== seq) return () => undefined;
    const changed = { ...entry.message, ...change };
    this.#entries[index] = { key: entry.key, message: changed };
    this.#onChange();
    return () => {
      const now = this.#indexOf(seq);
      if (this.#entries[now]?.message !== changed) return;
      this.#entries[now] = entry;
      this.#onChange();
    };
  }

  #sawRev(rev: number): void {
    if (!this.#isStale) this.#rev = Math.max(this.#rev ?? 0, rev);
  }

  #replace(messages: readonly Message[], older: boolean): void {
    // Rows that stay keep their keys, and so their elements; a change that overtook the page is not undone.
    const kept = new Map(this.#entries.map((entry) => [entry.message.seq, entry]));
    this.#entries = messages.map((message) => {
      const known = kept.get(message.seq);
      if (known === undefined) return this.#entryOf(message);
      return { key: known.key, message: known.message.rev > message.rev ? known.message : message };
    });
    this.#olderOnServer = older;
    this.#isAttached = true;
    this.#isStale = false;
    this.#newestSeq = Math.max(this.#newestSeq, this.lastSeq);
    this.#to = this.#entries.length;
    this.#from = Math.max(0, this.#to - MAX_ROWS);
  }

  #put(message: Message, isFollowing: boolean): void {
    const index = this.#indexOf(message.seq);
    const present = this.#entries[index];
    if (present?.message.seq === message.seq) {
      if (message.rev >= present.message.rev) this.#entries[index] = { key: present.key, message };
      return;
    }
    const isLast = index === this.#entries.length;
    // Older than the run: a page fetched later brings it, unless there is none. Beyond a detached run: likewise.
    if ((index === 0 && !isLast && this.#olderOnServer) || (isLast && !this.#isAttached)) {
      this.#hear(message);
      return;
    }
    const showsEnd = this.#to === this.#entries.length;
    this.#entries.splice(index, 0, entryOf(message));
    if (index < this.#from) this.#from++;
    if (index < this.#to || showsEnd) this.#to++;
    if (this.#to - this.#from > MAX_ROWS) {
      // Following, the oldest row leaves above; reading, the new row waits below the window.
      if (isFollowing) this.#from = this.#to - MAX_ROWS;
      else this.#to = this.#from + MAX_ROWS;
    }
  }

  #hear(message: Message): void {
    if ((this.#heard.get(message.seq)?.rev ?? 0) > message.rev) return;
    this.#heard.set(message.seq, message);
    for (const seq of this.#heard.keys()) if (this.#heard.size > MAX_HEARD) this.#heard.delete(seq);
  }

  #entryOf(message: Message): Entry {
    const heard = this.#heard.get(message.seq);
    return entryOf(heard !== undefined && heard.rev > message.rev ? heard : message);
  }

  /** Drops what is far from the window when too much is kept. */
  #trim(isAtNewest: boolean): void {
    const excess = this.#entries.length - MAX_KEPT;
    if (excess <= 0) return;
    if (isAtNewest) {
      const dropped = Math.min(excess, this.#from);
      this.#entries.splice(0, dropped);
      this.#from -= dropped;
      this.#to -= dropped;
      if (dropped > 0) this.#olderOnServer = true;
    } else {
      const dropped = Math.min(excess, this.#entries.length - this.#to);
      this.#entries.splice(this.#entries.length - dropped, dropped);
      if (dropped > 0) this.#isAttached = false;
    }
  }

  /** The index of `seq`, or where it belongs. Live messages belong at the end, so look there first. */
  #indexOf(seq: number): number {
    if (seq > this.lastSeq) return this.#entries.length;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.message.seq ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function entryOf(message: Message): Entry {
  return { key: message.nonce ?? `${message.room}:${message.seq}`, message };
}
