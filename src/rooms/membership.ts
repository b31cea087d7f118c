/** Who is in which room: two maps, each the mirror image of the other. */

export type Room = string;
export type SocketId = string;

type Sets = Map<string, Set<string>>;

/**
 * Each socket is in the room that has its id for a name, mostly alone and in no other: then its rooms and the room's sockets
 * are one set in both maps, until either changes. With two, they would be a tenth of a connection's memory.
 */
export class Membership {
  /** The sockets of each room. A room exists while somebody is in it. */
  readonly rooms: Map<Room, Set<SocketId>> = new Map();
  /** The rooms of each socket. */
  readonly sids: Map<SocketId, Set<Room>> = new Map();

  /** @returns what this changed: nothing if the socket was in the room already */
  join(id: SocketId, room: Room): 'created' | 'joined' | 'nothing' {
    if (this.sids.get(id)?.has(room) === true) return 'nothing';
    const isNew = !this.rooms.has(room);
    if (isNew && id === room && !this.sids.has(id)) {
      const both = new Set([id]);
      this.sids.set(id, both);
      this.rooms.set(room, both);
    } else {
      setToChange(this.sids, id, this.rooms).add(room);
      setToChange(this.rooms, room, this.sids).add(id);
    }
    return isNew ? 'created' : 'joined';
  }

  /** @returns what this changed: `emptied` if the room ceased to exist */
  leave(id: SocketId, room: Room): 'emptied' | 'left' | 'nothing' {
    if (this.sids.get(id)?.has(room) !== true) return 'nothing';
    setToChange(this.sids, id, this.rooms).delete(room);
    const members = setToChange(this.rooms, room, this.sids);
    members.delete(id);
    if (members.size > 0) return 'left';
    this.rooms.delete(room);
    return 'emptied';
  }
}

/** The set under a key, made if there is none, and nobody else's. */
function setToChange(sets: Sets, key: string, mirror: Sets): Set<string> {
  const known = sets.get(key);
  if (known !== undefined && mirror.get(key) !== known) return known;
  const own = new Set(known);
  sets.set(key, own);
  return own;
}
