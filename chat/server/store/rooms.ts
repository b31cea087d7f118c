/**
 * Laws:
 *  1. A room that somebody made has them as its host and first member. Its slug is new: a public room's is made of its
 *     name, any other's of nothing that one could know.
 *  2. Public rooms are seen by everybody, others by their members only.
 *  3. The same two people have one direct room, whoever opens it; the same several have one group.
 *  4. Joining twice is joining once; who joins has read what was said before.
 *  5. Who left is no member, and does not have the room among theirs; who joins again is no host.
 *  6. Members are paged by name, public rooms by slug, without doubles and without gaps.
 *  7. A changed room has what was changed and keeps the rest.
 *  8. A direct room in which nothing was said is among the rooms of who opened it only.
 *  9. No two rooms have a key in common: one that wants a key that is taken is not made, or keeps the old name.
 * 10. Who comes in is in the default rooms: the given public ones that are not archived, and always the first room.
 *     Choosing others brings nobody in and takes nobody out; an archived room is none, also when it is opened again.
 */
import type { ListedRoom, Member, MyRoom, NotifyLevel, Room, RoomKind } from '../../shared/rooms.ts';

export interface NewRoom {
  name: string;
  /** What the name looks like, for rooms whose names must be told apart: the public ones. */
  keys: readonly string[];
  kind: 'public' | 'private';
  topic: string;
  by: number;
  at: number;
}

export interface RoomChange {
  /** With its keys, see `NewRoom`. */
  name?: { name: string; keys: readonly string[] };
  topic?: string;
  archived?: boolean;
}

export interface SeenRoom {
  room: Room;
  /** Null for who can see the room but is not in it. */
  membership: { host: boolean } | null;
}

export interface Rooms {
  /** The room as this person sees it; null if they cannot. A visitor without a name (null) sees public rooms. */
  seenBy(slug: string, person: number | null): Promise<SeenRoom | null>;
  /** Null if the person is not in it. */
  mine(slug: string, person: number): Promise<MyRoom | null>;
  allMine(person: number): Promise<MyRoom[]>;
  slugsOf(person: number): Promise<string[]>;
  listed(person: number, after: string, limit: number): Promise<ListedRoom[]>;

  /** Null if a key is taken. */
  create(room: NewRoom): Promise<Room | null>;
  /** Whether exactly these people, `by` among them, have a room. */
  hasDirect(people: readonly number[], by: number): Promise<boolean>;
  /** The room of exactly these people, `by` among them. */
  direct(people: readonly number[], by: number, at: number): Promise<{ room: Room; made: boolean }>;
  /** Null if a key of the new name is another room's. Rejects if there is no such room. */
  change(slug: string, change: RoomChange, at: number): Promise<Room | null>;

  /** Resolves with the rooms that are default rooms now and were not, or the other way round. */
  setDefaults(slugs: readonly string[]): Promise<Room[]>;

  /** False if they were in it already. */
  join(slug: string, person: number, at: number): Promise<boolean>;
  /** False if they were not in it. */
  leave(slug: string, person: number): Promise<boolean>;
  /** What is not given stays. `quietUntil` of 0 ends it. */
  setLevel(slug: string, person: number, wish: { level?: NotifyLevel; quietUntil?: number }): Promise<void>;
  /** By name; `after` is the last person that one has, null for the beginning. */
  members(slug: string, after: number | null, limit: number): Promise<Omit<Member, 'online'>[]>;
  memberIds(slug: string): Promise<number[]>;
  /** Those of the given people who are in the room. */
  membersAmong(slug: string, people: readonly number[]): Promise<number[]>;
}

export function isDirect(kind: RoomKind): boolean {
  return kind === 'dm' || kind === 'group';
}
