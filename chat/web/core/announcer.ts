import type { Message } from '../../shared/events.ts';

const PAUSE_MS = 2_000;

/**
 * Says new messages to screen readers: at most one sentence every two seconds, however many arrive.
 * A live list would be read again from the start whenever older rows are put before it.
 */
export class Announcer {
  readonly #say: (sentence: string) => void;
  #waiting: Message[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  add(message: Message): void {
    this.#waiting.push(message);
    if (this.#timer === undefined) this.#speak();
  }

  #speak(): void {
    this.#timer = undefined;
    const messages = this.#waiting;
    if (messages.length === 0) return;
    this.#waiting = [];
    this.#say(sentence(messages));
    this.#timer = setTimeout(() => this.#speak(), PAUSE_MS);
  }
}

function sentence(messages: readonly Message[]): string {
  const [only] = messages;
  if (messages.length === 1 && only) return `${only.from.name}: ${only.body}`;
  const names = [...new Set(messages.map((message) => message.from.name))];
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${messages.length} new messages from ${names.slice(0, 3).join(', ')}${more}`;
}
