/**
 * Laws:
 *  1. A page holds the messages just before or just after a seq, the oldest first, at most `limit`, and tells whether
 *     there are older and newer ones.
 *  2. A page around a seq has it in its middle, or the nearest one there is.
 *  3. The first message at or after a time is found; without one, the last message is.
 *  4. Changes since a rev are all messages with a greater rev, by seq, or null if they are more than `limit`.
 *  5. A read pointer moves forward only, unless it is asked to move back; never beyond the last message.
 *  6. Unread are the messages of others behind the pointer, without system messages and tombstones.
 *  7. Those who are mentioned have the message in their inbox, the newest first; a deleted one is in nobody's.
 *  8. Between two times something was said, or not.
 *  9. A search finds messages with all words of all phrases, in rooms that the person can see, the newest first.
 * 10. Each filter of a search leaves out what it does not name.
 * 11. An edited message is found by its new words, a deleted one by none, a restored one again.
 * 12. Whom an edit mentions in what they have read already has it new in their inbox, and counted, until they read up to
 *     the newest message or say something there.
 */
import type { Message } from '../../shared/messages.ts';
import type { History, ReadState } from '../../shared/reading.ts';

export type Page = Omit<History, 'rev' | 'focus'>;

/** What to look for. Null and empty lists ask for nothing. */
export interface Sought {
  /** An FTS5 expression of quoted phrases only. */
  match: string | null;
  /** Slugs and ids. */
  rooms: readonly string[];
  from: readonly number[];
  /** Milliseconds since 1970: from `since` on, earlier than `before`. */
  since: number | null;
  before: number | null;
  has: readonly ('link' | 'code' | 'image' | 'file' | 'reaction')[];
}

export interface Reading {
  /** Before the given seq, or the newest with null. An unknown room has no messages. */
  before(room: string, seq: number | null, limit: number): Promise<Page>;
  after(room: string, seq: number, limit: number): Promise<Page>;
  around(room: string, seq: number, limit: number): Promise<Page & { focus: number | null }>;
  firstAt(room: string, at: number): Promise<number | null>;
  since(room: string, rev: number, limit: number): Promise<Message[] | null>;
  /** Whether something was said between each two neighbours of `edges`. */
  days(room: string, edges: readonly number[]): Promise<boolean[]>;

  /** Rejects if the person is not in the room. */
  read(room: string, person: number, seq: number, back: boolean): Promise<ReadState>;
  readAll(person: number): Promise<ReadState[]>;
  mentions(
    person: number,
    before: number | null,
    limit: number,
  ): Promise<{ mentions: { message: Message; seen: boolean }[]; cursor: number | null }>;

  /** In the rooms that the person can see; a visitor without a name (null) sees public ones. */
  search(
    sought: Sought,
    person: number | null,
    before: number | null,
    limit: number,
  ): Promise<{ messages: Message[]; cursor: number | null }>;
}
