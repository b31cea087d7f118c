/** Who is in which room: two maps, each the mirror image of the other. */

export type Room = string;
export type SocketId = string;

export class Membership {
  /** The sockets of each room. A room exists while somebody is in it. */
  readonly rooms: Map<Room, Set<SocketId>> = new Map();
  /** The rooms of each socket. */
  readonly sids: Map<SocketId, Set<Room>> = new Map();

  /** @returns what this changed: nothing if the socket was in the room already */
  join(id: SocketId, room: Room): 'created' | 'joined' | 'nothing' {
    const rooms = this.#roomsOf(id);
    if (rooms.has(room)) return 'nothing';
    rooms.add(room);
    const members = this.rooms.get(room);
    if (members !== undefined) {
      members.add(id);
      return 'joined';
    }
    this.rooms.set(room, new Set([id]));
    return 'created';
  }

  /** @returns what this changed: `emptied` if the room ceased to exist */
  leave(id: SocketId, room: Room): 'emptied' | 'left' | 'nothing' {
    if (this.sids.get(id)?.delete(room) !== true) return 'nothing';
    const members = this.rooms.get(room);
    members?.delete(id);
    if (members?.size !== 0) return 'left';
    this.rooms.delete(room);
    return 'emptied';
  }

  #roomsOf(id: SocketId): Set<Room> {
    const known = this.sids.get(id);
    if (known !== undefined) return known;
    const rooms = new Set<Room>();
    this.sids.set(id, rooms);
    return rooms;
  }
}
