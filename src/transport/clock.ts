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
 * After a pause of the process very many heartbeats are due at once, and ever after one period later. Each costs a write, of
 * some microseconds: others have their turn in between, which also spreads the next ones.
 */
const MAX_PER_TURN = 500;

export const systemClock: Clock = {
  now: () => performance.now(),
  wake(afterMs, callback) {
    // unref: a deadline alone is no reason for a process to stay alive; its connection is.
    const timer = setTimeout(callback, afterMs).unref();
    return () => clearTimeout(timer);
  },
};

export interface TimerOwner {
  /** Called at the timer's deadline, or up to 10 ms later; later still while very many are due at once. */
  onTimer(timer: Timer, now: number): void;
}

/** One deadline. Belongs to its owner, which may set it again and again: no closure, and no timer of the system. */
export class Timer {
  readonly owner: TimerOwner;
  // The wheel's own: links of the slot's ring, and when it is due.
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

  /** Sets or moves a timer. `at` is on the scale of `now()`; `Infinity` cancels. */
  set(timer: Timer, at: number): void {
    this.cancel(timer);
    if (at === Infinity) return;
    if (this.#count === 0) this.#tick = Math.floor(this.#clock.now() / SLOT_MS);
    timer.dueAt = at;
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
