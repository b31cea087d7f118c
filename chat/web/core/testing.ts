/** For the tests beside: a wire whose other end is the test, and messages by number. */
import type { Answer, Entered, Message } from '../../shared/events.ts';
import type { Wire, WireListeners } from './wire.ts';

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    room: 'general',
    seq,
    rev: seq,
    from: { id: 1, name: 'Ann' },
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
    me: { id: 7, name: 'Jo' },
    build: 'one',
    room: { slug: 'general', name: 'general', lastSeq: last, rev: last },
    messages: list,
    caughtUp: false,
    older: (list[0]?.seq ?? 1) > 1,
    online: 1,
    ...more,
  };
}

export interface Question<Ask, Value> {
  ask: Ask;
  answer(value: Answer<Value>): void;
  fail(): void;
}

/** Keeps every question until the test answers it. */
export class TestWire implements Wire {
  listeners: WireListeners | undefined;
  connects = 0;
  disconnects = 0;
  readonly enters: Question<{ room: string; rev?: number }, Entered>[] = [];
  readonly sends: Question<{ room: string; nonce: string; body: string }, { message: Message }>[] = [];
  readonly pages: Question<
    { room: string; before: number; limit?: number },
    { messages: Message[]; older: boolean }
  >[] = [];

  listen(listeners: WireListeners): void {
    this.listeners = listeners;
  }
  connect(): void {
    this.connects++;
  }
  disconnect(): void {
    this.disconnects++;
  }
  async enter(ask: { room: string; rev?: number }): Promise<Answer<Entered>> {
    return question(this.enters, ask);
  }
  async send(ask: { room: string; nonce: string; body: string }): Promise<Answer<{ message: Message }>> {
    return question(this.sends, ask);
  }
  async history(ask: {
    room: string;
    before: number;
    limit?: number;
  }): Promise<Answer<{ messages: Message[]; older: boolean }>> {
    return question(this.pages, ask);
  }
}

async function question<Ask, Value>(asked: Question<Ask, Value>[], ask: Ask): Promise<Answer<Value>> {
  return new Promise((resolve, reject) => {
    asked.push({ ask, answer: resolve, fail: () => reject(new Error('No answer')) });
  });
}

/** Lets everything that waits for settled promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
