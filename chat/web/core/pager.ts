import { LIMITS, type Message } from '../../shared/events.ts';
import type { RoomStore } from './room-store.ts';
import type { Wire } from './wire.ts';

/** Moves the window of a room: through what the store keeps, else through the server's history. */
export class Pager {
  readonly #wire: Wire;
  readonly #room: string;
  readonly #store: RoomStore;
  /** One page at a time; what a page overtakes, the store drops. */
  #isLoading = false;

  constructor(wire: Wire, room: string, store: RoomStore) {
    this.#wire = wire;
    this.#room = room;
    this.#store = store;
  }

  async older(): Promise<void> {
    const store = this.#store;
    if (this.#isLoading || !store.hasOlder || store.showOlder()) return;
    const before = store.firstSeq;
    await this.#page(before, ({ messages, older }) => store.addOlder(before, messages, older));
  }

  async newer(): Promise<void> {
    const store = this.#store;
    if (this.#isLoading || !store.hasNewer || store.showNewer()) return;
    const after = store.lastSeq;
    // History answers what lies before a message, so ask before the one after the wanted page.
    await this.#page(after + LIMITS.pageSize + 1, ({ messages }) => store.addNewer(after, messages));
  }

  /** To the newest message: without scrolling through what lies between, and without waiting for a page. */
  async newest(): Promise<void> {
    const store = this.#store;
    if (store.showNewest()) return;
    await this.#page(Number.MAX_SAFE_INTEGER, ({ messages, older }) =>
      store.replaceWithNewest(messages, older),
    );
  }

  /** A page that does not come is asked for again when the list needs it again. */
  async #page(before: number, take: (page: Page) => void): Promise<void> {
    this.#isLoading = true;
    try {
      const answer = await this.#wire.history({ room: this.#room, before });
      if (answer.ok) take(answer);
    } catch {
      // No connection: the banner says so.
    } finally {
      this.#isLoading = false;
    }
  }
}

interface Page {
  messages: Message[];
  older: boolean;
}
