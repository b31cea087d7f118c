/** Who an event is for, in the terms of Socket.IO's adapters, and how its sockets are found. */
import type { Room, SocketId } from './membership.ts';

export interface BroadcastFlags {
  /** Leave out who cannot take it now. */
  readonly volatile?: boolean;
  /** Only sockets of this server. */
  readonly local?: boolean;
  /** May be compressed. Default true. */
  readonly compress?: boolean;
  /** Milliseconds to wait for acknowledgements. */
  readonly timeout?: number;
  /** One socket is asked: its answer alone is the result, not a list. */
  readonly expectSingleResponse?: boolean;
}

/** Never changed once made, though Socket.IO's adapters want plain sets: whoever adds a room makes a new one. */
export interface Audience {
  /** The sockets of any of these rooms; of the whole namespace if there are none. */
  readonly rooms: Set<Room>;
  /** But nobody who is in one of these. */
  readonly except: Set<Room>;
  readonly flags: BroadcastFlags;
}

const NO_ROOMS: Set<Room> = new Set();

export const EVERYBODY: Audience = Object.freeze({ rooms: NO_ROOMS, except: NO_ROOMS, flags: {} });

/** One room or several, as a list. Untyped callers name rooms with numbers too, and `undefined` is nobody's room. */
export function listRooms(rooms: Room | readonly Room[]): readonly Room[] {
  return Array.isArray(rooms) ? (rooms as readonly Room[]) : [rooms as Room];
}

export function withRooms(known: ReadonlySet<Room>, added: Room | readonly Room[]): Set<Room> {
  return new Set([...known, ...listRooms(added)]);
}

/** Whether two audiences are the same sockets, as long as nobody comes or goes. */
export function isSameAudience(one: Audience, other: Audience): boolean {
  return isSameSet(one.rooms, other.rooms) && isSameSet(one.except, other.except);
}

function isSameSet(one: ReadonlySet<Room>, other: ReadonlySet<Room>): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const room of one) if (!other.has(room)) return false;
  return true;
}

type Sets = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Calls `visit` once for each connected socket of the audience. Copies no set, however large the rooms: `visit` must not
 * change memberships.
 *
 * @param memberships the ids in each room
 * @param connected by id; who is in a room may not be among them yet
 */
export function walkAudience<Member extends { readonly id: SocketId }>(
  { rooms, except }: Pick<Audience, 'rooms' | 'except'>,
  memberships: Sets,
  connected: ReadonlyMap<SocketId, Member>,
  visit: (member: Member) => void,
): void {
  const excepted = except.size === 0 ? [] : findRooms(except, memberships);
  if (rooms.size === 0) {
    for (const member of connected.values()) if (!isIn(member.id, excepted, excepted.length)) visit(member);
    return;
  }
  const wanted = findRooms(rooms, memberships);
  for (const [at, room] of wanted.entries()) {
    for (const id of room) {
      // Who is in an earlier room has been visited there.
      if (isIn(id, wanted, at) || isIn(id, excepted, excepted.length)) continue;
      const member = connected.get(id);
      if (member !== undefined) visit(member);
    }
  }
}

function findRooms(names: ReadonlySet<Room>, rooms: Sets): ReadonlySet<SocketId>[] {
  const found: ReadonlySet<SocketId>[] = [];
  for (const name of names) {
    const room = rooms.get(name);
    if (room !== undefined) found.push(room);
  }
  return found;
}

/** Whether one of the first `count` sets has the id. */
function isIn(id: SocketId, sets: readonly ReadonlySet<SocketId>[], count: number): boolean {
  for (let at = 0; at < count; at += 1) if (sets[at]?.has(id) === true) return true;
  return false;
}
