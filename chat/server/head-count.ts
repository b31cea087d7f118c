/** Counts who is here. Somebody with three tabs is one; changes are told at most a few times per second. */

const TELL_EVERY_MS = 250;

export class HeadCount {
  readonly #tell: (count: number) => void;
  /** How many sockets each visitor has open. */
  readonly #sockets = new Map<string, number>();
  #told = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (count: number) => void) {
    this.#tell = tell;
  }

  get count(): number {
    return this.#sockets.size;
  }

  join(visitor: string): void {
    this.#sockets.set(visitor, (this.#sockets.get(visitor) ?? 0) + 1);
    this.#changed();
  }

  leave(visitor: string): void {
    const left = (this.#sockets.get(visitor) ?? 0) - 1;
    if (left > 0) this.#sockets.set(visitor, left);
    else this.#sockets.delete(visitor);
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #changed(): void {
    if (this.#timer !== undefined || this.count === this.#told) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // A page that reloads leaves and joins within one interval: nothing has changed for the others.
      if (this.count === this.#told) return;
      this.#told = this.count;
      this.#tell(this.#told);
    }, TELL_EVERY_MS);
    this.#timer.unref();
  }
}
