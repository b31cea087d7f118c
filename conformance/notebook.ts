/** What a scenario saw, written down by party, so that two servers can be compared. */

/** Longest wait for one observation. Far above any honest run, so that only a missing one meets it. */
export const PATIENCE_MS = 5_000;

interface Waiter {
  party: string;
  what: string;
  times: number;
  resolve: () => void;
}

/**
 * One page per party ("server", "alice"…). Order within a page is part of the observation; order between pages is
 * not, for it depends on the network.
 */
export class Notebook {
  readonly #pages = new Map<string, unknown[][]>();
  readonly #waiters = new Set<Waiter>();

  /** Writes down that `party` saw `what`. Details must be the same on every correct server: no ids, no times. */
  note(party: string, what: string, ...details: readonly unknown[]): void {
    const page = this.#pages.get(party) ?? [];
    this.#pages.set(party, page);
    page.push([what, ...details.map(comparable)]);
    for (const waiter of this.#waiters) {
      if (this.#count(waiter.party, waiter.what) >= waiter.times) waiter.resolve();
    }
  }

  /** Resolves once `party` has noted `what` at least `times` times. @throws {Error} after PATIENCE_MS. */
  async until(party: string, what: string, times = 1): Promise<void> {
    if (this.#count(party, what) >= times) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { party, what, times, resolve: () => finish(resolve) };
      const finish = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        then();
      };
      const timer = setTimeout(() => {
        const seen = JSON.stringify(this.read()).slice(0, 2_000);
        finish(() => reject(new Error(`"${party}" never noted "${what}" ×${times}. Noted so far: ${seen}`)));
      }, PATIENCE_MS);
      this.#waiters.add(waiter);
    });
  }

  /** A copy of all pages, sorted by party. */
  read(): Record<string, unknown[][]> {
    const pages = [...this.#pages].sort(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(pages.map(([party, page]) => [party, [...page]]));
  }

  #count(party: string, what: string): number {
    return (this.#pages.get(party) ?? []).filter(([noted]) => noted === what).length;
  }
}

/** Bytes become text, so that a Buffer here and a Uint8Array there differ in the notes, but equal bytes do not. */
function comparable(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `Buffer <${value.toString('hex')}>`;
  if (value instanceof Uint8Array) return `Uint8Array <${Buffer.from(value).toString('hex')}>`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer <${Buffer.from(value).toString('hex')}>`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'function') return '(function)';
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, comparable(inner)]));
  }
  return value;
}
