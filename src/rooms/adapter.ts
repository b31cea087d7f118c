/**
 * The rooms of one namespace, on this server alone, in the shape that Socket.IO's adapters have: `rooms` and `sids` to
 * read, events `create-room`, `delete-room`, `join-room` and `leave-room`.
 */
import { EventEmitter } from 'node:events';
import type { Packet } from '../socketio/packet.ts';
import type { Audience } from './audience.ts';
import { Membership, type Room, type SocketId } from './membership.ts';
import { PreparedPacket } from './prepared-packet.ts';

export interface BroadcastFlags {
  /** Leave out who cannot take it now. */
  readonly volatile?: boolean;
  /** Only sockets of this server. */
  readonly local?: boolean;
  /** May be compressed. Default true. */
  readonly compress?: boolean;
  /** Milliseconds to wait for acknowledgements. */
  readonly timeout?: number;
}

/** A socket as rooms see it. */
export interface Member {
  readonly id: SocketId;
  /** Queues bytes that other members may share. Runs no user code. */
  deliver(packet: PreparedPacket, flags: BroadcastFlags): void;
}

export class Adapter extends EventEmitter {
  readonly #membership = new Membership();
  readonly #members: ReadonlyMap<SocketId, Member>;

  /** @param members the connected sockets of the namespace, by id: the namespace's own map */
  constructor(members: ReadonlyMap<SocketId, Member>) {
    super();
    this.#members = members;
  }

  get rooms(): ReadonlyMap<Room, ReadonlySet<SocketId>> {
    return this.#membership.rooms;
  }

  get sids(): ReadonlyMap<SocketId, ReadonlySet<Room>> {
    return this.#membership.sids;
  }

  addAll(id: SocketId, rooms: Iterable<Room>): void {
    for (const room of rooms) {
      const change = this.#membership.join(id, room);
      if (change === 'created') this.emit('create-room', room);
      if (change !== 'nothing') this.emit('join-room', room, id);
    }
  }

  del(id: SocketId, room: Room): void {
    const change = this.#membership.leave(id, room);
    if (change !== 'nothing') this.emit('leave-room', room, id);
    if (change === 'emptied') this.emit('delete-room', room);
  }

  delAll(id: SocketId): void {
    for (const room of this.#membership.sids.get(id) ?? []) this.del(id, room);
    this.#membership.sids.delete(id);
  }

  socketRooms(id: SocketId): ReadonlySet<Room> | undefined {
    return this.#membership.sids.get(id);
  }

  /** The connected members of an audience. A snapshot: what is done with them may change memberships. */
  membersOf(audience: Audience): Member[] {
    const found: Member[] = [];
    audience.forEach(this.#membership, (id) => {
      const member = this.#members.get(id);
      if (member !== undefined) found.push(member);
    });
    return found;
  }

  /** Encodes the packet once and queues the same bytes for each member of the audience. */
  broadcast(packet: Packet, audience: Audience, flags: BroadcastFlags): void {
    const prepared = PreparedPacket.of(packet);
    audience.forEach(this.#membership, (id) => this.#members.get(id)?.deliver(prepared, flags));
  }

  close(): void {
    this.removeAllListeners();
  }
}
