/**
 * Keeps the reader's place in a scrolling list. Before its rows change, `remember`; after, `restore`:
 * either to the end, or so that the first row in sight is where it was, to the pixel.
 */
export class ScrollKeeper {
  readonly #box: HTMLElement;
  readonly #rows: HTMLElement;
  #anchor: { row: Element; top: number } | undefined;
  /** The last known position: a scroll event that does not differ from it is our own. */
  #seen = { top: -1, height: -1, client: -1 };

  constructor(box: HTMLElement, rows: HTMLElement) {
    this.#box = box;
    this.#rows = rows;
  }

  get distanceToEnd(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight;
  }

  remember(): void {
    const edge = this.#box.getBoundingClientRect().top;
    const rows = this.#rows.children;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rows[middle]?.getBoundingClientRect().bottom ?? Infinity) <= edge) low = middle + 1;
      else high = middle;
    }
    // A day label sticks to the edge and may go; the message after it stays.
    while (rows[low]?.classList.contains('day')) low++;
    const row = rows[low];
    this.#anchor = row && { row, top: row.getBoundingClientRect().top - edge };
  }

  restore(isFollowing: boolean): void {
    if (isFollowing) {
      this.#box.scrollTop = this.#box.scrollHeight;
    } else if (this.#anchor?.row.isConnected) {
      const edge = this.#box.getBoundingClientRect().top;
      const moved = this.#anchor.row.getBoundingClientRect().top - edge - this.#anchor.top;
      if (Math.abs(moved) >= 0.5) this.#box.scrollTop += moved;
    }
    this.#see();
    this.remember();
  }

  /** Whether this scroll event is the person's doing: not ours, and not the browser's after a resize. */
  isByPerson(): boolean {
    const before = this.#seen;
    this.#see();
    this.remember();
    const { top, height, client } = this.#seen;
    return height === before.height && client === before.client && Math.abs(top - before.top) >= 1;
  }

  #see(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    this.#seen = { top: scrollTop, height: scrollHeight, client: clientHeight };
  }
}
