/**
 * Laws:
 *  1. A pinned message says since when and by whom, and takes the room's next rev; what changes nothing takes none.
 *  2. The pins of a room come with the last pinned first, and are at most so many.
 *  3. Saved messages come with the last said first, in pages, and are at most so many; nobody has another's.
 *  4. A deleted message is neither pinned nor saved; a restored one is as before.
 *  5. Saved messages of rooms that the person cannot see any more do not come.
 */
import type { Message } from '../../shared/messages.ts';
import type { Saved } from '../../shared/keeping.ts';

export interface Keep {
  room: string;
  seq: number;
  person: number;
  on: boolean;
  at: number;
}

export interface Keeping {
  /** Null if there are `most` already. Rejects if there is no such message. */
  pin(keep: Keep, most: number): Promise<Message | null>;
  pins(room: string): Promise<Message[]>;
  /** False if there are `most` already. Rejects if there is no such message. */
  save(keep: Keep, most: number): Promise<boolean>;
  saved(person: number, before: number | null, limit: number): Promise<Saved>;
  savedIn(room: string, person: number): Promise<number[]>;
}
