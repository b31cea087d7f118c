/**
 * Laws:
 *  1. Each append takes the room's next seq and next rev: 1, 2, 3… without a hole.
 *  2. Appends that were called one after the other resolve in that order.
 *  3. A repeated nonce of the same person stores nothing and returns the stored message, marked as repeated.
 *  4. The same nonce of another person is another message.
 *  5. Messages without a nonce are never taken for repeated.
 *  6. A body comes back as it was given, whatever characters are in it.
 *  7. Every edit, deletion, restoration and reaction takes the room's next rev and no seq; what changes nothing takes none.
 *  8. An edited message has the new text; the old ones are kept, the oldest first.
 *  9. A deleted message keeps its place and nothing else; until the given time it can be brought back whole.
 * 10. After the sweep no call gives anything of a deleted message.
 * 11. A reaction is there once for each person, in the order in which the emoji first came.
 * 12. A reply carries the beginning of what it replies to, and nothing of it once that is deleted.
 * 13. Mentions come back as they were bound, also when the person has another name by then.
 * 14. Saying something moves one's own read pointer behind it, and nobody else's.
 * 15. An edit mentions whom it names, each once; who was mentioned with the whole room still is.
 * 16. The nonces of somebody's messages are found by their seqs, those of others are not.
 */
import type { Mention, Message, Revision, SystemEvent } from '../../shared/messages.ts';

/** A system event with the id of the person whom it is about, if any. */
export type NewEvent =
  Exclude<SystemEvent, { person: unknown }> | { what: 'added' | 'removed'; person: number };

export interface NewMessage {
  room: string;
  person: number;
  /** Null for senders that make up none, such as the tutorial's client. */
  nonce: string | null;
  body: string;
  at: number;
  kind?: 'action';
  replyTo?: number;
  mentions?: readonly Mention[];
  mentionsRoom?: boolean;
}

export interface Appended {
  message: Message;
  repeated: boolean;
}

export interface Edit {
  body: string;
  mentions: readonly Mention[];
  /** Its preview was of a link that it no longer begins with. */
  dropsPreview?: boolean;
}

export interface Messages {
  /** Rejects if there is no such room or person. A `replyTo` that does not exist is left out. */
  append(message: NewMessage): Promise<Appended>;
  /** Whether a message of this person has this nonce. */
  knows(person: number, nonce: string): Promise<boolean>;
  /** By seq, of those of the given messages that are this person's and have one. */
  nonces(room: string, person: number, seqs: readonly number[]): Promise<Map<number, string>>;
  /** A system message: what `person` did. It counts as unread for nobody. */
  appendEvent(room: string, person: number, event: NewEvent, at: number): Promise<Message>;
  get(room: string, seq: number): Promise<Message | null>;

  /** Rejects if there is no such message, or it is deleted. */
  edit(room: string, seq: number, edit: Edit, at: number): Promise<Message>;
  revisions(room: string, seq: number): Promise<Revision[]>;
  delete(room: string, seq: number, by: number, at: number, until: number): Promise<Message>;
  /** Null if it is too late, or nothing was deleted. */
  restore(room: string, seq: number, at: number): Promise<Message | null>;
  /** Forgets what was deleted and can be brought back no more. */
  sweep(at: number): Promise<void>;
  /** Null if the message would have more than `most` different emoji. */
  react(
    room: string,
    seq: number,
    reaction: { person: number; emoji: string; on: boolean; at: number },
    most: number,
  ): Promise<Message | null>;
}
