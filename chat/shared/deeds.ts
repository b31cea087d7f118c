/** What was done with more rights than everybody has: who may configure the chat can read it. */
import { type Parser, count, fields, oneOf, optional } from './fields.ts';
import type { Person } from './people.ts';
import type { Room } from './rooms.ts';

export const DEEDS = [
  'chat claimed',
  'chat configured',
  'ownership given',
  'role given',
  'person renamed',
  'recovery link made',
  'recovery link used',
  'bot made',
  'bot revoked',
  'webhook made',
  'webhook revoked',
  'invite made',
  'invite revoked',
  'room archived',
  'room reopened',
  'person removed',
  'message deleted',
] as const;
export type DeedName = (typeof DEEDS)[number];

export interface Deed {
  id: number;
  at: number;
  what: DeedName;
  /** Null for whoever sits at the server's console. */
  by: Person | null;
  /** Whom it was done to. */
  about?: Person;
  /** Null for a private room that the reader is not in: that there is one is all that they learn of it. */
  room?: Pick<Room, 'slug' | 'name'> | null;
  /** Such as the role that was given, an old name, or the number of a message: never what somebody said. */
  detail?: string;
}

/** Pages backwards: `before` is the id of the oldest that one has. */
export interface DeedsAsk {
  before?: number;
  /** Only what this person did, or what was done to them. */
  person?: number;
  what?: DeedName;
}

export const parseDeeds: Parser<DeedsAsk> = fields<DeedsAsk>({
  before: optional(count(1)),
  person: optional(count(1)),
  what: optional(oneOf(DEEDS)),
});
