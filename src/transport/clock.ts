/**
 * One wheel for all heartbeats and deadlines.
 *
 * A timer is an entry in a ring of slots, 10 ms each; setting, moving and cancelling one costs a few pointers, and the
 * process holds a single timer of the system, set to the next slot that has an entry. Deadlines beyond the ring wait in
 * its last slot and are filed again when it comes round.
 */
import { throwLater } from '../errors.ts';
import type { Clock } from '../options.ts';

const SLOT_MS = 10;
const SLOTS = 4096; // 41 s: a heartbeat period fits, so entries are seldom filed twice
/**
 * Heartbeats are due together: those of one step of their slack, and after a pause of the process very many more. Each costs
 * a write, of some microseconds, and its answer; others have their turn in between.
 */
const MAX_PER_TURN = 128;

export const systemClock: Clock = {
  now: () => performance.now(),
  wake(afterMs, callback) {
    // unref: a deadline alone is no reason for a process to stay alive; its connection is.
    // Node counts from a whole millisecond that has passed already: without one more, every second wake-up is in vain.
    const timer = setTimeout(callback, Math.ceil(afterMs) + 1).unref();
    return () => clearTimeout(timer);
  },
};

/** How late the heartbeat of an idle connection may be: a hundredth of the shorter time, 200 ms by default. */
export function heartbeatSlackMs(times: {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
}): number {
  return Math.min(times.pingIntervalMs, times.pingTimeoutMs) / 100;
}

export interface TimerOwner {
  /**
   * Called at the timer's deadline, never before it, or up to 10 ms and its slack later; later still while very many are due
   * at once.
   */
  onTimer(timer: Timer, now: number): void;
}

/** One deadline. Belongs to its owner, which may set it again and again: no closure, and no timer of the system. */
export class Timer {
  readonly owner: TimerOwner;
  // The wheel's own: links of the slot's ring, and when it is due, slack included.
  next: Timer | undefined;
  previous: Timer | undefined;
  dueAt: number = Infinity;

  constructor(owner: TimerOwner) {
    this.owner = owner;
  }
}

export class TimerWheel {
  readonly #clock: Clock;
  /** Each slot is the head of a circular list, made when first used. */
  readonly #slots: (Timer | undefined)[] = Array.from({ length: SLOTS });
  #count = 0;
  #tick: number;
  #wakeTick = Infinity;
  #cancelWake: (() => void) | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
    this.#tick = Math.floor(clock.now() / SLOT_MS);
  }

  /** Milliseconds since some fixed moment. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Sets or moves a timer. `at` is on the scale of `now()`; `Infinity` cancels.
   *
   * @param slackMs how much later it may ring. Timers of the same slack lie on one grid and ring together, so that the
   * process sleeps in between: to wake up costs more than a heartbeat does
   */
  set(timer: Timer, at: number, slackMs: number = SLOT_MS): void {
    this.cancel(timer);
    if (at === Infinity) return;
    if (this.#count === 0) this.#tick = Math.floor(this.#clock.now() / SLOT_MS);
    timer.dueAt = Math.max(at, Math.ceil(at / slackMs) * slackMs); // the division may have rounded down
    this.#count += 1;
    this.#file(timer);
  }

  cancel(timer: Timer): void {
    const { next, previous } = timer;
    if (next === undefined || previous === undefined) return;
    previous.next = next;
    next.previous = previous;
    timer.next = timer.previous = undefined;
    timer.dueAt = Infinity;
    this.#count -= 1;
    if (this.#count === 0) this.#sleep();
  }

  #file(timer: Timer): void {
    const due = Math.max(Math.ceil(timer.dueAt / SLOT_MS), this.#tick + 1);
    const tick = Math.min(due, this.#tick + SLOTS - 1);
    const head = (this.#slots[tick % SLOTS] ??= emptySlot());
    timer.next = head;
    timer.previous = head.previous;
    head.previous!.next = timer;
    head.previous = timer;
    if (tick < this.#wakeTick) this.#wakeAt(tick);
  }

  #wakeAt(tick: number): void {
    this.#cancelWake?.();
    this.#wakeTick = tick;
    this.#cancelWake = this.#clock.wake(Math.max(0, tick * SLOT_MS - this.#clock.now()), () => this.#turn());
  }

  #sleep(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeTick = Infinity;
  }

  /** Fires what is due, then sleeps until the next slot that has an entry. */
  #turn(): void {
    this.#wakeTick = Infinity;
    this.#cancelWake = undefined;
    const now = this.#clock.now();
    const last = Math.floor(now / SLOT_MS);
    const first = Math.max(this.#tick + 1, last - SLOTS + 1);
    let left = MAX_PER_TURN;
    for (let tick = first; tick <= last; tick += 1) {
      this.#tick = tick;
      left = this.#fireSlot(tick % SLOTS, now, left);
      if (left === 0) {
        // This slot again, in another turn of the event loop.
        this.#tick = tick - 1;
        this.#wakeAt(tick);
        return;
      }
    }
    this.#tick = Math.max(this.#tick, last);
    for (
      let tick = this.#tick + 1;
      this.#count > 0 && tick < this.#wakeTick && tick < this.#tick + SLOTS;
      tick += 1
    ) {
      const head = this.#slots[tick % SLOTS];
      if (head !== undefined && head.next !== head) this.#wakeAt(tick);
    }
  }

  /** A callback that throws must not keep the others from their heartbeats. */
  #ring(timer: Timer, now: number): void {
    try {
      timer.owner.onTimer(timer, now);
    } catch (error) {
      throwLater(error);
    }
  }

  /** @returns how many of `left` are still left */
  #fireSlot(slot: number, now: number, left: number): number {
    const head = this.#slots[slot];
    // Callbacks may set and cancel timers, this one's neighbours too: take the first entry anew each time. What they
    // set lies in later slots, so this ends.
    let rest = left;
    for (let timer = head?.next; timer !== undefined && timer !== head && rest > 0; timer = head?.next) {
      const { dueAt } = timer;
      this.cancel(timer);
      if (dueAt > now) {
        this.set(timer, dueAt);
      } else {
        this.#ring(timer, now);
        rest -= 1;
      }
    }
    return rest;
  }
}

const NOBODY: TimerOwner = { onTimer() {} };

function emptySlot(): Timer {
  const head = new Timer(NOBODY);
  head.next = head.previous = head;
  return head;
}
