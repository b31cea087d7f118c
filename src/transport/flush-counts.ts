/**
 * How many sockets had something to send at the end of a turn. Costs one call per turn and nothing per socket; the
 * bytes are not counted, since that would.
 */
export class FlushCounts {
  /** How many turns had up to 1, 2, 4, 8… sockets, and more than half of that. */
  readonly #bySize: number[] = Array.from({ length: 33 }, () => 0);
  #turns = 0;
  #sockets = 0;

  add(sockets: number): void {
    if (sockets === 0) return;
    this.#turns += 1;
    this.#sockets += sockets;
    const size = 32 - Math.clz32(sockets - 1);
    this.#bySize[size] = (this.#bySize[size] ?? 0) + 1;
  }

  /** A copy: `bySize` says how many turns had up to so many sockets, and more than half as many. Sizes that never came are left out. */
  toJSON(): { turns: number; sockets: number; bySize: Record<number, number> } {
    const sizes = this.#bySize.flatMap((turns, size) => (turns === 0 ? [] : [[2 ** size, turns] as const]));
    return { turns: this.#turns, sockets: this.#sockets, bySize: Object.fromEntries(sizes) };
  }
}
