/** Watches who comes to a namespace's rooms and who goes, and tells it: once for each room and turn of the event loop. */
import { EventEmitter } from 'node:events';
import { StateError, throwLater } from '../errors.ts';
import type { Adapter, SocketDetails } from './adapter.ts';
import type { Audience } from './audience.ts';
import type { Room, SocketId } from './membership.ts';
import type { AdapterScope } from './memory-adapter.ts';
import { Presence, type PresenceChange, type PresenceLimits, type RoomPresence } from './presence.ts';

/** What `io.presence` tells. */
export interface PresenceEvents {
  /** Somebody has come to a room, or gone. */
  change: [room: string, change: PresenceChange];
}

/** What this needs of its namespace. */
export interface PresenceScope extends Pick<AdapterScope, 'name' | 'sockets' | 'now' | 'after'> {
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** Calls back once, at the end of this turn, before the first byte of it leaves. */
  beforeFlush(callback: () => void): void;
}

export interface PresenceSettings extends PresenceLimits {
  /** A string, or nothing for who is not counted. It is the user's function: it may throw, or be wrong. */
  identityOf(socket: SocketDetails): unknown;
  watches(room: Room, namespace: string): boolean;
}

/** Rooms that are only counted are told of once in this time. */
const COUNT_MS = 1_000;
/** The contract is for many nodes. This is ours. */
const THIS_NODE = '';

export class PresenceWatch {
  readonly events: EventEmitter<PresenceEvents> = new EventEmitter();
  readonly #scope: PresenceScope;
  readonly #settings: PresenceSettings;
  readonly #presence: Presence;
  #isScheduled = false;
  #stopWaiting: (() => void) | undefined;
  /** Rooms that were counted just now, and whether their count has changed since. */
  readonly #counted = new Map<Room, { hasChanged: boolean; readonly stop: () => void }>();

  constructor(scope: PresenceScope, settings: PresenceSettings) {
    this.#scope = scope;
    this.#settings = settings;
    this.#presence = new Presence(settings);
  }

  /** Hears who joins and leaves. Any adapter tells it, of this server's sockets. */
  watch(adapter: Adapter): void {
    adapter.on('join-room', (room: Room, id: SocketId) => this.#onJoin(room, id));
    adapter.on('leave-room', (room: Room, id: SocketId) => {
      this.#presence.leave(THIS_NODE, room, id);
      this.#tellLater();
    });
  }

  /** A socket is in the namespace, with the rooms that it got at the door. */
  enter(id: SocketId, rooms: Iterable<Room>): void {
    for (const room of rooms) this.#onJoin(room, id);
  }

  /** A socket is no longer in the namespace: it left, or it was lost and may come back. It leaves its rooms after this. */
  forget(id: SocketId, isLost: boolean): void {
    if (isLost) this.#presence.lose(THIS_NODE, id, this.#scope.now());
    else this.#presence.leaveAll(THIS_NODE, id);
    this.#tellLater();
    this.#waitForLost();
  }

  /**
   * Who is in one room.
   *
   * @throws {TypeError} for another audience
   * @throws {StateError} when the room is not watched
   */
  of({ rooms, except }: Audience): RoomPresence {
    const [room] = rooms;
    if (room === undefined || rooms.size > 1 || except.size > 0) {
      throw new TypeError(
        'Cannot tell who is present: ask for exactly one room, as in io.in(room).presence()',
      );
    }
    if (!this.#watches(room)) throw new StateError(`Cannot tell who is present: "${room}" is not watched`);
    return this.#presence.of(room);
  }

  close(): void {
    this.#stopWaiting?.();
    for (const { stop } of this.#counted.values()) stop();
    this.events.removeAllListeners();
  }

  #watches(room: Room): boolean {
    return !this.#scope.sockets.has(room) && this.#settings.watches(room, this.#scope.name);
  }

  #onJoin(room: Room, id: SocketId): void {
    const socket = this.#scope.sockets.get(id);
    // Who stands at the door is not here yet.
    if (socket === undefined) return;
    try {
      if (!this.#watches(room)) return;
      const identity = this.#settings.identityOf(socket);
      if (identity === undefined || identity === null) return;
      if (typeof identity !== 'string') {
        throw new TypeError(
          `Option "presence.identity" must return a string or nothing, got ${typeof identity}`,
        );
      }
      this.#presence.join(THIS_NODE, room, identity, id, this.#scope.wallNow());
      this.#tellLater();
    } catch (error) {
      throwLater(error);
    }
  }

  #tellLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#scope.beforeFlush(() => {
      this.#isScheduled = false;
      for (const [room, change] of this.#presence.takeChanges()) this.#onChange(room, change);
    });
  }

  #onChange(room: Room, change: PresenceChange): void {
    const counted = this.#counted.get(room);
    if (change.joined !== undefined) {
      // Names are told again. When they cease to be, that is told at once.
      counted?.stop();
      this.#counted.delete(room);
      this.#tell(room, change);
    } else if (counted === undefined) {
      this.#tellCount(room, change);
    } else {
      counted.hasChanged = true;
    }
  }

  #tellCount(room: Room, change: PresenceChange): void {
    const stop = this.#scope.after(COUNT_MS, () => {
      const hasChanged = this.#counted.get(room)?.hasChanged === true;
      this.#counted.delete(room);
      const { count } = this.#presence.of(room);
      if (hasChanged) this.#tellCount(room, { joined: undefined, left: undefined, count });
    });
    this.#counted.set(room, { hasChanged: false, stop });
    this.#tell(room, change);
  }

  #tell(room: Room, change: PresenceChange): void {
    try {
      this.events.emit('change', room, change);
    } catch (error) {
      throwLater(error);
    }
  }

  /** One timer for all who are lost: the first to be given up is the first lost. */
  #waitForLost(): void {
    const at = this.#presence.nextExpiry;
    if (at === undefined || this.#stopWaiting !== undefined) return;
    this.#stopWaiting = this.#scope.after(Math.max(0, at - this.#scope.now()), () => {
      this.#stopWaiting = undefined;
      this.#presence.expire(this.#scope.now());
      this.#tellLater();
      this.#waitForLost();
    });
  }
}
