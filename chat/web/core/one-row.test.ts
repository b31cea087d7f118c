/** Whatever happens to answers and connections, each message that was said here has one row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Entered, Me, Message } from '../../shared/events.ts';
import { Outbox } from './outbox.ts';
import { storageShelf } from './outbox-shelf.ts';
import { RoomStore } from './room-store.ts';
import { layOut } from './rows.ts';
import { memoryStorage } from './storage.ts';
import { entered, message, room, settle, TestWire, type Question } from './testing.ts';

const me: Me = { id: 7, name: 'Jo', role: 'member', hasPassword: true };

/** The page and the server, between which answers and events may be lost or overtake each other. */
class Scene {
  readonly wire = new TestWire();
  readonly store = new RoomStore(() => undefined);
  readonly said: string[] = [];
  readonly #kept: Message[] = [];
  readonly outbox = new Outbox({
    shelf: storageShelf(memoryStorage()),
    send: async (ask) => this.wire.ask('send', ask),
    makeNonce: () => `nonce ${this.said.length}`,
    now: () => 1_000,
    pause: async () => undefined,
    onChange: () => undefined,
    onConfirmed: (one) => this.store.receive(one, true),
    onRefused: () => undefined,
  });
  #asked = 0;
  #waiting: Question<'send'> | undefined;

  constructor() {
    this.#enter(undefined);
    this.outbox.open(me.id);
  }

  say(): void {
    this.said.push(`mine ${this.said.length}`);
    this.outbox.add(me.id, { room: 'general', body: this.said.at(-1) ?? '' });
  }

  /** The server takes what was sent last: only then it is asked whether the answer arrives. */
  take(): void {
    this.#waiting = this.wire.asked('send')[this.#asked] ?? this.#waiting;
    this.#asked = this.wire.asked('send').length;
    const ask = this.#waiting?.ask;
    if (ask === undefined || this.#kept.some(({ nonce }) => nonce === ask.nonce)) return;
    this.#keep({ from: me, body: ask.body, nonce: ask.nonce });
  }

  answer(): void {
    const mine = this.#kept.find(({ nonce }) => nonce === this.#waiting?.ask.nonce);
    if (mine !== undefined) this.#waiting?.answer({ ok: true, message: mine });
    if (mine !== undefined) this.#waiting = undefined;
  }

  /** The connection ends: what was asked is not answered any more, and the next one catches up. */
  reconnect(): void {
    this.outbox.close();
    for (const question of this.wire.asked('send')) question.fail();
    this.#asked = this.wire.asked('send').length;
    this.#waiting = undefined;
    this.#enter(this.store.rev);
    this.outbox.open(me.id);
  }

  /** What was said last reaches another socket of the same person, or of this page after it came back. */
  hear(): void {
    const last = this.#kept.at(-1);
    if (last !== undefined) this.#receive(last);
  }

  other(): void {
    this.#keep({ body: 'theirs' });
    this.hear();
  }

  /** Somebody reacts to the last one: it comes without its nonce, and on the same connection behind its answer. */
  react(): void {
    this.answer();
    const index = this.#kept.length - 1;
    const last = this.#kept[index];
    if (last === undefined) return;
    const { nonce, ...plain } = { ...last, rev: this.#rev + 1 };
    this.#kept[index] = nonce === undefined ? plain : { ...plain, nonce };
    this.#receive(plain);
  }

  get rows(): string[] {
    const unsent = this.outbox.in('general');
    const people = { current: <T>(person: T): T => person };
    return layOut({ window: this.store.window, unsent, people, me, dividerAfter: null }).flatMap((row) =>
      row.kind === 'message' && row.isMine ? row.message.body : [],
    );
  }

  get #rev(): number {
    return Math.max(0, ...this.#kept.map(({ rev }) => rev));
  }

  #keep(more: Partial<Message>): void {
    this.#kept.push(message(this.#kept.length + 1, { rev: this.#rev + 1, ...more }));
  }

  #receive(one: Message): void {
    this.outbox.saw([one]);
    this.store.receive(one, true);
  }

  #enter(rev: number | undefined): void {
    const since = this.#kept.filter((one) => rev === undefined || one.rev > rev);
    const answer: Partial<Entered> = {
      room: room(this.#rev, this.#kept.length),
      caughtUp: rev !== undefined,
    };
    this.outbox.saw(since);
    this.store.enter(entered(since, answer), true);
  }
}

const STEPS = ['say', 'take', 'answer', 'reconnect', 'hear', 'other', 'react'] as const;

test('what was said here has one row, whatever is lost, repeated or overtaken', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 40 }), async (steps) => {
      const scene = new Scene();
      for (const step of steps) {
        scene[step]();
        // A frame is drawn when the promises of its turn have settled.
        await settle();
        assert.deepEqual(scene.rows.toSorted(), scene.said.toSorted());
      }
    }),
    { numRuns: 300 },
  );
});
