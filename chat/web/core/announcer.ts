import type { Message } from '../../shared/events.ts';

const PAUSE_MS = 2_000;

/**
 * Says new messages to screen readers: at most one sentence every two seconds, however many arrive.
 * A live list would be read again from the start whenever older rows are put before it.
 */
export class Announcer {
  readonly #say: (messages: readonly Message[]) => void;
  #waiting: Message[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (messages: readonly Message[]) => void) {
    this.#say = say;
  }

  add(message: Message): void {
    this.#waiting.push(message);
    if (this.#timer === undefined) this.#speak();
  }

  /** What waits is not said. */
  forget(): void {
    this.#waiting = [];
  }

  #speak(): void {
    this.#timer = undefined;
    const messages = this.#waiting;
    if (messages.length === 0) return;
    this.#waiting = [];
    this.#say(messages);
    this.#timer = setTimeout(() => this.#speak(), PAUSE_MS);
  }
}

/** Who said them, each once, the first three; and how many more people. */
export function speakers(messages: readonly Message[]): { names: string[]; more: number } {
  const names = [...new Set(messages.map(({ from }) => from.name))];
  return { names: names.slice(0, 3), more: Math.max(0, names.length - 3) };
}
