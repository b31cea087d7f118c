/** Looking for what was said. What can be typed stands in search-query.ts. */
import { type Parser, count, fields, line, optional, text, upTo } from './fields.ts';
import { LIMITS } from './limits.ts';
import type { Message } from './messages.ts';

export interface SearchAsk {
  /** As typed: words, "phrases", and the filters `from:` `in:` `before:` `after:` `has:`. */
  query: string;
  /** The IANA name of the searcher's time zone, which says when a day of `before:` and `after:` begins; by default UTC. */
  zone?: string;
  /** The `cursor` of the last answer. */
  before?: number;
  limit?: number;
}

/** Messages in rooms that the searcher can see, the newest first. */
export interface Found {
  messages: Message[];
  /** For the next page; null at the end. A search that takes long stops on the way: then a page has fewer, and a cursor. */
  cursor: number | null;
  /** What to mark in the hits: the words of each phrase, as `toSearchWords` gives them. */
  phrases: string[];
  /** Filters that mean nothing and were left out, as typed: `before:soon`, `from:nobody`. */
  unclear: string[];
}

export const parseSearchAsk: Parser<SearchAsk> = fields<SearchAsk>({
  query: text(500),
  zone: optional(line(64)),
  before: optional(count(1)),
  limit: optional(upTo(LIMITS.maxPageSize)),
});
