/**
 * Laws:
 *  1. What was noted is read again, the newest first, in pages without doubles and without gaps.
 *  2. A detail is cut to `LIMITS.deedDetailChars`.
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

export interface Deeds {
  note(deed: NewDeed): Promise<void>;
  /** Those before the one with this id; the newest for null. */
  before(id: number | null, limit: number): Promise<Deed[]>;
}
