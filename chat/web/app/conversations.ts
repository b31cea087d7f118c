import type { Conversation } from './conversation.ts';

/** More rooms than these are forgotten again, those that were not looked at for longest first. */
const MAX_CONVERSATIONS = 20;

/** The rooms that were opened on this page. */
export class Conversations {
  readonly #make: (slug: string) => Conversation;
  /** By slug, the one looked at last at the end. */
  readonly #held = new Map<string, Conversation>();

  constructor(make: (slug: string) => Conversation) {
    this.#make = make;
  }

  find(slug: string): Conversation | undefined {
    return this.#held.get(slug);
  }

  /** Finds or makes it, and remembers that it was looked at. */
  open(slug: string): Conversation {
    const conversation = this.#held.get(slug) ?? this.#make(slug);
    this.#held.delete(slug);
    this.#held.set(slug, conversation);
    for (const old of this.#held.keys()) if (this.#held.size > MAX_CONVERSATIONS) this.#held.delete(old);
    return conversation;
  }

  drop(slug: string): void {
    this.#held.delete(slug);
  }

  clear(): void {
    this.#held.clear();
  }

  /** What is known of each, the one on the screen first. */
  revisions(): { room: string; rev: number | undefined }[] {
    return [...this.#held].map(([room, { store }]) => ({ room, rev: store.rev })).toReversed();
  }
}
