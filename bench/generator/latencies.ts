/** How long things took, for percentiles: the latest million of them. */
import type { Percentiles } from './orders.ts';

const KEPT = 1_000_000;

export class Latencies {
  readonly #kept = new Float64Array(KEPT);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    this.#kept[this.#count % KEPT] = ms;
    this.#count += 1;
  }

  percentiles(): Percentiles {
    const sorted = this.#kept.slice(0, Math.min(this.#count, KEPT)).sort();
    const at = (part: number): number => sorted[Math.ceil(sorted.length * part) - 1] ?? 0;
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
  }

  reset(): void {
    this.#count = 0;
  }
}
