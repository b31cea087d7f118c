/** At most this far from the end, the list still follows it. */
const NEAR_END_PX = 80;

/**
 * Whether the list stays at its end (following) or is being read further up, and how many rows
 * arrived unseen meanwhile, and whether one of them is for me.
 */
export class Following {
  readonly #onChange: () => void;
  #isFollowing = true;
  #unseen = 0;
  #mentionsMe = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  get unseen(): number {
    return this.#unseen;
  }

  /** Whether one of the unseen mentions me. */
  get mentionsMe(): boolean {
    return this.#mentionsMe;
  }

  /** The person scrolled. `hasNewer`: below the last rendered row there are rows not rendered. */
  scrolled(distanceToEndPx: number, hasNewer: boolean): void {
    this.#set(distanceToEndPx <= NEAR_END_PX && !hasNewer);
  }

  /** Rows of other people arrived. */
  arrived(count: number, mentionsMe = false): void {
    if (this.#isFollowing || count === 0) return;
    this.#unseen += count;
    this.#mentionsMe ||= mentionsMe;
    this.#onChange();
  }

  /** The person sent something or asked for the newest. */
  follow(): void {
    this.#set(true);
  }

  #set(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing && (!isFollowing || this.#unseen === 0)) return;
    this.#isFollowing = isFollowing;
    if (isFollowing) {
      this.#unseen = 0;
      this.#mentionsMe = false;
    }
    this.#onChange();
  }
}
