/**
 * The contract between a namespace and whoever knows its rooms, in the shape of Socket.IO's adapters, so that theirs work
 * here: subclasses of `Adapter` and `ClusterAdapter` from the package `socket.io-adapter`.
 *
 * Laws of an adapter:
 * 1. `addAll`, `del`, `delAll` are idempotent; `rooms` and `sids` are mirror images of each other at all times.
 * 2. A room exists while somebody is in it. `create-room` comes before its first `join-room`, `delete-room` after its last
 *    `leave-room`, and no event for what changed nothing.
 * 3. `broadcast` reaches each socket of the audience once, encoded once, in the order of the calls.
 * 4. `broadcastWithAck` says how many clients each server has asked, once per server, then hands on each answer.
 */
import type { EventEmitter } from 'node:events';
import type { ParserPacket } from '../socketio/parser-packet.ts';
import type { Audience } from './audience.ts';
import type { Room, SocketId } from './membership.ts';

/** An event in the shape of `socket.io-parser`. The adapter may set `nsp` and `id` in it, and add to `data`. */
export interface AdapterPacket extends ParserPacket {
  data: unknown[];
}

/** What is kept of a socket whose client may come back. */
export interface KeptSession {
  sid: SocketId;
  /** The private id by which the client proves that it is the same. */
  pid: string;
  rooms: Room[];
  data: unknown;
}

export interface RestoredSession extends KeptSession {
  /** Events that it has not got, each its name and arguments, oldest first. */
  missedPackets: unknown[][];
}

/** A socket of some server, as `fetchSockets` finds it. */
export interface SocketDetails {
  readonly id: SocketId;
  readonly handshake: unknown;
  readonly rooms: Iterable<Room>;
  readonly data: unknown;
}

export interface Adapter extends Pick<EventEmitter, 'on' | 'once' | 'off' | 'emit' | 'removeAllListeners'> {
  /** The sockets of each room. */
  readonly rooms: ReadonlyMap<Room, ReadonlySet<SocketId>>;
  /** The rooms of each socket. */
  readonly sids: ReadonlyMap<SocketId, ReadonlySet<Room>>;
  init(): Promise<void> | void;
  close(): Promise<void> | void;
  /** How many servers there are. */
  serverCount(): Promise<number>;
  addAll(id: SocketId, rooms: Set<Room>): Promise<void> | void;
  del(id: SocketId, room: Room): Promise<void> | void;
  delAll(id: SocketId): void;
  socketRooms(id: SocketId): ReadonlySet<Room> | undefined;
  broadcast(packet: AdapterPacket, audience: Audience): void;
  broadcastWithAck(
    packet: AdapterPacket,
    audience: Audience,
    onClientCount: (count: number) => void,
    onAnswer: (...answer: unknown[]) => void,
  ): void;
  /** The ids of all sockets in these rooms. */
  sockets(rooms: Set<Room>): Promise<Set<SocketId>>;
  fetchSockets(audience: Audience): Promise<SocketDetails[]>;
  addSockets(audience: Audience, rooms: Room[]): void;
  delSockets(audience: Audience, rooms: Room[]): void;
  disconnectSockets(audience: Audience, close: boolean): void;
  /** Tells the other servers. A function at the end wants their answers. */
  serverSideEmit(event: unknown[]): void;
  persistSession(session: KeptSession): void;
  /** Nothing, if the session or a part of what it missed is gone. */
  restoreSession(
    pid: string,
    offset: string,
  ): Promise<RestoredSession | null | undefined> | RestoredSession | null | undefined;
}

/** Makes a namespace's adapter: a subclass of Socket.IO's `Adapter`, or a function such as its `createAdapter` returns. */
// `never`: it is for the adapter to say what it needs of a namespace.
export type AdapterFactory = (new (namespace: never) => Adapter) | ((namespace: never) => Adapter);
