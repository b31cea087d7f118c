import type { Quote } from '../../shared/events.ts';
import type { Storage } from './storage.ts';

const SAVE_DELAY_MS = 300;
const PREFIX = 'draft:';

export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo?: Quote;
}

const EMPTY: Draft = { text: '' };

/** The unsent text of each room: kept while typing, found again after a reload. */
export class Drafts {
  readonly #storage: Storage;
  readonly #onChange: () => void;
  readonly #drafts = new Map<string, Draft>();
  readonly #dirty = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(storage: Storage, onChange: () => void) {
    this.#storage = storage;
    this.#onChange = onChange;
    for (const key of storage.keys()) {
      const draft = key.startsWith(PREFIX) ? parse(storage.read(key)) : undefined;
      if (draft) this.#drafts.set(key.slice(PREFIX.length), draft);
    }
  }

  /** The rooms in which something waits to be finished. */
  get rooms(): ReadonlySet<string> {
    return new Set(this.#drafts.keys());
  }

  of(room: string): Draft {
    return this.#drafts.get(room) ?? EMPTY;
  }

  write(room: string, draft: Draft): void {
    const isEmpty = draft.text === '' && draft.replyTo === undefined;
    const was = this.#drafts.has(room);
    if (isEmpty) this.#drafts.delete(room);
    else this.#drafts.set(room, draft);
    this.#dirty.add(room);
    clearTimeout(this.#timer);
    if (isEmpty) this.save();
    else this.#timer = setTimeout(() => this.save(), SAVE_DELAY_MS);
    if (was === isEmpty) this.#onChange();
  }

  /** Stores at once: before the page goes away. */
  save(): void {
    clearTimeout(this.#timer);
    for (const room of this.#dirty) {
      const draft = this.#drafts.get(room);
      if (draft) this.#storage.write(PREFIX + room, JSON.stringify(draft));
      else this.#storage.remove(PREFIX + room);
    }
    this.#dirty.clear();
  }
}

function parse(text: string | undefined): Draft | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null) return undefined;
    const { text: written, replyTo } = value as Partial<Draft>;
    if (typeof written !== 'string') return undefined;
    return typeof replyTo?.seq === 'number' ? { text: written, replyTo } : { text: written };
  } catch {
    return undefined;
  }
}
