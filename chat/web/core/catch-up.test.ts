/** Whatever happens in a room while a page is away, the page ends with what the server has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Entered, History, HistoryAsk, Message } from '../../shared/events.ts';
import { Pager } from './pager.ts';
import { RoomStore } from './room-store.ts';
import { message, room } from './testing.ts';
import type { AnswerOf, AskName, AskOf, Wire } from './wire.ts';

/** A room that can be changed, and read as the server lets it be read. */
class ServerRoom {
  readonly messages: Message[] = [];
  readonly #pageSize: number;
  readonly #maxChanges: number;
  rev = 0;

  constructor(pageSize: number, maxChanges: number) {
    this.#pageSize = pageSize;
    this.#maxChanges = maxChanges;
  }

  send(): Message {
    const sent = message(this.messages.length + 1, { rev: ++this.rev });
    this.messages.push(sent);
    return sent;
  }

  /** `where`: 0 is the first message, just below 1 the last. */
  change(where: number, how: 'edit' | 'delete'): Message {
    const index = Math.floor(where * this.messages.length);
    const before = this.messages[index];
    if (before === undefined) return this.send();
    const rev = ++this.rev;
    const changed: Message =
      how === 'edit'
        ? { ...before, rev, body: `edited at ${rev}`, edited: rev }
        : { ...before, rev, body: '', deleted: { at: rev, by: before.from } };
    this.messages[index] = changed;
    return changed;
  }

  enter(rev: number | undefined): Entered {
    const missed = rev === undefined ? [] : this.messages.filter((one) => one.rev > rev);
    const caughtUp = rev !== undefined && missed.length <= this.#maxChanges;
    const messages = caughtUp ? missed : this.messages.slice(-this.#pageSize);
    const older = (messages[0]?.seq ?? 1) > 1;
    const now = room(this.rev, this.messages.length);
    return { me: null, build: 'one', room: now, messages, caughtUp, older, online: 1 };
  }

  history({ before, after, limit = this.#pageSize }: HistoryAsk): History {
    const size = Math.min(limit, this.#pageSize);
    const from = after ?? Math.max(0, Math.min((before ?? 0) - 1, this.messages.length) - size);
    const to = after === undefined ? Math.min((before ?? 0) - 1, this.messages.length) : from + size;
    const messages = this.messages.slice(from, to);
    return { messages, older: from > 0, newer: to < this.messages.length, rev: this.rev, focus: null };
  }

  wire(): Wire {
    return {
      listen: () => undefined,
      connect: () => undefined,
      disconnect: () => undefined,
      tellTyping: () => undefined,
      ask: async <E extends AskName>(_event: E, ask: AskOf<E>) =>
        ({ ok: true, ...this.history(ask as HistoryAsk) }) as unknown as AnswerOf<E>,
    };
  }
}

function isAsOnServer(store: RoomStore, server: ServerRoom): void {
  assert.equal(store.isStale, false);
  const window = store.window.map((entry) => entry.message);
  const first = (window[0]?.seq ?? 1) - 1;
  assert.deepEqual(window, server.messages.slice(first, first + window.length));
  for (let seq = store.firstSeq; seq <= store.lastSeq; seq++)
    assert.equal(store.find(seq), server.messages[seq - 1]);
}

const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('send' as const) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('edit' as const, 'delete' as const), where }) },
);
const step = fc.oneof(
  fc.record({
    do: fc.constant('be away' as const),
    happens: fc.array(happening, { maxLength: 60 }),
    isFollowing: fc.boolean(),
  }),
  fc.record({ do: fc.constant('be here' as const), happens: fc.array(happening, { maxLength: 8 }) }),
  fc.record({ do: fc.constantFrom('older' as const, 'newer' as const, 'newest' as const) }),
);

test('after any absence, with any size of pages, the page has what the server has', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      fc.array(step, { maxLength: 12 }),
      async (pageSize, maxChanges, steps) => {
        const server = new ServerRoom(pageSize, maxChanges);
        for (let sent = 0; sent < 40; sent++) server.send();
        const store = new RoomStore(() => undefined);
        const pager = new Pager(server.wire(), 'general', store);
        store.enter(server.enter(undefined), true);
        const happen = (one: { what: 'send' } | { what: 'edit' | 'delete'; where: number }): Message =>
          one.what === 'send' ? server.send() : server.change(one.where, one.what);
        for (const one of steps) {
          if (one.do === 'be away') {
            one.happens.forEach(happen);
            store.enter(server.enter(store.rev), one.isFollowing);
            if (store.isStale) await pager.reread();
          } else if (one.do === 'be here') {
            for (const change of one.happens) store.receive(happen(change), true);
          } else {
            await pager[one.do]();
          }
          isAsOnServer(store, server);
        }
        while (store.hasNewer) await pager.newer();
        assert.equal(store.lastSeq, server.messages.length);
        isAsOnServer(store, server);
      },
    ),
    { numRuns: 300 },
  );
});
