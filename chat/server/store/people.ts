/**
 * Laws:
 *  1. A new person is in every default room, with all read that was said there before.
 *  2. No two people have a key in common; who wants a name with a key that is taken is not made, or keeps the old name.
 *  3. A renamed person has the new name on everything that they said.
 *  4. There is at most one owner, also when two claim at once, and when it is handed over.
 *  5. A password is found by the first key of its person's name, and no other way.
 *  6. People are listed by name, members of the given room first; revoked bots and forgotten guests are not listed,
 *     and are nobody.
 *  7. A guest who said nothing, was not seen and was sent no link for the given time is forgotten, and nobody else is: they are in no room,
 *     and their name is free.
 *  8. Quiet hours come back as they were set, and are gone when they are taken away.
 */
import type { Bot, ChatInfo, Me, Person, QuietHours } from '../../shared/people.ts';
import type { Role } from '../../shared/roles.ts';

export interface NewPerson {
  name: string;
  /** What the name looks like: names with a key in common cannot be told apart. The first is what it is looked up by. */
  keys: readonly string[];
  role: Role;
  at: number;
}

export interface NewBot extends NewPerson {
  by: number;
  tokenHash: Uint8Array;
}

export interface ForgetGuests {
  /** Who was seen since then, or is here now, stays. */
  seenBefore: number;
  present: readonly number[];
  /** Looks at no more than `limit` people, those with a greater id than this. */
  after: number;
  limit: number;
}

export interface ForgottenGuests {
  forgotten: { person: Person; rooms: string[] }[];
  /** For the next call; null when there is nobody left. */
  after: number | null;
}

export interface People {
  /** Null if a key is taken. */
  create(person: NewPerson): Promise<Me | null>;
  get(person: number): Promise<Me | null>;
  /** When they came. Rejects if there is no such person. */
  created(person: number): Promise<number>;
  /** Null if a key is somebody else's. Rejects if there is no such person. */
  rename(person: number, name: string, keys: readonly string[]): Promise<Me | null>;
  /** The people whose names have one of these as their first key. */
  byKeys(keys: readonly string[]): Promise<{ key: string; person: Person }[]>;
  list(filter: { like: string; room: string | null; limit: number }): Promise<Person[]>;

  setPassword(person: number, hash: string): Promise<void>;
  /** By the first key of a name; null if there is nobody, or they have no password. */
  password(key: string): Promise<{ person: number; hash: string } | null>;
  setRole(person: number, role: Role): Promise<Me>;
  setQuietHours(person: number, quiet: QuietHours | null): Promise<Me>;
  /** Null if nobody is. */
  owner(): Promise<number | null>;
  /** Makes somebody else the owner; who was it is an admin then. False if `from` is not the owner. */
  handOver(from: number, to: number): Promise<boolean>;
  /** Makes the person the owner; false if there is one. */
  claim(person: number): Promise<boolean>;

  /** Null if a key is taken. */
  createBot(bot: NewBot): Promise<Person | null>;
  bots(): Promise<Bot[]>;
  /** Ends its sessions; false if there is no such bot. Its name is free then. */
  revokeBot(bot: number): Promise<boolean>;

  forgetGuests(which: ForgetGuests): Promise<ForgottenGuests>;

  chat(): Promise<Omit<ChatInfo, 'claimable'>>;
  configure(chat: Partial<Omit<ChatInfo, 'claimable'>>): Promise<void>;
}
