/** Guests who gave a name, said nothing and went: after a while their names are free, and lists of members without them. */
import { type Conversation, publicPerson, tellMember } from './conversation.ts';
import { formatError } from './log.ts';

/** Shorter than a session lasts: whoever comes back later gives a name again, and has lost nothing else. */
export const GUEST_IDLE_LIMIT_MS: number = 7 * 24 * 60 * 60 * 1_000;
/** How many people are looked at in one go. */
const PEOPLE_AT_ONCE = 500;

export class IdleGuests {
  readonly #chat: Conversation;
  #after = 0;

  constructor(chat: Conversation) {
    this.#chat = chat;
  }

  /** Looks at the next few people, and begins anew behind the last. */
  async forgetSome(): Promise<void> {
    try {
      await this.#forgetSome();
    } catch (error) {
      this.#chat.log.error(formatError('Cannot forget idle guests', error));
    }
  }

  async #forgetSome(): Promise<void> {
    const { store, presence, now, log } = this.#chat;
    const { forgotten, after } = await store.people.forgetGuests({
      seenBefore: now() - GUEST_IDLE_LIMIT_MS,
      present: presence.people,
      after: this.#after,
      limit: PEOPLE_AT_ONCE,
    });
    this.#after = after ?? 0;
    for (const { person, rooms } of forgotten) {
      for (const room of rooms) {
        tellMember(this.#chat, room, { person: publicPerson(person), host: false, joined: false });
      }
    }
    if (forgotten.length > 0) log.info('Idle guests forgotten', { count: forgotten.length });
  }
}
