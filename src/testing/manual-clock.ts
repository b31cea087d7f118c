/**
 * A clock that a test turns by hand: `new Server({ clock })`, then `clock.advance(25_250)` for a heartbeat, which may be 1 % late.
 */
import type { Clock } from '../options.ts';

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

export class ManualClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<Alarm>();

  now(): number {
    return this.#now;
  }

  wake(afterMs: number, callback: () => void): () => void {
    const alarm: Alarm = { at: this.#now + afterMs, callback };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /**
   * Moves time on by so many milliseconds, and lets each alarm ring at its own moment, in order.
   *
   * @throws {RangeError} when time would stand still for ever or go back
   */
  advance(ms: number): void {
    checkDuration(ms);
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }

  /** Moves time on at once, and only then rings what is due: as after a process was stopped for a while. */
  leap(ms: number): void {
    checkDuration(ms);
    this.#now += ms;
    this.advance(0);
  }

  /** How many alarms are set. */
  get pending(): number {
    return this.#alarms.size;
  }

  #next(end: number): Alarm | undefined {
    let first: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.at <= end && (first === undefined || alarm.at < first.at)) first = alarm;
    }
    return first;
  }
}

function checkDuration(ms: number): void {
  if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`A clock cannot move on by ${ms} milliseconds`);
}
