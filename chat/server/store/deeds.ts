/**
 * Laws:
 *  1. What was noted is read again, the newest first, in pages without doubles and without gaps.
 *  2. A detail is cut to `LIMITS.deedDetailChars`.
 *  3. Somebody's deeds are those that they did and those that were done to them, each once; a filter by kind leaves out
 *     all other kinds.
 *  4. The name of a room is told to who can see the room, and to nobody else.
 *  5. A sweep forgets deeds older than the given time and no others, at most `most` of them, the oldest first.
 */
import type { Deed, DeedName } from '../../shared/deeds.ts';

export interface NewDeed {
  what: DeedName;
  /** Null for the console. */
  by: number | null;
  at: number;
  about?: number;
  /** A slug. */
  room?: string;
  detail?: string;
}

export interface WantedDeeds {
  /** Who reads them. */
  reader: number;
  /** Those before the one with this id; the newest for null. */
  before: number | null;
  limit: number;
  person?: number;
  what?: DeedName;
}

export interface Deeds {
  note(deed: NewDeed): Promise<void>;
  list(wanted: WantedDeeds): Promise<Deed[]>;
  /** Resolves with how many were forgotten. */
  sweep(before: number, most: number): Promise<number>;
}
