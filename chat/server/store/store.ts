/**
 * What the chat remembers, in parts. Each part's file has its numbered laws; the suites in laws/ have one test per law,
 * with the same number and words, and every implementation runs them. Implementation: sqlite/.
 *
 * Every call gives a promise, also where SQLite answers at once: a store across a network must fit here too. Times come
 * from the caller, so that tests can turn the clock by hand. Rooms are named by their slug, people by their id.
 *
 * Laws of the whole:
 *  1. What a promise has confirmed is still there after the store was closed and opened again.
 *  2. A new store has the default room, without messages, at seq 0 and rev 0; nobody in it, and no owner.
 *  3. A call that fails leaves no trace.
 *  4. Without space for what is new, writing rejects with `StoreFull`, and reading goes on.
 *  5. A backup is a whole store of its own: opened in another place it has all that was confirmed before.
 *  6. After close, every call is rejected; closing again is harmless.
 */
import type { Deeds } from './deeds.ts';
import type { Invites } from './invites.ts';
import type { Keeping } from './keeping.ts';
import type { Messages } from './messages.ts';
import type { Passkeys } from './passkeys.ts';
import type { People } from './people.ts';
import type { Previews } from './previews.ts';
import type { Reading } from './reading.ts';
import type { Recoveries } from './recoveries.ts';
import type { Rooms } from './rooms.ts';
import type { SessionStore } from './sessions.ts';
import type { Webhooks } from './webhooks.ts';

export interface Store {
  readonly people: People;
  readonly sessions: SessionStore;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly reading: Reading;
  readonly invites: Invites;
  readonly recoveries: Recoveries;
  readonly passkeys: Passkeys;
  readonly deeds: Deeds;
  readonly webhooks: Webhooks;
  readonly keeping: Keeping;
  readonly previews: Previews;

  /** Resolves if the store can read. */
  check(): Promise<void>;
  /** Counts for the metrics. */
  counts(): Promise<{ people: number; rooms: number; messages: number }>;
  /** What is to be done once a day, and is done in a moment. */
  tidy(): Promise<void>;
  /** Writes a copy of everything into a file that does not exist yet. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** There is no space left to write to. */
export class StoreFull extends Error {
  override readonly name: string = 'StoreFull';
}

/** This person asked for too much at once: later, nothing is wrong with it. */
export class StoreBusy extends Error {
  override readonly name: string = 'StoreBusy';
}
