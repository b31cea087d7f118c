/** A row counts as read when it was in sight for this long. */
const SEEN_MS = 500;

/**
 * Moves "read up to here" through one room: only forward, only by what was really in sight, and only as long as somebody
 * looks at the page.
 */
export class ReadPointer {
  readonly #onRead: (seq: number) => void;
  #read: number;
  /** The last row in sight. */
  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isHeld = false;

  constructor(read: number, onRead: (seq: number) => void) {
    this.#read = read;
    this.#onRead = onRead;
  }

  get read(): number {
    return this.#read;
  }

  /** The last row in sight now; null when nobody looks. */
  see(seq: number | null): void {
    if (seq === null) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#seen = seq;
    if (seq <= this.#read || this.#isHeld || this.#timer !== undefined) return;
    // Later rows do not push this one's time back: under a stream of rows it would never be over.
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#commit(seq);
      this.see(this.#seen);
    }, SEEN_MS);
  }

  /** Read on another device, or by sending. */
  advance(seq: number): void {
    this.#read = Math.max(this.#read, seq);
  }

  /** "Mark unread from here": back to this one, and there it stays, whatever is in sight, until `release`. */
  holdAt(seq: number): void {
    this.see(null);
    this.#read = seq;
    this.#isHeld = true;
  }

  release(read: number): void {
    this.#isHeld = false;
    this.#read = read;
  }

  #commit(seq: number): void {
    if (seq <= this.#read || this.#isHeld) return;
    this.#read = seq;
    this.#onRead(seq);
  }
}
