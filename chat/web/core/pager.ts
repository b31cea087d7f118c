import { LIMITS } from '../../shared/events.ts';
import type { RoomStore } from './room-store.ts';
import type { Wire } from './wire.ts';

/** Moves the window of a room: through what the store keeps, else through the server's history. */
export class Pager {
  readonly #wire: Wire;
  readonly #room: string;
  readonly #store: RoomStore;
  #isLoading = false;

  constructor(wire: Wire, room: string, store: RoomStore) {
    this.#wire = wire;
    this.#room = room;
    this.#store = store;
  }

  async older(): Promise<void> {
    const store = this.#store;
    if (!store.hasOlder || store.showOlder()) return;
    await this.#page(store.firstSeq, (page) => store.addOlder(page.messages, page.older));
  }

  async newer(): Promise<void> {
    const store = this.#store;
    if (!store.hasNewer || store.showNewer()) return;
    // History answers what lies before a message, so ask before the one after the wanted page.
    await this.#page(store.lastSeq + LIMITS.pageSize + 1, (page) => store.addNewer(page.messages));
  }

  /** To the newest message: without scrolling through what lies between. */
  async newest(): Promise<void> {
    const store = this.#store;
    if (store.showNewest()) return;
    await this.#page(Number.MAX_SAFE_INTEGER, (page) => store.replaceWithNewest(page.messages, page.older));
  }

  /** One page at a time; a failed one is asked for again when the list needs it again. */
  async #page(
    before: number,
    take: (page: { messages: Parameters<RoomStore['replaceWithNewest']>[0]; older: boolean }) => void,
  ): Promise<void> {
    if (this.#isLoading) return;
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
