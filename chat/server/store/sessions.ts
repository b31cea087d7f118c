/**
 * Laws:
 *  1. A session leads to its person until it has not been resumed for the idle time; each resume starts that anew.
 *  2. A closed session leads to nobody, and the person's other sessions go on.
 *  3. Dropping idle sessions drops those not seen since the given time and no others; a bot's is never idle.
 *  4. A session that was given another token keeps its id, and the old token leads to nobody.
 *  5. Somebody can see and close their own sessions only.
 */
import type { SessionInfo } from '../../shared/people.ts';

export interface NewSession {
  /** The hash of a session's token; the token itself is known to the browser alone. */
  tokenHash: Uint8Array;
  person: number;
  agent: string;
  address: string;
  at: number;
}

export interface Resumed {
  id: number;
  person: number;
  isBot: boolean;
}

export interface SessionStore {
  /** Resolves with its id. */
  open(session: NewSession): Promise<number>;
  resume(tokenHash: Uint8Array, at: number, idleLimitMs: number, address: string): Promise<Resumed | null>;
  replaceToken(session: number, tokenHash: Uint8Array): Promise<void>;
  list(person: number): Promise<Omit<SessionInfo, 'current'>[]>;
  /** False if the person has no such session. */
  close(person: number, session: number): Promise<boolean>;
  /** Closes all of the person's but one; resolves with their ids. */
  closeOthers(person: number, kept: number): Promise<number[]>;
  dropIdle(lastSeenBefore: number): Promise<void>;
}
