/**
 * Closing for a deploy: clients are sent away in batches, each once nothing is owed to it or by it. They come back by
 * themselves, to whoever serves then, and not all at once.
 */
import { positiveNumber, switchable } from './option-checks.ts';
import { Timer, type TimerOwner, type TimerWheel } from './transport/clock.ts';

/** How clients are sent away. */
export interface DrainOptions {
  /** Milliseconds after which those who are left are ended, whatever they are owed. Default 10,000. */
  timeout?: number;
  /** Clients that are sent away at once. Default 100; of very many, as many as it takes to need half of `timeout`. */
  batchSize?: number;
  /** Milliseconds between batches: by chance, half to one and a half times as long. Default 100. */
  batchInterval?: number;
}

export interface CloseOptions {
  /**
   * Send clients away one batch after the other, each when the answers that it waits for, and those that we wait for, have
   * come and all that was sent to it has left. Who comes meanwhile is refused with 503. Default false: end all at once.
   */
  drain?: boolean | DrainOptions;
}

export interface ResolvedDrain {
  readonly timeoutMs: number;
  readonly batchSize: number | undefined;
  readonly batchIntervalMs: number;
}

/** @throws {TypeError | RangeError} naming the option */
export function drainOf({ drain = false }: CloseOptions): ResolvedDrain | undefined {
  const given = switchable<DrainOptions>(drain, 'drain');
  if (given === undefined) return undefined;
  const { timeout, batchSize, batchInterval } = given;
  return {
    timeoutMs: positiveNumber(timeout, 'drain.timeout', 10_000),
    batchSize: batchSize === undefined ? undefined : positiveNumber(batchSize, 'drain.batchSize', 100),
    batchIntervalMs: positiveNumber(batchInterval, 'drain.batchInterval', 100),
  };
}

/** A client that is to go. */
export interface Leaver {
  /** Whether an answer is still to come: its own, or ours. */
  readonly isOwed: boolean;
  /** Ends its session behind all that was sent to it. It runs the user's code, and does not throw. */
  leave(): void;
}

/** The door is closed: nobody comes any more. */
export interface DrainHost {
  readonly wheel: TimerWheel;
  /** Nobody is left, and everybody has heard that it is over. */
  readonly isEmpty: boolean;
}

export class Drain implements TimerOwner {
  /** Resolves when nobody is left, or the time is over. Never rejects. */
  readonly done: Promise<void>;
  readonly #host: DrainHost;
  readonly #deadline = new Timer(this);
  readonly #nextBatch = new Timer(this);
  readonly #batchSize: number;
  readonly #batchIntervalMs: number;
  #waiting: readonly Leaver[];
  #resolve: () => void = () => {};
  #isOver = false;

  constructor(host: DrainHost, clients: readonly Leaver[], options: ResolvedDrain) {
    const { timeoutMs, batchIntervalMs } = options;
    this.#host = host;
    this.#waiting = clients;
    this.#batchIntervalMs = batchIntervalMs;
    const batches = timeoutMs / 2 / batchIntervalMs;
    this.#batchSize = options.batchSize ?? Math.max(100, Math.ceil(clients.length / batches));
    this.done = new Promise((resolve) => (this.#resolve = resolve));
    host.wheel.set(this.#deadline, host.wheel.now() + timeoutMs);
    this.#sendAway();
  }

  /** Waits for nobody any more. */
  end(): void {
    this.#isOver = true;
    this.#host.wheel.cancel(this.#deadline);
    this.#host.wheel.cancel(this.#nextBatch);
    this.#resolve();
  }

  onTimer(timer: Timer): void {
    if (timer === this.#deadline) this.end();
    else this.#sendAway();
  }

  /** Sends one batch away. Who is owed something is asked again with the next one. */
  #sendAway(): void {
    let room = this.#batchSize;
    this.#waiting = this.#waiting.filter((client) => {
      if (room < 1 || client.isOwed) return true;
      room -= 1;
      client.leave();
      return false;
    });
    if (this.#isOver) return;
    if (this.#host.isEmpty) {
      this.end();
      return;
    }
    const { wheel } = this.#host;
    wheel.set(this.#nextBatch, wheel.now() + this.#batchIntervalMs * (0.5 + Math.random()));
  }
}
