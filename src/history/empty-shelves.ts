/**
 * What is gone from shelves that have nothing left. Rooms come and go, and each may have a shelf: only so many are known by
 * name. Of the others we know the most that any of them has lost, which is more than the truth for some.
 */

const MAX_NAMES = 1_000;

export class EmptyShelves {
  /** Emptied longest ago first. */
  readonly #gone = new Map<string, number>();
  #goneElsewhere: number;

  constructor(goneElsewhere = 0) {
    this.#goneElsewhere = goneElsewhere;
  }

  /** Of the shelves that are not known by name. */
  get goneElsewhere(): number {
    return this.#goneElsewhere;
  }

  goneThrough(shelf: string): number {
    return this.#gone.get(shelf) ?? this.#goneElsewhere;
  }

  /** It is empty now. @returns a shelf that had to be forgotten for it */
  add(shelf: string, goneThrough: number): string | undefined {
    this.#gone.set(shelf, goneThrough);
    if (this.#gone.size > MAX_NAMES) {
      for (const [oldest, gone] of this.#gone) {
        this.#gone.delete(oldest);
        this.#goneElsewhere = Math.max(this.#goneElsewhere, gone);
        return oldest;
      }
    }
    return undefined;
  }

  /** It is empty no more. */
  delete(shelf: string): void {
    this.#gone.delete(shelf);
  }
}
