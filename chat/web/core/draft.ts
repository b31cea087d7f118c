import type { Storage } from './storage.ts';

const SAVE_DELAY_MS = 300;

/** The unsent text of one room: kept while typing, found again after a reload. */
export class Draft {
  readonly #storage: Storage;
  readonly #key: string;
  #text: string;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(storage: Storage, room: string) {
    this.#storage = storage;
    this.#key = `draft:${room}`;
    this.#text = storage.read(this.#key) ?? '';
  }

  get text(): string {
    return this.#text;
  }

  write(text: string): void {
    this.#text = text;
    clearTimeout(this.#timer);
    if (text === '') this.save();
    else this.#timer = setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  /** Stores at once: before the page goes away. */
  save(): void {
    clearTimeout(this.#timer);
    if (this.#text === '') this.#storage.remove(this.#key);
    else this.#storage.write(this.#key, this.#text);
  }
}
