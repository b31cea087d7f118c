/** Messages that wait for a `for await` loop. Reading stops while some do, so the queue holds what one chunk brought. */
export class MessageQueue implements AsyncIterableIterator<string | Buffer> {
  readonly #pause: () => void;
  readonly #resume: () => void;
  readonly #messages: (string | Buffer)[] = [];
  #taker: ((result: IteratorResult<string | Buffer>) => void) | undefined;
  #ended = false;

  constructor(pause: () => void, resume: () => void) {
    this.#pause = pause;
    this.#resume = resume;
  }

  push(message: string | Buffer): void {
    if (this.#ended) return;
    if (this.#taker !== undefined) {
      this.#taker({ done: false, value: message });
      this.#taker = undefined;
    } else {
      this.#messages.push(message);
      this.#pause();
    }
  }

  end(): void {
    this.#ended = true;
    this.#taker?.({ done: true, value: undefined });
    this.#taker = undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<string | Buffer>> {
    const value = this.#messages.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    this.#resume();
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  /** The loop was left: messages go on to the listeners alone. */
  return(): Promise<IteratorResult<string | Buffer>> {
    this.#messages.length = 0;
    this.end();
    this.#resume();
    return Promise.resolve({ done: true, value: undefined });
  }
}
