/**
 * One socket's way from the past to now: what it missed comes from the log page by page, as fast as its client takes it,
 * and whatever is sent to it meanwhile waits its turn. So nothing is told twice, and nothing out of order.
 */
import type { BroadcastFlags } from './audience.ts';
import type { PreparedPacket } from './prepared-packet.ts';

/** What was kept for one socket. */
export interface KeptFor {
  /** The offset of the newest entry. */
  readonly head: number;
  /** The entries above an offset that are for the socket; nothing if some of them are gone. */
  page(after: number): KeptPage | undefined;
  /** The entries of some rooms above an offset, whoever was in them. */
  roomsPage(rooms: ReadonlySet<string>, after: number): KeptPage;
  /** Does it now or in a later turn: all who catch up share what a turn has for them. @param portion says what it took */
  inTurn(portion: () => number): void;
  /** The socket is sent some of the entries above an offset up to another, out of their turn. */
  repeat(after: number, through: number): void;
}

export interface KeptPage {
  readonly packets: readonly PreparedPacket[];
  /** Everything up to here has been looked at. */
  readonly through: number;
}

/** The client of the socket that catches up. */
export interface CatchingUp {
  send(packet: PreparedPacket): void;
  /** Calls back once, when what was sent has been written and the client takes more. */
  afterWriting(callback: () => void): void;
  /** Ends its connection: what it needs is gone, or too much waits for it. */
  endSlowReader(): void;
}

/** Entries of rooms that a socket asked for when it joined them. */
interface Excerpt {
  readonly rooms: ReadonlySet<string>;
  readonly after: number;
  readonly through: number;
}

/** What is not kept, and so cannot be read again: it goes out behind the entries that were there when it was sent. */
interface Held {
  readonly packet: PreparedPacket;
  readonly behind: number;
}

/** What it takes to look for a page, in packets. */
const PAGE_COST = 32;

export class CatchUp {
  readonly #client: CatchingUp;
  readonly #kept: KeptFor;
  readonly #maxHeldBytes: number;
  readonly #onCaughtUp: () => void;
  readonly #excerpts: Excerpt[] = [];
  #held: Held[] = [];
  #heldBytes = 0;
  #through: number;
  #isOver = false;
  /** What the last step took. */
  #taken = 0;

  /**
   * @param after the offset up to which the client has everything that is for it
   * @param onCaughtUp called when it is where everybody is
   */
  constructor(
    client: CatchingUp,
    kept: KeptFor,
    after: number,
    { maxHeldBytes, onCaughtUp }: { maxHeldBytes: number; onCaughtUp: () => void },
  ) {
    this.#client = client;
    this.#kept = kept;
    this.#through = after;
    this.#maxHeldBytes = maxHeldBytes;
    this.#onCaughtUp = onCaughtUp;
  }

  /** Up to here everything for the socket has been sent. */
  get through(): number {
    return this.#through;
  }

  /** Before it goes on: the entries of some rooms above an offset, which the socket asks for. */
  addExcerpt(rooms: ReadonlySet<string>, after: number): void {
    const through = this.#kept.head;
    this.#excerpts.push({ rooms, after, through });
    this.#kept.repeat(after, through);
  }

  /** Something was sent to the socket. What is kept comes from the log, what may be dropped is dropped, the rest waits. */
  hold(packet: PreparedPacket, { volatile }: BroadcastFlags): void {
    if (this.#isOver || packet.offset !== undefined || volatile === true) return;
    this.#held.push({ packet, behind: this.#kept.head });
    this.#heldBytes += packet.size;
    if (this.#heldBytes > this.#maxHeldBytes) this.#lose();
  }

  /** As `go`, when it is this socket's turn. */
  goInTurn(): void {
    this.#kept.inTurn(() => {
      this.go();
      return this.#taken;
    });
  }

  /** Sends what fits into one page, and goes on when that has been written. */
  go(): void {
    this.#taken = 0;
    if (this.#isOver) return;
    this.#taken = PAGE_COST;
    if (this.#sendExcerpts() && this.#sendPage()) {
      this.#sendHeld(Infinity);
      this.#isOver = true;
      this.#onCaughtUp();
    } else if (!this.#isOver) {
      this.#client.afterWriting(() => this.goInTurn());
    }
  }

  /** The socket has left. */
  stop(): void {
    this.#isOver = true;
  }

  /** @returns whether all are through */
  #sendExcerpts(): boolean {
    for (const excerpt of this.#excerpts.splice(0)) {
      const { packets, through } = this.#kept.roomsPage(excerpt.rooms, excerpt.after);
      this.#taken += packets.length;
      for (const packet of packets) if ((packet.offset ?? 0) <= excerpt.through) this.#client.send(packet);
      if (through < excerpt.through) this.#excerpts.push({ ...excerpt, after: through });
    }
    return this.#excerpts.length === 0;
  }

  /** @returns whether that was the last one */
  #sendPage(): boolean {
    const page = this.#kept.page(this.#through);
    if (page === undefined) {
      this.#lose();
      return false;
    }
    this.#taken += page.packets.length;
    for (const packet of page.packets) {
      this.#sendHeld(packet.offset ?? 0);
      this.#client.send(packet);
    }
    this.#through = page.through;
    return page.through >= this.#kept.head;
  }

  /** Sends what was sent before the entry at an offset. */
  #sendHeld(before: number): void {
    let count = 0;
    for (const { packet, behind } of this.#held) {
      if (behind >= before) break;
      this.#client.send(packet);
      this.#heldBytes -= packet.size;
      count += 1;
    }
    if (count > 0) this.#held = this.#held.slice(count);
  }

  #lose(): void {
    this.#isOver = true;
    this.#held = [];
    this.#client.endSlowReader();
  }
}
