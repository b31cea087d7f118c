/** Who an event is for: an immutable value that `to`, `in` and `except` refine, and that walks its sockets. */
import { listRooms, type Membership, type Room, type SocketId } from './membership.ts';

export class Audience {
  /** Everybody of the namespace. */
  static readonly everybody: Audience = new Audience([], []);

  /** The sockets of any of these rooms; of the whole namespace if there are none. */
  readonly rooms: readonly Room[];
  /** But nobody who is in one of these. */
  readonly excepted: readonly Room[];

  private constructor(rooms: readonly Room[], excepted: readonly Room[]) {
    this.rooms = rooms;
    this.excepted = excepted;
  }

  to(room: Room | readonly Room[]): Audience {
    return new Audience(union(this.rooms, room), this.excepted);
  }

  except(room: Room | readonly Room[]): Audience {
    return new Audience(this.rooms, union(this.excepted, room));
  }

  /**
   * Calls `visit` once for each socket of the audience. Copies no set, however large the rooms: `visit` must not change
   * memberships.
   */
  forEach(membership: Membership, visit: (id: SocketId) => void): void {
    const excepted = this.excepted.flatMap((room) => membership.rooms.get(room) ?? []);
    if (this.rooms.length === 0) {
      for (const id of membership.sids.keys()) if (!isIn(id, excepted, excepted.length)) visit(id);
      return;
    }
    const rooms = this.rooms.flatMap((room) => membership.rooms.get(room) ?? []);
    for (const [at, room] of rooms.entries()) {
      // Who is in an earlier room has been visited there.
      for (const id of room) if (!isIn(id, rooms, at) && !isIn(id, excepted, excepted.length)) visit(id);
    }
  }
}

/** Whether one of the first `count` sets has the id. */
function isIn(id: SocketId, sets: readonly ReadonlySet<SocketId>[], count: number): boolean {
  for (let at = 0; at < count; at += 1) if (sets[at]?.has(id) === true) return true;
  return false;
}

function union(known: readonly Room[], added: Room | readonly Room[]): readonly Room[] {
  return [...new Set([...known, ...listRooms(added)])];
}
