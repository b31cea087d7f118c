/** Listeners of every event of one direction: `onAny` and its family. */
import type { AnyListener } from './event-map.ts';

export class AnyListeners {
  // Copied when changed, so that one who adds or removes while being called changes only the next event's list.
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

  get isEmpty(): boolean {
    return this.#listeners.length === 0;
  }

  /**
   * @param self what the listeners see as `this`
   * @param event the event's name, then its arguments
   */
  notify(self: object, event: readonly unknown[]): void {
    for (const listener of this.#listeners) Reflect.apply(listener, self, event);
  }
}
