import type { Standpoint } from '../core/standpoints.ts';

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

  /** The first message in sight; undefined if it is not confirmed yet, or there is none. */
  get standpoint(): Standpoint | undefined {
    const { row, top } = this.#anchor ?? { row: undefined, top: 0 };
    const seq = row instanceof HTMLElement ? Number(row.dataset['seq']) : Number.NaN;
    return Number.isFinite(seq) ? { seq, top } : undefined;
  }

  /** The seq of the last message whose end is in sight; null if there is none. */
  get lastSeen(): number | null {
    const edge = this.#box.getBoundingClientRect().bottom + 1;
    const rows = this.#rows.children;
    let index = this.#firstWhere((rect) => rect.bottom > edge) - 1;
    for (; index >= 0; index--) {
      const row = rows[index];
      const seq = row instanceof HTMLElement ? Number(row.dataset['seq']) : Number.NaN;
      if (Number.isFinite(seq)) return seq;
    }
    return null;
  }

  remember(): void {
    const edge = this.#box.getBoundingClientRect().top;
    const rows = this.#rows.children;
    let low = this.#firstWhere((rect) => rect.bottom > edge);
    // A day label sticks to the edge and may go, as may the divider, and the start of the room may come; the message
    // after it stays.
    while (rows[low]?.matches('.day, .divider, .start')) low++;
    const row = rows[low];
    this.#anchor = row && { row, top: row.getBoundingClientRect().top - edge };
  }

  restore(isFollowing: boolean): void {
    if (isFollowing) {
      this.#box.scrollTop = this.#box.scrollHeight;
    } else if (this.#anchor?.row.isConnected) {
      this.#moveTo(this.#anchor.row, this.#anchor.top);
    }
    this.#settle();
  }

  toEnd(): void {
    this.restore(true);
  }

  /** Puts a row this far from the upper edge, as far as the list reaches. */
  stand(row: Element, top: number): void {
    this.#moveTo(row, top);
    this.#settle();
  }

  /** Puts a row in the middle. */
  centre(row: Element): void {
    this.stand(row, Math.max(48, (this.#box.clientHeight - row.getBoundingClientRect().height) / 2));
  }

  /** Whether this scroll event is the person's doing: not ours, and not the browser's after a resize. */
  isByPerson(): boolean {
    const before = this.#seen;
    this.#settle();
    const { top, height, client } = this.#seen;
    return height === before.height && client === before.client && Math.abs(top - before.top) >= 1;
  }

  #moveTo(row: Element, top: number): void {
    const edge = this.#box.getBoundingClientRect().top;
    const moved = row.getBoundingClientRect().top - edge - top;
    if (Math.abs(moved) >= 0.5) this.#box.scrollTop += moved;
  }

  #settle(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    this.#seen = { top: scrollTop, height: scrollHeight, client: clientHeight };
    this.remember();
  }

  /** Rows lie one under the other, so their places can be searched by halves. */
  #firstWhere(isPast: (rect: DOMRect) => boolean): number {
    const rows = this.#rows.children;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      if (row && !isPast(row.getBoundingClientRect())) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
