/**
 * Who is in which room: people, not sockets, on any number of nodes. Pure: it reads no clock, sets no timer and tells nobody;
 * `presence-watch.ts` does. `now` never goes back, `since` is a moment that people understand.
 *
 * Laws:
 * 1. What is said twice changes nothing: a socket joins a room as one identity, and leaves it, once.
 * 2. However many sockets an identity has in a room, on however many nodes: it joined with the first and left with the last.
 * 3. Who leaves is gone at once. Who is lost keeps a place for the time of grace, and has not left. A socket of the same
 *    identity that joins meanwhile takes the place that was lost first.
 * 4. Whoever follows the changes, adding who joined and taking away who left, knows the people of each room. A change without
 *    names makes that unknown; the next one with names begins anew. What comes and goes between two looks is no change.
 * 5. A room of more than `maxNamed` is counted, and its people are not named until nine tenths of that, or nobody, are left.
 * 6. `dropNode` loses all sockets of a node. After `merge`, its sockets are those of the snapshot; others of it are lost.
 * 7. Rooms without people are forgotten, and no more than `maxLost` places are kept: of more, the first lost are given up.
 */
import type { Room, SocketId } from './membership.ts';

export type NodeId = string;
export type Identity = string;

/** Somebody in a room. */
export interface PresentPerson {
  readonly identity: Identity;
  /** How many of their sockets are in it. None: they lost the connection, and may be back in a moment. */
  readonly sockets: number;
  /** When the first came, in milliseconds since 1970. */
  readonly since: number;
}

export interface RoomPresence {
  readonly count: number;
  /** Nothing, if the room is too large for names. */
  readonly people: readonly PresentPerson[] | undefined;
}

/** What has changed in a room. Without names, if it is too large for them. */
export type PresenceChange =
  | { readonly joined: readonly Identity[]; readonly left: readonly Identity[]; readonly count: number }
  | { readonly joined: undefined; readonly left: undefined; readonly count: number };

/** One socket in one room, as nodes tell each other. */
export interface PresenceEntry {
  readonly room: Room;
  readonly identity: Identity;
  readonly socketId: SocketId;
  readonly since: number;
}

export interface PresenceLimits {
  readonly graceMs: number;
  readonly maxNamed: number;
  readonly maxLost: number;
}

interface Person {
  since: number;
  sockets: number;
  /** Of sockets that were lost, the first lost first. Few people have any. */
  lost: LostPlace[] | undefined;
}

interface LostPlace {
  readonly room: Room;
  readonly identity: Identity;
  readonly until: number;
}

interface Crowd {
  readonly people: Map<Identity, Person>;
  /** Whether the last change had names. */
  isNamed: boolean;
}

interface Difference {
  readonly wasNamed: boolean;
  readonly joined: Set<Identity>;
  readonly left: Set<Identity>;
}

export class Presence {
  readonly #limits: PresenceLimits;
  readonly #crowds = new Map<Room, Crowd>();
  /** As whom each socket is in its rooms. */
  readonly #nodes = new Map<NodeId, Map<SocketId, Map<Room, Identity>>>();
  /** All places that are kept for lost sockets, the first lost first: the grace is the same for all. */
  readonly #lost = new Set<LostPlace>();
  readonly #differences = new Map<Room, Difference>();

  constructor(limits: PresenceLimits) {
    this.#limits = limits;
  }

  join(node: NodeId, room: Room, identity: Identity, socketId: SocketId, since: number): void {
    const known = this.#nodes.get(node)?.get(socketId)?.get(room);
    if (known === identity) return;
    if (known !== undefined) this.leave(node, room, socketId);
    this.#roomsOf(node, socketId).set(room, identity);
    const { people } = this.#crowdOf(room);
    const person = people.get(identity);
    if (person === undefined) {
      people.set(identity, { since, sockets: 1, lost: undefined });
      this.#onJoined(room, identity);
      return;
    }
    person.sockets += 1;
    person.since = Math.min(person.since, since);
    const [place] = person.lost ?? [];
    if (place !== undefined) this.#giveUp(place);
  }

  leave(node: NodeId, room: Room, socketId: SocketId): void {
    const identity = this.#unseat(node, room, socketId);
    if (identity !== undefined) this.#removeIfGone(room, identity);
  }

  /** Its connection broke: the socket is in none of its rooms any more, but its places are kept for a while. */
  lose(node: NodeId, socketId: SocketId, now: number): void {
    const rooms = this.#nodes.get(node)?.get(socketId);
    for (const room of rooms?.keys() ?? []) this.#loseFrom(node, room, socketId, now);
  }

  /** It went by itself, or was sent away. */
  leaveAll(node: NodeId, socketId: SocketId): void {
    const rooms = this.#nodes.get(node)?.get(socketId);
    for (const room of rooms?.keys() ?? []) this.leave(node, room, socketId);
  }

  /** A node is dead. Its clients may come back on others. */
  dropNode(node: NodeId, now: number): void {
    for (const socketId of this.#nodes.get(node)?.keys() ?? []) this.lose(node, socketId, now);
  }

  /** All that a node knows of its own sockets, for `merge` on others. */
  snapshot(node: NodeId): PresenceEntry[] {
    const entries: PresenceEntry[] = [];
    for (const [socketId, rooms] of this.#nodes.get(node) ?? []) {
      for (const [room, identity] of rooms) {
        const since = this.#crowds.get(room)?.people.get(identity)?.since ?? 0;
        entries.push({ room, identity, socketId, since });
      }
    }
    return entries;
  }

  /** Takes a node's own word for what it has, whatever was missed of it. */
  merge(node: NodeId, snapshot: Iterable<PresenceEntry>, now: number): void {
    const entries = [...snapshot];
    const named = new Set(entries.map(({ room, identity, socketId }) => keyOf(socketId, room, identity)));
    for (const [socketId, rooms] of this.#nodes.get(node) ?? []) {
      for (const [room, identity] of rooms) {
        if (!named.has(keyOf(socketId, room, identity))) this.#loseFrom(node, room, socketId, now);
      }
    }
    for (const { room, identity, socketId, since } of entries) {
      this.join(node, room, identity, socketId, since);
    }
  }

  /** When the next place is given up, if no time goes by without that. */
  get nextExpiry(): number | undefined {
    const [first] = this.#lost;
    return first?.until;
  }

  /** Gives up the places of those who did not come back in time. */
  expire(now: number): void {
    for (const place of this.#lost) {
      if (place.until > now) return;
      this.#giveUp(place);
    }
  }

  of(room: Room): RoomPresence {
    const crowd = this.#crowds.get(room);
    if (crowd === undefined) return { count: 0, people: [] };
    const count = crowd.people.size;
    if (!this.#canName(crowd)) return { count, people: undefined };
    const people = [...crowd.people].map(([identity, { sockets, since }]) => ({ identity, sockets, since }));
    return { count, people };
  }

  /** What has changed since this was asked last, by room. */
  takeChanges(): Map<Room, PresenceChange> {
    const changes = new Map<Room, PresenceChange>();
    for (const [room, difference] of this.#differences) {
      const change = this.#changeOf(room, difference);
      if (change !== undefined) changes.set(room, change);
    }
    this.#differences.clear();
    return changes;
  }

  #changeOf(room: Room, { wasNamed, joined, left }: Difference): PresenceChange | undefined {
    const crowd = this.#crowds.get(room);
    const count = crowd?.people.size ?? 0;
    const isNamed = crowd === undefined || (crowd.isNamed = this.#canName(crowd));
    // Someone who came and went is none, but the room may be another one now, that can be named.
    if (joined.size === 0 && left.size === 0 && wasNamed === isNamed) return undefined;
    if (!isNamed) return { joined: undefined, left: undefined, count };
    if (!wasNamed) return { joined: [...(crowd?.people.keys() ?? [])], left: [], count };
    return { joined: [...joined], left: [...left], count };
  }

  /** With a gap between the two numbers, so that a room at the edge does not flicker. */
  #canName({ people, isNamed }: Crowd): boolean {
    const { maxNamed } = this.#limits;
    return people.size <= (isNamed ? maxNamed : maxNamed * 0.9);
  }

  #loseFrom(node: NodeId, room: Room, socketId: SocketId, now: number): void {
    const identity = this.#unseat(node, room, socketId);
    const person = identity === undefined ? undefined : this.#crowds.get(room)?.people.get(identity);
    if (identity === undefined || person === undefined) return;
    const place: LostPlace = { room, identity, until: now + this.#limits.graceMs };
    (person.lost ??= []).push(place);
    this.#lost.add(place);
    // Without grace, it is as if it had left.
    if (this.#limits.graceMs === 0) this.#giveUp(place);
    const [first] = this.#lost;
    if (first !== undefined && this.#lost.size > this.#limits.maxLost) this.#giveUp(first);
  }

  /** @param place of those of its person, the first */
  #giveUp(place: LostPlace): void {
    const { room, identity } = place;
    this.#lost.delete(place);
    const person = this.#crowds.get(room)?.people.get(identity);
    if (person === undefined) return;
    person.lost?.shift();
    if (person.lost?.length === 0) person.lost = undefined;
    this.#removeIfGone(room, identity);
  }

  /** @returns as whom it was there, if it was */
  #unseat(node: NodeId, room: Room, socketId: SocketId): Identity | undefined {
    const sockets = this.#nodes.get(node);
    const rooms = sockets?.get(socketId);
    const identity = rooms?.get(room);
    if (sockets === undefined || rooms === undefined || identity === undefined) return undefined;
    rooms.delete(room);
    if (rooms.size === 0) sockets.delete(socketId);
    if (sockets.size === 0) this.#nodes.delete(node);
    const person = this.#crowds.get(room)?.people.get(identity);
    if (person !== undefined) person.sockets -= 1;
    return identity;
  }

  #removeIfGone(room: Room, identity: Identity): void {
    const crowd = this.#crowds.get(room);
    const person = crowd?.people.get(identity);
    if (crowd === undefined || person === undefined || person.sockets > 0 || person.lost !== undefined)
      return;
    const { joined, left } = this.#differenceOf(room, crowd);
    crowd.people.delete(identity);
    if (crowd.people.size === 0) this.#crowds.delete(room);
    if (!joined.delete(identity)) left.add(identity);
  }

  #onJoined(room: Room, identity: Identity): void {
    const { joined, left } = this.#differenceOf(room, this.#crowdOf(room));
    if (!left.delete(identity)) joined.add(identity);
  }

  #differenceOf(room: Room, { isNamed }: Crowd): Difference {
    let difference = this.#differences.get(room);
    if (difference === undefined) {
      difference = { wasNamed: isNamed, joined: new Set(), left: new Set() };
      this.#differences.set(room, difference);
    }
    return difference;
  }

  #crowdOf(room: Room): Crowd {
    let crowd = this.#crowds.get(room);
    if (crowd === undefined) {
      crowd = { people: new Map(), isNamed: true };
      this.#crowds.set(room, crowd);
    }
    return crowd;
  }

  #roomsOf(node: NodeId, socketId: SocketId): Map<Room, Identity> {
    let sockets = this.#nodes.get(node);
    if (sockets === undefined) this.#nodes.set(node, (sockets = new Map()));
    let rooms = sockets.get(socketId);
    if (rooms === undefined) sockets.set(socketId, (rooms = new Map()));
    return rooms;
  }
}

function keyOf(socketId: SocketId, room: Room, identity: Identity): string {
  return JSON.stringify([socketId, room, identity]);
}
