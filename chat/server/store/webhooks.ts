/**
 * A webhook is a bot of one room that can only speak there: its token opens no session.
 *
 * Laws:
 *  1. A webhook is found by the hash of its token, and among people, until it is revoked; its bot is in its room and in
 *     no other.
 *  2. A room never has more webhooks than the given limit, and none by a name with a key that is taken.
 *  3. A room's list has its webhooks, the oldest first, with when each last spoke; they are not listed among the bots.
 *  4. It is revoked as a webhook of its own room, or as any bot: its name is free then, and what it said stays.
 */
import type { Bot, Me, Person } from '../../shared/people.ts';
import type { NewBot } from './people.ts';

export interface NewWebhook extends NewBot {
  /** The slug of its room. */
  room: string;
  /** How many the room can have. */
  most: number;
}

export interface FoundWebhook {
  bot: Me;
  room: string;
  /** Who made it. */
  by: number;
}

export interface Webhooks {
  create(webhook: NewWebhook): Promise<Person | 'taken' | 'too many'>;
  find(tokenHash: Uint8Array): Promise<FoundWebhook | null>;
  list(room: string): Promise<Bot[]>;
  /** Those of the given people who are webhooks. */
  among(people: readonly number[]): Promise<number[]>;
  /** False if the room has no such webhook. */
  revoke(room: string, bot: number): Promise<boolean>;
}
