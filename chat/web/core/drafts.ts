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

/**
 * The unsent text of each room: kept while typing, found again after a reload. A browser keeps the drafts of one person,
 * in rooms where they are; those of whoever was here before are deleted as soon as that is known.
 */
export class Drafts {
  readonly #storage: Storage;
  readonly #onChange: () => void;
  readonly #drafts = new Map<string, Draft>();
  readonly #dirty = new Set<string>();
  /** Begins the keys of whose drafts these are. Nobody's until somebody is known: nothing is stored before. */
  #prefix: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(storage: Storage, onChange: () => void) {
    this.#storage = storage;
    this.#onChange = onChange;
  }

  /** Takes up what this person left here. Returns whether it was another's before. */
  belongTo(person: number | null): boolean {
    const prefix = person === null ? undefined : `${PREFIX}${person}:`;
    const isOther = prefix !== this.#prefix;
    if (prefix !== undefined && !isOther) return false;
    this.#prefix = prefix;
    clearTimeout(this.#timer);
    this.#dirty.clear();
    this.#drafts.clear();
    for (const key of this.#storage.keys()) {
      if (!key.startsWith(PREFIX)) continue;
      const isTheirs = prefix !== undefined && key.startsWith(prefix);
      const draft = isTheirs ? parse(this.#storage.read(key)) : undefined;
      if (draft && prefix) this.#drafts.set(key.slice(prefix.length), draft);
      else this.#storage.remove(key);
    }
    this.#onChange();
    return isOther;
  }

  /** Drops those in rooms where one is no longer: an answer quotes what was said there. */
  keepIn(rooms: ReadonlySet<string>): void {
    for (const room of this.rooms) if (!rooms.has(room)) this.write(room, EMPTY);
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
    for (const room of this.#prefix === undefined ? [] : this.#dirty) {
      const draft = this.#drafts.get(room);
      if (draft) this.#storage.write(this.#prefix + room, JSON.stringify(draft));
      else this.#storage.remove(this.#prefix + room);
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
