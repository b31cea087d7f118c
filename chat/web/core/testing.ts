/** For the tests beside: a wire whose other end is the test, and messages by number. */
import type { Entered, Hello, Message, MyRoom, Room } from '../../shared/events.ts';
import type { RecordShelf } from './records.ts';
import type { AnswerOf, AskName, AskOf, Wire, WireListeners } from './wire.ts';

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    room: 'general',
    seq,
    rev: seq,
    from: { id: 1, name: 'Ann', role: 'member' },
    body: `message ${seq}`,
    at: seq * 1_000,
    ...more,
  };
}

/** Messages `from`…`to`, both included. */
export function messages(from: number, to: number): Message[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => message(from + index));
}

export function entered(list: Message[], more: Partial<Entered> = {}): Entered {
  const last = list.at(-1)?.seq ?? 0;
  return {
    me: { id: 7, name: 'Jo', role: 'member', hasPassword: true },
    build: 'one',
    room: room(last),
    messages: list,
    caughtUp: false,
    older: (list[0]?.seq ?? 1) > 1,
    online: 1,
    ...more,
  };
}

export function room(rev: number, lastSeq: number = rev): Room {
  return {
    slug: 'general',
    name: 'general',
    topic: '',
    kind: 'public',
    isDefault: true,
    archived: false,
    lastSeq,
    rev,
  };
}

/** One ask that waits for the test to answer it. */
export interface Question<E extends AskName> {
  readonly event: E;
  readonly ask: AskOf<E>;
  answer(value: AnswerOf<E>): void;
  fail(): void;
}

/** Keeps every ask until the test answers it. */
export class TestWire implements Wire {
  listeners: WireListeners | undefined;
  connects = 0;
  disconnects = 0;
  readonly typings: string[] = [];
  readonly #asked: { readonly event: AskName }[] = [];

  listen(listeners: WireListeners): void {
    this.listeners = listeners;
  }
  connect(): void {
    this.connects++;
  }
  disconnect(): void {
    this.disconnects++;
  }
  async ask<E extends AskName>(event: E, ask: AskOf<E>): Promise<AnswerOf<E>> {
    return new Promise((resolve, reject) => {
      const question = { event, ask, answer: resolve, fail: () => reject(new Error('No answer')) };
      this.#asked.push(question);
    });
  }
  tellTyping(room: string): void {
    this.typings.push(room);
  }

  /** What was asked by this event, in order. */
  asked<E extends AskName>(event: E): Question<E>[] {
    return this.#asked.filter((one) => one.event === event) as unknown as Question<E>[];
  }
}

export function myRoom(slug: string, more: Partial<MyRoom> = {}): MyRoom {
  return {
    ...room(0),
    slug,
    name: slug,
    read: 0,
    unread: 0,
    mentions: 0,
    level: 'all',
    host: false,
    at: 0,
    ...more,
  };
}

export function hello(more: Partial<Hello> = {}): Hello & { ok: true } {
  const me = { id: 7, name: 'Jo', role: 'member', hasPassword: true } as const;
  const chat = { name: 'Chat', accent: 'green', entry: 'open', claimable: false } as const;
  return { ok: true, me, chat, build: 'one', rooms: [], online: [], ...more };
}

/** Lets everything that waits for settled promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** Keeps in memory; one use after the other, and none of a use that fails, as a database does. */
export function memoryRecords(): RecordShelf & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    kept,
    async use(work) {
      const mine = last.then(async () => {
        const copy = new Map(kept);
        const value = await work({
          get: async (key) => structuredClone(copy.get(key)),
          put: (key, record) => void copy.set(key, structuredClone(record)),
          delete: (key) => void copy.delete(key),
          clear: () => copy.clear(),
        });
        kept.clear();
        for (const [key, record] of copy) kept.set(key, record);
        return value;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
