/**
 * What the chat remembers. Implementations: sqlite-store.ts. The suite in store-laws.ts has one test per law, with
 * the same number and words; every implementation runs it.
 *
 *  1. What a promise has confirmed is still there after the store was closed and opened again.
 *  2. A new store has the default room, without messages, at seq 0 and rev 0.
 *  3. Each append takes the room's next seq and next rev: 1, 2, 3… without a hole.
 *  4. Appends that were called one after the other resolve in that order.
 *  5. A repeated nonce of the same person stores nothing and returns the stored message, marked as repeated.
 *  6. The same nonce of another person is another message.
 *  7. Messages without a nonce are never taken for repeated.
 *  8. An append that fails leaves no trace: the next one takes the seq that it would have taken.
 *  9. A body comes back as it was given, whatever characters are in it.
 * 10. A page holds the messages just before a seq, oldest first, at most `limit`, and tells whether older ones exist.
 * 11. Changes since a rev are all messages with a greater rev, oldest first, or null if they are more than `limit`.
 * 12. A renamed person has the new name on everything that they said.
 * 13. A session leads to its person until it has not been resumed for the idle time; each resume starts that anew.
 * 14. A closed session leads to nobody, and the person's other sessions go on.
 * 15. Dropping idle sessions drops those not seen since the given time and no others.
 * 16. After close, every call is rejected; closing again is harmless.
 */
import type { Message, Person } from '../shared/events.ts';

export interface Room {
  slug: string;
  name: string;
  lastSeq: number;
  rev: number;
}

export interface NewMessage {
  room: string;
  person: number;
  /** Null for senders that make up none, such as the tutorial's client. */
  nonce: string | null;
  body: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Appended {
  message: Message;
  repeated: boolean;
}

export interface Page {
  messages: Message[];
  older: boolean;
}

/**
 * Every call gives a promise, also where SQLite answers at once: a store across a network must fit here too.
 * Times come from the caller, so that tests can turn the clock by hand.
 */
export interface Store {
  createPerson(name: string, at: number): Promise<Person>;
  /** Resolves with null if there is no such person. */
  renamePerson(person: number, name: string): Promise<Person | null>;

  /** Keeps the hash of a session's token; the token itself is known to the browser alone. */
  openSession(tokenHash: Uint8Array, person: number, at: number): Promise<void>;
  resumeSession(tokenHash: Uint8Array, at: number, idleLimitMs: number): Promise<Person | null>;
  closeSession(tokenHash: Uint8Array): Promise<void>;
  dropSessions(lastSeenBefore: number): Promise<void>;

  room(slug: string): Promise<Room | null>;

  /** Rejects if there is no such room or person. */
  append(message: NewMessage): Promise<Appended>;
  /** Before the given seq, or the newest with null. An unknown room has no messages. */
  before(room: string, seq: number | null, limit: number): Promise<Page>;
  since(room: string, rev: number, limit: number): Promise<Message[] | null>;

  close(): Promise<void>;
}
