/** The answers that one namespace gave to what its clients said: notes in its log, for those who say it again. */
import type { Journal } from './journal.ts';

export interface AnswerLimits {
  readonly maxAgeMs: number;
  readonly maxIds: number;
}

export interface AnswersHost {
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Something was kept that will be too old one day. */
  onKept(): void;
  /** Calls back in a later turn. */
  soon(callback: () => void): void;
}

export class Answers {
  readonly #journal: Journal;
  readonly #host: AnswersHost;
  readonly #limits: AnswerLimits;
  #keptSinceSweep = 0;

  constructor(journal: Journal, limits: AnswerLimits, host: AnswersHost) {
    this.#journal = journal;
    this.#limits = limits;
    this.#host = host;
  }

  /** Keeps an answer, in one transaction with what is said in this turn. */
  keep(key: string, answer: unknown): void {
    this.#journal.put('answer', key, answer);
    this.#host.onKept();
    this.#keptSinceSweep += 1;
    // Not in this turn: sweeping commits, and would cut its transaction in two.
    if (this.#keptSinceSweep === Math.ceil(this.#limits.maxIds / 10)) this.#host.soon(() => this.sweep());
  }

  find(key: string): unknown {
    const note = this.#journal.note('answer', key);
    return note === undefined || note.at < this.#oldest ? undefined : note.value;
  }

  /** Forgets those that are too old, and the oldest of too many. */
  sweep(): void {
    this.#keptSinceSweep = 0;
    this.#journal.sweep('answer', this.#oldest, this.#limits.maxIds);
  }

  get #oldest(): number {
    return this.#host.wallNow() - this.#limits.maxAgeMs;
  }
}
