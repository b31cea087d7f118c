/**
 * The end of a turn: one write for each socket that has something to send.
 *
 * Whatever handlers, timers and other sockets send while the event loop works through a turn is gathered, and leaves
 * from `setImmediate`, still in the same turn: a quiet message waits for nothing (docs/decisions/004-flush.md).
 */
import { throwLater } from '../errors.ts';
import { FlushCounts } from './flush-counts.ts';
import { Outbox } from './outbox.ts';

export interface Flushable {
  /** Writes what waits. Called once per `schedule`, at the end of the turn. */
  flush(): void;
}

export class Flush {
  readonly counts: FlushCounts = new FlushCounts();
  /** Where every empty outbox starts in this turn. A new one each turn, so that what was sent can be forgotten. */
  #start = Outbox.empty();
  #waiting: Flushable[] = [];
  #callbacks: (() => void)[] = [];
  #isArmed = false;
  readonly #run = (): void => this.#flushAll();

  get start(): Outbox {
    return this.#start;
  }

  /** Asks for a `flush()` at the end of this turn. The caller asks once per turn. */
  schedule(target: Flushable): void {
    this.#waiting.push(target);
    this.#arm();
  }

  /** Calls back once at the end of this turn, before the first byte of it leaves. */
  before(callback: () => void): void {
    this.#callbacks.push(callback);
    this.#arm();
  }

  /** Calls back once, at the end of this turn; from there, at the end of the next one. */
  next(callback: () => void): void {
    setImmediate(callback);
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(this.#run);
  }

  #flushAll(): void {
    this.#isArmed = false;
    this.#callBack();
    const waiting = this.#waiting;
    this.#waiting = [];
    this.counts.add(waiting.length);
    this.#start = Outbox.empty();
    for (const target of waiting) {
      // What the user's code sends while we flush may be on its way to one of the next.
      if (this.#callbacks.length > 0) this.#callBack();
      try {
        target.flush();
      } catch (error) {
        throwLater(error);
      }
    }
    Outbox.endTurn();
  }

  #callBack(): void {
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        throwLater(error);
      }
    }
  }
}
