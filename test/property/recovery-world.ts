/** A namespace with recovery, its log, some clients: all that happens between them happens when the test says so. */
import { ManualClock } from 'websockets.io/testing';
import { type HistoryOptions, historyOf, recoveryOf } from '../../src/history-options.ts';
import type { HistoryLog } from '../../src/history/history-log.ts';
import { HistoryAdapter } from '../../src/rooms/history-adapter.ts';
import type { Namespace } from '../../src/namespaces/namespace.ts';
import type { Socket } from '../../src/namespaces/socket.ts';
import { openNamespace } from '../fake-client.ts';
import { Expected, type ExpectedAudience } from './expected.ts';
import { Link, OfficialClient } from './official-client.ts';
import { watched } from './watched-log.ts';

export interface WorldOptions {
  /** Opens the log, anew for each process if it outlives them. */
  readonly openLog: () => HistoryLog;
  readonly clients: number;
  readonly polling: boolean;
  /** Nothing is ever thrown away: whoever asks for its session gets it. */
  readonly keepsAll: boolean;
  readonly maxEvents: number;
  /** Who comes back waits at the door, too. */
  readonly hasDoor: boolean;
}

/** Rooms that have rules of their own. */
export const BRIEF_ROOM = 'brief';
export const PASSING_ROOM = 'passing';
const WINDOW_MS = 1_000;

export class World {
  readonly clients: readonly OfficialClient[];
  readonly clock: ManualClock = new ManualClock();
  readonly expected: Expected = new Expected();
  readonly #options: WorldOptions;
  #life = 0;
  #log: HistoryLog | undefined;
  #namespace: Namespace;
  #links: Link[] = [];
  #beforeFlush: (() => void)[] = [];
  #nextTurn: (() => void)[] = [];
  /** Who waits at the door. */
  #door: (() => void)[] = [];
  #lastId = 0;
  /** Who has asked for what a room said: then it cannot be known for some time what it has heard. */
  readonly #asked = new Set<OfficialClient>();
  /** What was wrong where a server's user is called, whose errors are not ours to throw. */
  #wrong: Error | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.clients = Array.from(
      { length: options.clients },
      () =>
        new OfficialClient({
          onConnect: (client, sid, as) => this.#onConnect(client, sid, as),
          onHeard: (sid, id) => this.expected.hear(sid, id),
        }),
    );
    this.#namespace = this.#begin();
  }

  client(index: number): OfficialClient {
    const client = this.clients[index % this.clients.length];
    if (client === undefined) throw new RangeError('a world without clients');
    return client;
  }

  /** Where the server believes that the client is. */
  socketOf(client: OfficialClient): Socket | undefined {
    return client.sid === undefined ? undefined : this.#namespace.sockets.get(client.sid);
  }

  /** What `tell` sends, and to whom. */
  say(
    { rooms, except }: ExpectedAudience,
    isKept: boolean,
    tell: (namespace: Namespace, id: number) => void,
  ): void {
    this.#lastId += 1;
    const required = isKept && !(rooms.length === 1 && rooms[0] === PASSING_ROOM);
    this.expected.say({ id: this.#lastId, required }, { rooms, except });
    tell(this.#namespace, this.#lastId);
  }

  move(client: OfficialClient, does: 'join' | 'leave', room: string): void {
    const socket = this.socketOf(client);
    if (socket === undefined) return;
    void socket[does](room);
    const { rooms } = this.expected.session(socket.id);
    if (does === 'join') rooms.add(room);
    else rooms.delete(room);
  }

  /** As `move`, and the client asks for what was told to the room since a position that it has heard, some events ago. */
  joinSince(client: OfficialClient, room: string, ago: number): void {
    const socket = this.socketOf(client);
    const since = client.positions.at(-1 - ago);
    if (socket === undefined || since === undefined) return;
    this.expected.ask(socket.id, room);
    this.#asked.add(client);
    void socket.join(room, { since });
    this.expected.session(socket.id).rooms.add(room);
    // Looking back commits in the middle of the turn: where exactly is not of interest.
    this.endTurn();
  }

  /** The client speaks, and the user keeps something in its data. */
  speak(client: OfficialClient): void {
    const { link, sid } = client;
    const socket = link?.server.sockets.get('/');
    if (sid === undefined || socket === undefined || socket !== this.socketOf(client)) return;
    this.#lastId += 1;
    socket.onPacket({ type: 'event', namespace: '/', data: ['say'] });
    socket.data.said = this.#lastId;
    this.expected.session(sid).data = this.#lastId;
  }

  comeBack(client: OfficialClient): void {
    if (client.link !== undefined) return;
    const link = new Link(this.#life, this.#options.polling);
    this.#links.push(link);
    client.open(link, this.#namespace);
  }

  /** The server notices that the client's connection is dead: the newest, or one that the client has left. */
  notice(at: number): void {
    this.#links[at % this.#links.length]?.server.lose();
    this.#links = this.#links.filter(({ server }) => server.isOpen);
  }

  /** An answer to a heartbeat arrives, of a client that may have gone since. */
  pong(at: number): void {
    this.#links[at % this.#links.length]?.pong();
  }

  /** What was sent to the clients has been written. */
  write(): void {
    for (const { server } of this.#links) {
      server.isFull = false;
      server.write();
    }
  }

  /** The first at the door is let in. */
  async admit(): Promise<void> {
    this.#door.shift()?.();
    // A door that lets its guests wait lets them in behind the current call.
    await Promise.resolve();
  }

  /** @throws {Error} what was found wrong meanwhile */
  check(): void {
    if (this.#wrong !== undefined) throw this.#wrong;
  }

  endTurn(): void {
    for (const callback of this.#beforeFlush.splice(0)) callback();
    // If there was nothing to commit, it is as good as committed.
    this.expected.onCommitted();
    for (const link of this.#links) link.flush();
    for (const callback of this.#nextTurn.splice(0)) callback();
  }

  /** The process is gone, and what it did in this turn, unless it was committed. Another takes its place. */
  crash(): void {
    this.#end();
    this.expected.onCrash();
    this.#namespace = this.#begin();
  }

  /** The server is closed, and another takes its place. */
  redeploy(): void {
    this.endTurn();
    for (const { server } of this.#links) server.lose();
    void this.#namespace.adapter.close();
    this.#end();
    this.#namespace = this.#begin();
  }

  /** All that hinders the clients ends. @throws {Error} if one of them does not get what it must */
  async settle(): Promise<void> {
    for (let round = 0; round < 50; round += 1) {
      let isQuiet = true;
      this.write();
      this.endTurn();
      for (const client of this.clients) {
        const { link } = client;
        while (client.read(Infinity)) isQuiet = false;
        const isWell = link !== undefined && link.life === this.#life && link.server.isOpen;
        if (isWell) continue;
        client.drop();
        this.comeBack(client);
        isQuiet = false;
      }
      while (this.#door.length > 0) {
        await this.admit();
        isQuiet = false;
      }
      if (isQuiet) break;
    }
    this.check();
    for (const { sid } of this.clients) {
      if (sid === undefined) throw new Error('a client did not get in');
      const missing = this.expected.missing(sid);
      if (missing.length > 0) throw new Error(`${missing.join(', ')} never heard`);
    }
  }

  /** Frees what the world holds. */
  close(): void {
    this.#end();
  }

  #begin(): Namespace {
    const { openLog, keepsAll, hasDoor } = this.#options;
    this.#life += 1;
    const life = this.#life;
    const maxEvents = keepsAll ? Infinity : this.#options.maxEvents;
    const history: HistoryOptions = {
      log: watched(openLog(), () => this.expected.onCommitted()),
      maxAge: Infinity,
      maxEvents,
      keep: (event) => event !== 'passing',
      rooms: (room) => {
        if (room === PASSING_ROOM) return false;
        return room === BRIEF_ROOM && !keepsAll ? { maxEvents: 2 } : undefined;
      },
    };
    const recovery = recoveryOf({
      maxDisconnectionDuration: keepsAll ? Infinity : WINDOW_MS,
      maxPackets: Infinity,
      skipMiddlewares: !hasDoor,
    });
    const settings = historyOf(history, recovery, 0);
    if (settings?.log === undefined) throw new Error('a world without history');
    const { log } = settings;
    this.#log = log;
    const namespace = openNamespace('/', {
      recovery,
      openAdapter: (scope) => new HistoryAdapter(scope, { ...settings, log }),
      now: () => this.clock.now(),
      wallNow: () => this.clock.now(),
      beforeFlush: (callback) => this.#beforeFlush.push(callback),
      nextTurn: (callback) => this.#nextTurn.push(callback),
      after: (ms, callback) => this.clock.wake(ms, () => life === this.#life && callback()),
    });
    if (hasDoor) namespace.use((_socket, next) => this.#door.push(next));
    namespace.on('connection', (socket: Socket) => this.#onEntered(socket));
    return namespace;
  }

  #end(): void {
    for (const { server } of this.#links) server.conn.close();
    this.#links = [];
    this.#door = [];
    this.#beforeFlush = [];
    this.#nextTurn = [];
    this.#log?.close();
  }

  #onEntered(socket: Socket): void {
    if (!socket.recovered) {
      this.expected.begin(socket.id);
      return;
    }
    const { rooms, data } = this.expected.session(socket.id);
    const [was, is] = [[...rooms].sort().join(), [...socket.rooms].sort().join()];
    if (was !== is) this.#wrong ??= new Error(`came back into the rooms ${is}, was in ${was}`);
    if (socket.data.said !== data)
      this.#wrong ??= new Error(`came back with ${socket.data.said}, had ${String(data)}`);
  }

  #onConnect(client: OfficialClient, sid: string, as: 'first' | 'recovered' | 'anew'): void {
    this.expected.session(sid);
    if (as === 'anew' && this.#options.keepsAll && !this.#asked.delete(client))
      throw new Error('did not get its session back');
  }
}
