/** Counts who was turned away, and why: `status 426`, `close 1009`, `slow reader`… A fixed set of reasons, never a peer's words. */
export class Refusals {
  readonly #counts = new Map<string, number>();

  count(reason: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
  }

  /** A copy: the counts so far, by reason. */
  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** How often it was for this reason. */
  get(reason: string): number {
    return this.#counts.get(reason) ?? 0;
  }
}
