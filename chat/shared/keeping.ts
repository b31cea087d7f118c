/** What is kept at hand: pinned by a room for all who can see it, saved by a person for themselves. */
import { type Parser, count, fields, flag, optional, slug, upTo } from './fields.ts';
import { LIMITS } from './limits.ts';
import type { Message, MessageAsk } from './messages.ts';

export interface KeepAsk extends MessageAsk {
  /** True keeps it, false lets it go. Repeating changes nothing. */
  on: boolean;
}

/** The newest first; `before` is the `cursor` of the last answer. */
export interface SavedAsk {
  before?: number;
  limit?: number;
}

export interface Saved {
  messages: Message[];
  /** For the next page; null at the end. */
  cursor: number | null;
}

export const parseKeep: Parser<KeepAsk> = fields({ room: slug, seq: count(1), on: flag });
export const parseSaved: Parser<SavedAsk> = fields<SavedAsk>({
  before: optional(count(1)),
  limit: optional(upTo(LIMITS.maxPageSize)),
});
