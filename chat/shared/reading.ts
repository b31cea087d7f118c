/** Reading: coming into a room, moving through its history, and how far one has read. */
import { type Failure, failure } from './failures.ts';
import { type Parsed, type Parser, count, fields, flag, numbers, optional, slug, upTo } from './fields.ts';
import { LIMITS } from './limits.ts';
import type { Message } from './messages.ts';
import type { ChatInfo, Me } from './people.ts';
import type { MyRoom, Room } from './rooms.ts';

/** What a page needs to draw itself, in one answer. Asked for after each connect. */
export interface Hello {
  /** Null when this browser has not given a name yet. */
  me: Me | null;
  chat: ChatInfo;
  /** Changes from when the server's build does: a page that sees another value reloads itself. */
  build: string;
  /** The rooms that I am in; `message` and `room` events of all of them arrive from now on. */
  rooms: MyRoom[];
  /** The ids of the people who are here now. */
  online: number[];
}

export interface EnterAsk {
  room: string;
  /** The `rev` of the room when this page last heard of it. */
  rev?: number;
}

export interface Entered {
  /** As in `Hello`, for pages that never asked for it. */
  me: Me | null;
  build: string;
  /** A `MyRoom` if one is in it: whoever reads a public room without having joined gets a `Room`. */
  room: Room | MyRoom;
  /**
   * By seq, the oldest first. The newest page, or, if `rev` was given and not too long ago, every message that changed
   * since, however old it is.
   */
  messages: Message[];
  /** True if `messages` is the complete list of changes since the given `rev`. */
  caughtUp: boolean;
  /** True if messages older than the first of `messages` exist. */
  older: boolean;
  /** How many people are here now. */
  online: number;
}

/** One of `before`, `after`, `around` and `at`. */
export interface HistoryAsk {
  room: string;
  /** The page just before this seq. */
  before?: number;
  /** The page just after this seq; 0 is the beginning of the room. */
  after?: number;
  /** The page with this seq in its middle: permalinks, quotes, search hits, the last one read. */
  around?: number;
  /** The page around the first message at or after this time, in milliseconds since 1970. */
  at?: number;
  /** By default `LIMITS.pageSize`, at most `LIMITS.maxPageSize`. */
  limit?: number;
}

export interface History {
  /** The oldest first. */
  messages: Message[];
  /** Whether there are messages before the first and after the last of them. */
  older: boolean;
  newer: boolean;
  /** The room's revision when this was read. */
  rev: number;
  /** With `around` and `at`: the seq to show. The nearest one there is; null if the room is empty. */
  focus: number | null;
}

/**
 * For a calendar: whether anything was said between each two neighbours of `edges`, in milliseconds since 1970, rising.
 * The page computes them, since when a day begins is a matter of its zone.
 */
export interface DaysAsk {
  room: string;
  edges: number[];
}

export interface ReadAsk {
  room: string;
  /** All up to this one are read. */
  seq: number;
  /** "Mark unread from here": the pointer may also move back. */
  back?: boolean;
}

/** How far I have read in a room: also told to my other devices. */
export interface ReadState {
  room: string;
  read: number;
  unread: number;
  mentions: number;
}

/** The messages that mention me, the newest first; `before` is the `cursor` of the last answer. */
export interface MentionsAsk {
  before?: number;
  limit?: number;
}

export interface Mentions {
  mentions: { message: Message; seen: boolean }[];
  /** For the next page; null at the end. */
  cursor: number | null;
}

const MAX_EDGES = 64;

export const parseEnter: Parser<EnterAsk> = fields<EnterAsk>({ room: slug, rev: optional(count(0)) });

const parseHistoryFields: Parser<HistoryAsk> = fields<HistoryAsk>({
  room: slug,
  before: optional(count(1)),
  after: optional(count(0)),
  around: optional(count(0)),
  at: optional(count(0)),
  limit: optional(upTo(LIMITS.maxPageSize)),
});

export function parseHistory(ask: unknown): Parsed<HistoryAsk> {
  const parsed = parseHistoryFields(ask);
  if (!parsed.ok) return parsed;
  const { before, after, around, at } = parsed.value;
  const given = [before, after, around, at].filter((place) => place !== undefined);
  return given.length === 1 ? parsed : noPlace;
}

const noPlace: Failure = failure('invalid', 'One of "before", "after", "around" and "at" must be given.');

export function parseDays(ask: unknown): Parsed<DaysAsk> {
  const parsed = fields<DaysAsk>({ room: slug, edges: numbers(MAX_EDGES) })(ask);
  if (!parsed.ok) return parsed;
  const { edges } = parsed.value;
  const rising = edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? edge));
  return rising && edges.length > 1
    ? parsed
    : failure('invalid', '"edges" must be two or more rising times.');
}

export const parseRead: Parser<ReadAsk> = fields<ReadAsk>({
  room: slug,
  seq: count(0),
  back: optional(flag),
});
export const parseMentions: Parser<MentionsAsk> = fields<MentionsAsk>({
  before: optional(count(1)),
  limit: optional(upTo(LIMITS.maxPageSize)),
});
