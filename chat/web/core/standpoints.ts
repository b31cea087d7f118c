import type { Storage } from './storage.ts';

/** Where one stands in a list that is read further up: a message, and how far its top is from the upper edge. */
export interface Standpoint {
  readonly seq: number;
  readonly top: number;
}

/** As the page was left at an entry of the history; null: at the end of the list. */
export interface Left {
  readonly room: string;
  readonly at: Standpoint | null;
}

const KEY = 'standpoints';
const MAX_ENTRIES = 50;

/** Where one stood at each entry of the history, so that "back", "forward" and a reload lead to the same lines. */
export class Standpoints {
  readonly #storage: Storage;
  /** By entry, the one left last at the end. */
  readonly #left: Map<string, Left>;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.#left = new Map(parse(storage.read(KEY)));
  }

  find(entry: string): Left | undefined {
    return this.#left.get(entry);
  }

  leave(entry: string, left: Left): void {
    this.#left.delete(entry);
    this.#left.set(entry, left);
    for (const old of this.#left.keys()) if (this.#left.size > MAX_ENTRIES) this.#left.delete(old);
    this.#storage.write(KEY, JSON.stringify([...this.#left]));
  }

  forget(): void {
    this.#left.clear();
    this.#storage.remove(KEY);
  }
}

function parse(text: string | undefined): [string, Left][] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isLeft) : [];
  } catch {
    return [];
  }
}

function isLeft(value: unknown): value is [string, Left] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  const { room, at } = (value[1] ?? {}) as Partial<Left>;
  return (
    typeof room === 'string' && (at === null || (typeof at?.seq === 'number' && typeof at.top === 'number'))
  );
}
