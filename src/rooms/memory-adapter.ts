/** The rooms of one namespace, on this server alone: what a namespace has unless its user gives it another adapter. */
import { EventEmitter } from 'node:events';
import { throwLater } from '../errors.ts';
import type { EngineMessages } from '../socketio/codec.ts';
import type { EventData, Packet } from '../socketio/packet.ts';
import { parseParserPacket } from '../socketio/parser-packet.ts';
import type { Adapter, AdapterPacket, KeptSession, RestoredSession, SocketDetails } from './adapter.ts';
import { type Audience, type BroadcastFlags, EVERYBODY, isSameAudience, walkAudience } from './audience.ts';
import { Membership, type Room, type SocketId } from './membership.ts';
import { PreparedPacket } from './prepared-packet.ts';

/** A socket as rooms see it. */
export interface Member extends SocketDetails {
  /** Queues bytes that other members may share. Runs no user code, which could change memberships meanwhile. */
  deliver(packet: PreparedPacket, flags: BroadcastFlags): void;
  /** Whether somebody watches what is sent: then call `notifyOutgoing` before `deliver`, when no room is being walked. */
  readonly isWatched: boolean;
  /** Tells those who watch what is sent: the event's name, then its arguments. */
  notifyOutgoing(event: EventData): void;
  /** Calls back once, if the client answers the packet of that id. */
  awaitAnswer(id: number, onAnswer: (...answer: readonly unknown[]) => void): void;
  join(rooms: Room | Room[]): Promise<void> | void;
  leave(room: Room): Promise<void> | void;
  disconnect(close?: boolean): unknown;
}

/** What these adapters need of their namespace. */
export interface AdapterScope {
  readonly name: string;
  /** The connected sockets by id. */
  readonly sockets: ReadonlyMap<SocketId, Member>;
  /** Encodes a packet with the server's parser. */
  encode(packet: Packet): EngineMessages;
  nextAckId(): number;
  /** Milliseconds, on a clock that never goes back. */
  now(): number;
  /** Calls back once, later. Returns a function that calls it off. */
  after(ms: number, callback: () => void): () => void;
}

export class MemoryAdapter extends EventEmitter implements Adapter {
  protected readonly scope: AdapterScope;
  readonly #membership = new Membership();
  /** Who got the last broadcast, until somebody comes or goes: the next one is often for the same. */
  #crowd: { readonly audience: Audience; readonly members: readonly Member[] } | undefined;

  constructor(scope: AdapterScope) {
    super();
    this.scope = scope;
  }

  get rooms(): ReadonlyMap<Room, ReadonlySet<SocketId>> {
    return this.#membership.rooms;
  }

  get sids(): ReadonlyMap<SocketId, ReadonlySet<Room>> {
    return this.#membership.sids;
  }

  init(): void {}

  close(): void {
    this.removeAllListeners();
  }

  serverCount(): Promise<number> {
    return Promise.resolve(1);
  }

  addAll(id: SocketId, rooms: Iterable<Room>): void {
    this.#crowd = undefined;
    for (const room of rooms) {
      const change = this.#membership.join(id, room);
      if (change === 'created') this.#tell('create-room', room);
      if (change !== 'nothing') this.#tell('join-room', room, id);
    }
  }

  del(id: SocketId, room: Room): void {
    this.#crowd = undefined;
    const change = this.#membership.leave(id, room);
    if (change !== 'nothing') this.#tell('leave-room', room, id);
    if (change === 'emptied') this.#tell('delete-room', room);
  }

  delAll(id: SocketId): void {
    this.#crowd = undefined;
    for (const room of this.#membership.sids.get(id) ?? []) this.del(id, room);
    this.#membership.sids.delete(id);
  }

  socketRooms(id: SocketId): ReadonlySet<Room> | undefined {
    return this.#membership.sids.get(id);
  }

  /** Encodes the event once and queues the same bytes for each member of the audience. */
  broadcast(packet: AdapterPacket, audience: Audience): void {
    this.#send(packet, audience, () => {});
  }

  broadcastWithAck(
    packet: AdapterPacket,
    audience: Audience,
    onClientCount: (count: number) => void,
    onAnswer: (...answer: unknown[]) => void,
  ): void {
    // All may be asked under one number: the namespace's numbers are unique.
    const id = this.scope.nextAckId();
    packet.id = id;
    let count = 0;
    this.#send(packet, audience, (member) => {
      count += 1;
      member.awaitAnswer(id, onAnswer);
    });
    onClientCount(count);
  }

  sockets(rooms: Set<Room>): Promise<Set<SocketId>> {
    return Promise.resolve(new Set(this.#membersOf({ ...EVERYBODY, rooms }).map(({ id }) => id)));
  }

  fetchSockets(audience: Audience): Promise<SocketDetails[]> {
    return Promise.resolve(this.#membersOf(audience));
  }

  addSockets(audience: Audience, rooms: Room[]): void {
    for (const member of this.#membersOf(audience)) void member.join(rooms);
  }

  delSockets(audience: Audience, rooms: Room[]): void {
    for (const member of this.#membersOf(audience)) for (const room of rooms) void member.leave(room);
  }

  disconnectSockets(audience: Audience, close: boolean): void {
    for (const member of this.#membersOf(audience)) member.disconnect(close);
  }

  /** There is no other server: nobody is told, and whoever wants answers gets none at once. */
  serverSideEmit(event: unknown[]): void {
    const answers = event.at(-1);
    if (typeof answers === 'function') Reflect.apply(answers, undefined, [null, []]);
  }

  persistSession(_session: KeptSession): void {}

  restoreSession(_pid: string, _offset: string): RestoredSession | null {
    return null;
  }

  /** Encodes what is broadcast. */
  protected prepare(packet: AdapterPacket, { flags }: Audience): PreparedPacket {
    return PreparedPacket.ofMessages(this.scope.encode(parseParserPacket(packet)), flags.compress);
  }

  #send(packet: AdapterPacket, audience: Audience, asked: (member: Member) => void): void {
    const { flags } = audience;
    packet.nsp = this.scope.name;
    const prepared = this.prepare(packet, audience);
    const watched: Member[] = [];
    for (const member of this.#crowdOf(audience)) {
      asked(member);
      if (member.isWatched) watched.push(member);
      else member.deliver(prepared, flags);
    }
    for (const member of watched) {
      member.notifyOutgoing(packet.data as unknown as EventData);
      member.deliver(prepared, flags);
    }
  }

  /** As `#membersOf`, for reading. */
  #crowdOf(audience: Audience): readonly Member[] {
    if (this.#crowd === undefined || !isSameAudience(this.#crowd.audience, audience)) {
      this.#crowd = { audience, members: this.#membersOf(audience) };
    }
    return this.#crowd.members;
  }

  /** The connected members of an audience. A snapshot: what is done with them may change memberships. */
  #membersOf(audience: Audience): Member[] {
    const found: Member[] = [];
    walkAudience(audience, this.#membership.rooms, this.scope.sockets, (member) => found.push(member));
    return found;
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
