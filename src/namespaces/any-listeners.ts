/** Listeners of every event of one direction: `onAny` and its family. */
import type { AnyListener } from './event-map.ts';

export class AnyListeners {
  #listeners: readonly AnyListener[] = [];

  add(listener: AnyListener): void {
    this.#listeners = [...this.#listeners, listener];
  }

  prepend(listener: AnyListener): void {
    this.#listeners = [listener, ...this.#listeners];
  }

  /** Removes one registration of a listener, or all listeners. */
  remove(listener: AnyListener | undefined): void {
    const at = listener === undefined ? -1 : this.#listeners.indexOf(listener);
    if (listener === undefined) this.#listeners = [];
    else if (at >= 0) this.#listeners = this.#listeners.toSpliced(at, 1);
  }

  list(): AnyListener[] {
    return [...this.#listeners];
  }

  /** @param event the event's name, then its arguments */
  notify(event: readonly unknown[]): void {
    for (const listener of this.#listeners) listener(...event);
  }
}
