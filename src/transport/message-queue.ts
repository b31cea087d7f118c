/** Messages that wait for a `for await` loop. Reading stops while some do, so the queue holds what one chunk brought. */
type Result = IteratorResult<string | Buffer>;

export class MessageQueue implements AsyncIterableIterator<string | Buffer> {
  readonly #pause: () => void;
  readonly #resume: () => void;
  #messages: (string | Buffer)[] = [];
  readonly #takers: ((result: Result) => void)[] = [];
  #hasLoop = false;
  #ended = false;

  constructor(pause: () => void, resume: () => void) {
    this.#pause = pause;
    this.#resume = resume;
  }

  /** A loop begins. It gets what an earlier one has left behind. */
  enter(): this {
    this.#hasLoop = true;
    return this;
  }

  push(message: string | Buffer): void {
    if (this.#ended) return;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker({ done: false, value: message });
    } else if (this.#hasLoop) {
      this.#messages.push(message);
      this.#pause();
    } else {
      this.#messages = []; // nobody came for them: from here on they are the listeners' alone
    }
  }

  end(): void {
    this.#ended = true;
    for (const taker of this.#takers.splice(0)) taker({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    const value = this.#messages.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    this.#resume();
    return new Promise((resolve) => {
      this.#takers.push(resolve);
    });
  }

  /** The loop was left. */
  return(): Promise<Result> {
    this.#hasLoop = false;
    this.#resume();
    return Promise.resolve({ done: true, value: undefined });
  }
}
