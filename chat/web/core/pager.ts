import { LIMITS, type History, type HistoryAsk, type Message } from '../../shared/events.ts';
import type { RoomStore } from './room-store.ts';
import type { Wire } from './wire.ts';

/** Moves the window of a room: through what the store keeps, else through the server's history. */
export class Pager {
  readonly #wire: Wire;
  readonly #room: string;
  readonly #store: RoomStore;
  /** One page at a time; what a page overtakes, the store drops. */
  #isLoading = false;
  /** Raised by each jump: the answer to an earlier one is not wanted any more. */
  #jump = 0;

  constructor(wire: Wire, room: string, store: RoomStore) {
    this.#wire = wire;
    this.#room = room;
    this.#store = store;
  }

  async older(): Promise<void> {
    const store = this.#store;
    if (this.#isLoading) return;
    if (store.isStale) await this.reread();
    if (!store.hasOlder || store.showOlder()) return;
    const before = store.firstSeq;
    await this.#page({ before }, ({ messages, older }) => store.addOlder(before, messages, older));
  }

  async newer(): Promise<void> {
    const store = this.#store;
    if (this.#isLoading) return;
    if (store.isStale) await this.reread();
    if (!store.hasNewer || store.showNewer()) return;
    const after = store.lastSeq;
    await this.#page({ after }, ({ messages, newer }) => store.addNewer(after, messages, newer));
  }

  /** To the newest message: without scrolling through what lies between, and without waiting for a page. */
  async newest(): Promise<void> {
    const store = this.#store;
    if (store.showNewest()) return;
    const jump = ++this.#jump;
    await this.#page({ before: Number.MAX_SAFE_INTEGER }, (page) => {
      if (jump === this.#jump) store.replace(page);
    });
  }

  /** Reads anew what is on the screen, so that a reader keeps the place: at most three pages. */
  async reread(): Promise<void> {
    const store = this.#store;
    const last = store.window.at(-1)?.message.seq ?? 0;
    let after = (store.window[0]?.message.seq ?? 1) - 1;
    let first: History | undefined;
    let messages: Message[] = [];
    for (let isDone = false; !isDone;) {
      let page: History | undefined;
      await this.#page({ after, limit: LIMITS.maxPageSize }, (got) => (page = got));
      // No page, or another one that was asked for meanwhile took the place of it all.
      if (page === undefined || !store.isStale) return;
      first ??= page;
      messages.push(...page.messages);
      after = page.messages.at(-1)?.seq ?? last;
      isDone = !page.newer || after >= last;
      if (!isDone) continue;
      const shown = messages.filter(({ seq }) => seq <= last);
      if (shown.length > 0) messages = shown;
      const newer = page.newer || (messages.at(-1)?.seq ?? after) < after;
      store.replace({ messages, older: first.older, newer, rev: first.rev });
    }
  }

  /**
   * To a place anywhere in the room. Answers the seq to show, or null if the room is empty; undefined if no page came,
   * or another jump overtook this one.
   */
  async jump(place: { around: number } | { at: number } | { after: 0 }): Promise<number | null | undefined> {
    const store = this.#store;
    const jump = ++this.#jump;
    if ('around' in place && store.covers(place.around) && !store.isStale) {
      store.showAround(place.around);
      return store.find(place.around)?.seq ?? store.nearest(place.around);
    }
    let focus: number | null | undefined;
    await this.#page(place, (page) => {
      if (jump !== this.#jump) return;
      store.replace(page);
      focus = page.focus ?? page.messages[0]?.seq ?? null;
    });
    return focus;
  }

  /** A page that does not come is asked for again when the list needs it again. */
  async #page(place: Omit<HistoryAsk, 'room'>, take: (page: History) => void): Promise<void> {
    this.#isLoading = true;
    try {
      const answer = await this.#wire.ask('history', { room: this.#room, ...place });
      if (answer.ok) take(answer);
    } catch {
      // No connection: the banner says so.
    } finally {
      this.#isLoading = false;
    }
  }
}
