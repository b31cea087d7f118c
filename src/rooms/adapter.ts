/**
 * The rooms of one namespace, on this server alone, in the shape that Socket.IO's adapters have: `rooms` and `sids` to
 * read, events `create-room`, `delete-room`, `join-room` and `leave-room`.
 */
import { EventEmitter } from 'node:events';
import type { EventData } from '../socketio/packet.ts';
import type { Audience } from './audience.ts';
import { throwLater } from '../errors.ts';
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
  /**
   * Queues bytes that other members may share. Runs no user code, which could change memberships meanwhile.
   *
   * @returns true if it was sent and somebody watches: then call `notifyOutgoing`, when no room is being walked
   */
  deliver(packet: PreparedPacket, flags: BroadcastFlags): boolean;
  /** Tells those who watch what is sent: the event's name, then its arguments. */
  notifyOutgoing(event: EventData): void;
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
      if (change === 'created') this.#tell('create-room', room);
      if (change !== 'nothing') this.#tell('join-room', room, id);
    }
  }

  del(id: SocketId, room: Room): void {
    const change = this.#membership.leave(id, room);
    if (change !== 'nothing') this.#tell('leave-room', room, id);
    if (change === 'emptied') this.#tell('delete-room', room);
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

  /** Encodes the event once and queues the same bytes for each member of the audience. */
  broadcast(namespace: string, event: EventData, audience: Audience, flags: BroadcastFlags): void {
    const prepared = PreparedPacket.of({ type: 'event', namespace, data: event });
    const watched: Member[] = [];
    audience.forEach(this.#membership, (id) => {
      const member = this.#members.get(id);
      if (member?.deliver(prepared, flags) === true) watched.push(member);
    });
    for (const member of watched) member.notifyOutgoing(event);
  }

  close(): void {
    this.removeAllListeners();
  }

  /** A listener that throws must not keep a socket from leaving its other rooms. */
  #tell(event: string, room: Room, id?: SocketId): void {
    try {
      if (id === undefined) this.emit(event, room);
      else this.emit(event, room, id);
    } catch (error) {
      throwLater(error);
    }
  }
}
