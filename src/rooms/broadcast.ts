/** One event, many sockets: what `io.to(…)`, `socket.broadcast` and their like return. Immutable; keep it or chain it. */
import { throwLater } from '../errors.ts';
import { RESERVED_EVENTS } from '../socketio/packet.ts';
import type { Adapter, AdapterPacket } from './adapter.ts';
import { type Audience, type BroadcastFlags, EVERYBODY, listRooms, withRooms } from './audience.ts';
import type { Answers, AskedArguments, BroadcastArguments } from './broadcast-types.ts';
import { Gathering } from './gathering.ts';
import type { HistoryPage, HistoryQuery } from './history-query.ts';
import type { Room, SocketId } from './membership.ts';
import type { AdapterScope } from './memory-adapter.ts';
import type { RoomPresence } from './presence.ts';
import type { PresenceWatch } from './presence-watch.ts';
import { type FoundSocket, RemoteSocket } from './remote-socket.ts';

/** What a broadcast needs of its namespace. */
export interface BroadcastScope extends AdapterScope {
  readonly adapter: Adapter;
  /** Nobody waits for answers of that id any more. */
  forgetAnswers(id: number): void;
  /** The rooms' memory. @throws {StateError} when there is none */
  expectHistory(): { history(rooms: ReadonlySet<Room>, query: HistoryQuery): HistoryPage };
  /** Who watches the rooms. @throws {StateError} when nobody does */
  expectPresence(): PresenceWatch;
}

// oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
export class BroadcastOperator<EmitEvents extends object, SocketData = any> {
  readonly #scope: BroadcastScope;
  readonly #audience: Audience;

  constructor(scope: BroadcastScope, audience: Audience = EVERYBODY) {
    this.#scope = scope;
    this.#audience = audience;
  }

  /** Adds the sockets of a room, or of each of several. Who is in more than one still gets the event once. */
  to(room: Room | readonly Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ rooms: withRooms(this.#audience.rooms, room) });
  }

  /** The same as `to`. */
  in(room: Room | readonly Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** Leaves out everybody who is in a room, or in one of several. */
  except(room: Room | readonly Room[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ except: withRooms(this.#audience.except, room) });
  }

  /** Leaves out who cannot take it now. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#flagged({ volatile: true });
  }

  /** Reaches only sockets of this server. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#flagged({ local: true });
  }

  /** Says whether the event may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData> {
    return this.#flagged({ compress });
  }

  /** How many milliseconds clients have for their acknowledgements. */
  timeout(ms: number): BroadcastOperator<EmitEvents, SocketData> {
    return this.#flagged({ timeout: ms });
  }

  /**
   * Sends an event to the audience, encoded once. A function at the end is called when all clients have answered, with
   * `null` and their answers; or after `timeout` milliseconds, with an error and the answers so far. Without a timeout that
   * is 1 ms, as with Socket.IO: give one.
   *
   * @throws {Error} when the name is reserved
   * @throws {TypeError} when the arguments cannot be serialised
   */
  emit<Name extends keyof EmitEvents & string>(
    event: Name,
    ...args: BroadcastArguments<EmitEvents, Name>
  ): true {
    this.#emit(event, args);
    return true;
  }

  /** Sends an event and resolves with the answers of all clients. Rejects as `emit` says, with `error.responses`. */
  emitWithAck<Name extends keyof EmitEvents & string>(
    event: Name,
    ...args: AskedArguments<EmitEvents, Name>
  ): Promise<Answers<EmitEvents, Name>> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null, responses: Answers<EmitEvents, Name>): void => {
        if (error === null) resolve(responses);
        else reject(Object.assign(error, { responses }));
      };
      this.#emit(event, [...args, settle]);
    });
  }

  /**
   * What was said in the rooms, oldest first: the newest events, or those before or after a position. Without rooms, what was
   * said to everybody. Only events that are kept (the options `history` and `connectionStateRecovery`).
   *
   * @throws {StateError} when there is no history
   * @throws {RangeError} for a limit that is not a whole number above 0
   */
  async history(query: HistoryQuery = {}): Promise<HistoryPage> {
    return this.#scope.expectHistory().history(this.#audience.rooms, query);
  }

  /**
   * Who is in the room: people, each with any number of sockets (the option `presence`).
   *
   * @throws {TypeError} when this is not about one room
   * @throws {StateError} when presence is off, or the room is not watched
   */
  async presence(): Promise<RoomPresence> {
    return this.#scope.expectPresence().of(this.#audience);
  }

  /** The ids of the sockets in the rooms. Deprecated by Socket.IO: use `fetchSockets`. */
  allSockets(): Promise<Set<SocketId>> {
    return this.#scope.adapter.sockets(this.#audience.rooms);
  }

  /** The matching sockets, of all servers. */
  async fetchSockets(): Promise<FoundSocket<EmitEvents, SocketData>[]> {
    const found = await this.#scope.adapter.fetchSockets(this.#audience);
    return found.map((socket) =>
      this.#scope.sockets.get(socket.id) === socket
        ? (socket as FoundSocket<EmitEvents, SocketData>)
        : new RemoteSocket<EmitEvents, SocketData>(
            socket,
            new BroadcastOperator(this.#scope, {
              ...EVERYBODY,
              rooms: new Set([socket.id]),
              flags: { expectSingleResponse: true },
            }),
          ),
    );
  }

  /** Makes the matching sockets join rooms. */
  socketsJoin(rooms: Room | readonly Room[]): void {
    this.#scope.adapter.addSockets(this.#audience, [...listRooms(rooms)]);
  }

  /** Makes the matching sockets leave rooms. */
  socketsLeave(rooms: Room | readonly Room[]): void {
    this.#scope.adapter.delSockets(this.#audience, [...listRooms(rooms)]);
  }

  /** Disconnects the matching sockets; with `close`, their whole connections. */
  disconnectSockets(close = false): void {
    this.#scope.adapter.disconnectSockets(this.#audience, close);
  }

  #emit(event: string, args: readonly unknown[]): void {
    if (RESERVED_EVENTS.has(event)) throw new Error(`"${event}" is a reserved event name`);
    const { adapter, name } = this.#scope;
    const answer = args.at(-1);
    const packet: AdapterPacket = { type: 2, nsp: name, data: [event, ...args] };
    if (typeof answer !== 'function') {
      adapter.broadcast(packet, this.#audience);
      return;
    }
    packet.data.pop();
    this.#ask(packet, (...result) => {
      try {
        Reflect.apply(answer, this, result);
      } catch (error) {
        throwLater(error);
      }
    });
  }

  #ask(packet: AdapterPacket, answer: (error: Error | null, result: unknown) => void): void {
    const { adapter } = this.#scope;
    const { timeout = 1, expectSingleResponse } = this.#audience.flags;
    const gathering = new Gathering((error, answers) => {
      stopWaiting();
      if (packet.id !== undefined) this.#scope.forgetAnswers(packet.id);
      const single = error === null ? answers[0] : null;
      answer(error, expectSingleResponse === true ? single : answers);
    });
    const stopWaiting = this.#scope.after(timeout, () => gathering.expire());
    adapter.broadcastWithAck(
      packet,
      this.#audience,
      (count) => gathering.expect(count),
      (response) => gathering.add(response),
    );
    adapter.serverCount().then(
      (count) => gathering.expectServers(count),
      () => {}, // then the time decides
    );
  }

  #flagged(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData> {
    return this.#with({ flags: { ...this.#audience.flags, ...flags } });
  }

  #with(change: Partial<Audience>): BroadcastOperator<EmitEvents, SocketData> {
    return new BroadcastOperator<EmitEvents, SocketData>(this.#scope, { ...this.#audience, ...change });
  }
}
