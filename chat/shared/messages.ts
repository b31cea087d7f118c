/**
 * Messages and what can be done to one. A message always travels whole, as it is now: whoever gets one puts it where
 * `(room, seq)` says unless they have it with the same or a greater `rev`. New, edited, deleted and reacted-to messages
 * are all the same to them.
 */
import {
  type Field,
  type Parser,
  body,
  count,
  fields,
  flag,
  invalid,
  nonce,
  oneOf,
  optional,
  slug,
  text,
} from './fields.ts';
import { LIMITS } from './limits.ts';
import type { Person } from './people.ts';
import { readEmoji } from './reaction-emoji.ts';

export interface Message {
  room: string;
  /** 1, 2, 3… in its room: with `room`, the message's public address. A reader must not mind holes. */
  seq: number;
  /** The room's revision at which this message last changed. */
  rev: number;
  from: Person;
  /** Empty in a tombstone and in a system message. */
  body: string;
  /** Milliseconds since 1970. */
  at: number;
  /** `action` is what `/me` makes. Missing for what people usually say. */
  kind?: 'action' | 'system';
  /** What happened, with `kind: 'system'`; `from` did it. */
  event?: SystemEvent;
  /** When its text was last changed. */
  edited?: number;
  /** When it was deleted, and by whom: nothing else is left of it. */
  deleted?: { at: number; by: Person };
  replyTo?: Quote;
  /** Whom it mentions: each `as` stands in the body behind an `@`. Bound when it was said, whatever they are called now. */
  mentions?: Mention[];
  /** It mentions everybody in the room, by `@room`. */
  mentionsRoom?: true;
  /** In the order in which they first came. */
  reactions?: Reaction[];
  /** What the page behind its first link says about itself. It comes a moment later, as a change. */
  preview?: Preview;
  /** It is pinned in its room: since when, and by whom if they are still here. */
  pinned?: { at: number; by?: Person };
  /** What the sender made up for this send. Present for the sender's devices only, so that a page knows its own row. */
  nonce?: string;
}

export type SystemEvent =
  | { what: 'created' }
  | { what: 'joined' }
  | { what: 'left' }
  | { what: 'added'; person: Person }
  | { what: 'removed'; person: Person }
  | { what: 'topic'; topic: string }
  | { what: 'renamed'; name: string }
  | { what: 'archived' }
  | { what: 'reopened' };

/** The message that a reply is about, as it was when the reply was sent to you. */
export interface Quote {
  seq: number;
  from: Person;
  /** The beginning of its body; empty if it is deleted. */
  excerpt: string;
}

export interface Mention {
  person: number;
  as: string;
}

export interface Preview {
  /** The link as it stands in the message. */
  href: string;
  title: string;
  description?: string;
  /** At `previewImage(id)`. */
  image?: { id: string; width: number; height: number };
}

export interface Reaction {
  emoji: string;
  /** Who reacted so, in that order. */
  people: number[];
}

/** What a message said before an edit. */
export interface Revision {
  body: string;
  /** When it was said so. */
  at: number;
}

export interface SendAsk {
  room: string;
  /** A repeated nonce of the same person gets the same answer, and nothing is stored or delivered again. */
  nonce: string;
  body: string;
  replyTo?: number;
  kind?: 'action';
}

export interface MessageAsk {
  room: string;
  seq: number;
}

export interface EditAsk extends MessageAsk {
  body: string;
}

export interface ReactAsk extends MessageAsk {
  emoji: string;
  /** True puts it there, false takes it away. Repeating changes nothing. */
  on: boolean;
}

export const parseSend: Parser<SendAsk> = fields<SendAsk>({
  room: slug,
  nonce,
  body,
  replyTo: optional(count(1)),
  kind: optional(oneOf(['action'])),
});
export const parseMessageAsk: Parser<MessageAsk> = fields({ room: slug, seq: count(1) });
export const parseEdit: Parser<EditAsk> = fields({ room: slug, seq: count(1), body });
const emoji: Field<string> = (value, name) => {
  const parsed = text(LIMITS.emojiChars)(value, name);
  if (!parsed.ok || parsed.value === undefined) return parsed;
  const read = readEmoji(parsed.value);
  return read === null ? invalid('A reaction must be one emoji.') : { ok: true, value: read };
};

export const parseReact: Parser<ReactAsk> = fields({
  room: slug,
  seq: count(1),
  emoji,
  on: flag,
});
