/** What was done with more rights than everybody has: who may configure the chat can read it. */
import { type Parser, count, fields, optional } from './fields.ts';
import type { Person } from './people.ts';

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
  /** The short name of the room. */
  room?: string;
  /** Such as the role that was given, an old name, or the number of a message: never what somebody said. */
  detail?: string;
}

/** Pages backwards: `before` is the id of the oldest that one has. */
export interface DeedsAsk {
  before?: number;
}

export const parseDeeds: Parser<DeedsAsk> = fields<DeedsAsk>({ before: optional(count(1)) });
