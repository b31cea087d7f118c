/**
 * Rooms that remember: what was sent is kept in a log, with its position behind the event's arguments, so that a client that
 * was lost, or reads slowly, gets what it missed (Socket.IO's "connection state recovery"), and so that history can be read.
 */
import { type AnswerLimits, Answers } from '../history/answers.ts';
import { Journal, type JournalHost, type KeepRules } from '../history/journal.ts';
import type { HistoryLog, LogEntry, PageLimits } from '../history/history-log.ts';
import { Sessions } from '../history/sessions.ts';
import type { EngineMessages } from '../socketio/codec.ts';
import type { EventData } from '../socketio/packet.ts';
import { parseParserPacket } from '../socketio/parser-packet.ts';
import type { AdapterPacket, KeptSession, RestoredSession } from './adapter.ts';
import type { Audience } from './audience.ts';
import type { KeptFor, KeptPage } from './catch-up.ts';
import type { HistoryEvent, HistoryPage, HistoryQuery } from './history-query.ts';
import { type AdapterScope, MemoryAdapter } from './memory-adapter.ts';
import type { Room, SocketId } from './membership.ts';
import { PreparedPacket } from './prepared-packet.ts';
import { Turns } from './turns.ts';

/** What an adapter with history needs of its namespace. */
export interface HistoryScope extends AdapterScope, Omit<JournalHost, 'onKeepError'> {
  /** An event that was encoded for this namespace. */
  decode(messages: EngineMessages): EventData | undefined;
  /** Calls back once, at the end of this turn; from there, at the end of the next one. */
  nextTurn(callback: () => void): void;
  /** Lets go of a socket whose client has come back on another connection. Its session is kept. */
  supersede(id: SocketId): void;
}

export interface HistorySettings {
  readonly log: HistoryLog;
  readonly rulesOf: (namespace: string) => KeepRules;
  /** Whether an event is kept, if it is one that can be: not volatile, and no answer asked for. */
  readonly keeps: (event: string, namespace: string) => boolean;
  /** Milliseconds that a lost client is remembered. */
  readonly maxDisconnectionMs: number;
  /** Lost clients that are remembered. */
  readonly maxSessions: number;
  readonly onKeepError: (error: unknown) => void;
  /** How long answers to clients are remembered, if they are. */
  readonly answers?: AnswerLimits | undefined;
}

/** One page of catching up: a few hundred writes' worth, so that no client keeps the loop from the others. */
const PAGE: PageLimits = { maxEntries: 256, maxBytes: 256 * 1024 };
/** What all who catch up get in one turn of the event loop, in packets: about 10 ms of it. */
const TURN = 4_096;
const SWEEP_MS = 30_000;
const MAX_QUERY_BYTES = 4 * 1024 * 1024;

export class HistoryAdapter extends MemoryAdapter {
  declare protected readonly scope: HistoryScope;
  /** What clients were answered. */
  readonly answers: Answers;
  readonly #settings: HistorySettings;
  readonly #journal: Journal;
  readonly #sessions: Sessions;
  /** Who came back, until it has entered: from where it has to catch up. */
  readonly #resuming = new Map<SocketId, number>();
  /** Several who catch up share what is made of an entry. */
  readonly #preparedFor = new WeakMap<EngineMessages, PreparedPacket>();
  readonly #turns: Turns;
  #stopSweeping: (() => void) | undefined;
  /** When something was kept last. */
  #keptAt = 0;

  constructor(scope: HistoryScope, settings: HistorySettings) {
    super(scope);
    this.#settings = settings;
    this.#turns = new Turns(TURN, (begin) => scope.nextTurn(begin));
    const { log, onKeepError, maxDisconnectionMs, maxSessions } = settings;
    const wallNow = (): number => scope.wallNow();
    const host = { wallNow, onKeepError, beforeFlush: (commit: () => void) => scope.beforeFlush(commit) };
    this.#journal = new Journal(log.open(scope.name, wallNow()), host, settings.rulesOf(scope.name), () =>
      this.#sessions.changes(),
    );
    this.#sessions = new Sessions({
      journal: this.#journal,
      outlivesProcess: log.outlivesProcess,
      limits: { maxDisconnectionMs, maxSessions },
      wallNow,
      hasEntered: (sid) => scope.sockets.has(sid),
      dataOf: (sid) => scope.sockets.get(sid)?.data,
      onKeepError,
    });
    this.answers = new Answers(this.#journal, settings.answers ?? { maxAgeMs: 0, maxIds: 1 }, {
      wallNow,
      onKept: () => this.#sweepLater(),
      soon: (callback) => scope.after(0, callback),
    });
  }

  override close(): void {
    this.#stopSweeping?.();
    this.#journal.close();
    super.close();
  }

  override addAll(id: SocketId, rooms: Iterable<Room>): void {
    const session = this.#sessions.open(id);
    const list = [...rooms];
    for (const room of list) session.attendance.enter(room, this.#journal.head);
    this.#sessions.onChanged(session);
    super.addAll(id, list);
  }

  override del(id: SocketId, room: Room): void {
    const session = this.#sessions.of(id);
    if (session !== undefined) {
      session.attendance.leave(room, this.#journal.head);
      this.#sessions.onChanged(session);
    }
    super.del(id, room);
  }

  override delAll(id: SocketId): void {
    this.#sessions.forget(id);
    super.delAll(id);
  }

  /** A client has entered. @returns from where it has to catch up, if it has come back */
  begin(id: SocketId, pid: string | undefined, said: unknown): number | undefined {
    const from = this.#resuming.get(id);
    this.#resuming.delete(id);
    if (from === undefined) this.#sessions.begin(id, pid, said);
    return from;
  }

  /** A client has said something. */
  onHeard(id: SocketId): void {
    this.#sessions.onHeard(id);
  }

  /** A heartbeat goes out, behind everything up to an offset. */
  onPinged(id: SocketId, through: number = this.#journal.head): void {
    this.#sessions.of(id)?.onPinged(through);
  }

  /** The heartbeat was answered. */
  onPong(id: SocketId): void {
    this.#sessions.of(id)?.onPong();
  }

  override persistSession({ sid, pid, data }: KeptSession): void {
    this.#resuming.delete(sid);
    this.#sessions.lose(sid, pid, data);
    this.#sweepLater();
  }

  override restoreSession(pid: string, said: string): RestoredSession | null {
    const holder = this.#sessions.holderOf(pid);
    // The client knows before us that its connection is dead.
    if (holder !== undefined) this.scope.supersede(holder);
    const taken = this.#sessions.take(pid, (session) => {
      const from = session.resumeFrom(said, (position) => this.#journal.offsetOf(position));
      if (from === undefined || this.#journal.hasGap(from, session.attendance.roomsSince(from))) return false;
      this.#resuming.set(session.sid, from);
      return true;
    });
    if (taken === undefined) return null;
    const { session, data } = taken;
    return { sid: session.sid, pid, rooms: session.attendance.rooms, data, missedPackets: [] };
  }

  /** What is kept for one socket. */
  keptFor(id: SocketId): KeptFor {
    const journal = this.#journal;
    return {
      get head() {
        return journal.head;
      },
      page: (after) => this.#pageFor(id, after),
      inTurn: (portion) => this.#turns.take(portion),
      repeat: (after, through) => this.#repeat(id, after, through),
      roomsPage: (rooms, after) => this.#pageOf(journal.since(after, { rooms, everybody: false }, PAGE)),
    };
  }

  /** The newest offset. */
  get head(): number {
    return this.#journal.head;
  }

  /** The newest position. */
  get position(): string {
    return this.#journal.position(this.#journal.head);
  }

  /** @returns nothing, if something in the rooms behind it is gone or it is no position of this history */
  offsetIn(rooms: ReadonlySet<Room>, position: string): number | undefined {
    const offset = this.#journal.offsetOf(position);
    return offset === undefined || this.#journal.hasGap(offset, rooms) ? undefined : offset;
  }

  /** The events that were sent to some rooms; without rooms, to everybody. */
  history(rooms: ReadonlySet<Room>, { after, before, limit = 100 }: HistoryQuery): HistoryPage {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new RangeError(`Cannot read history: "limit" must be a whole number above 0, got ${limit}`);
    }
    const journal = this.#journal;
    const { position } = this;
    const wanted = { rooms, everybody: rooms.size === 0 };
    const limits = { maxEntries: Math.min(limit, 1_000), maxBytes: MAX_QUERY_BYTES };
    if (after !== undefined) {
      const offset = this.offsetIn(rooms, after);
      const { entries } = journal.since(offset ?? journal.head, wanted, limits);
      return { events: this.#eventsOf(entries), position, gap: offset === undefined };
    }
    const offset = before === undefined ? journal.head + 1 : journal.offsetOf(before);
    if (offset === undefined) return { events: [], position, gap: true };
    const entries = journal.before(offset, wanted, limits);
    return {
      events: this.#eventsOf(entries),
      position,
      gap: entries.length < limits.maxEntries && journal.hasGap(0, rooms),
    };
  }

  protected override prepare(packet: AdapterPacket, audience: Audience): PreparedPacket {
    const { rooms, except, flags } = audience;
    const canKeep = packet.id === undefined && flags.volatile !== true;
    const shelf = canKeep ? this.#journal.shelfOf(rooms) : undefined;
    if (shelf === undefined || !this.#settings.keeps(String(packet.data[0]), this.scope.name)) {
      // The official client takes any text at the end for its position.
      if (packet.id === undefined && typeof packet.data.at(-1) === 'string') packet.data.push(this.position);
      return super.prepare(packet, audience);
    }
    const offset = this.#journal.head + 1;
    packet.data.push(this.#journal.position(offset));
    const messages = this.scope.encode(parseParserPacket(packet));
    this.#journal.keep({ offset, rooms: [...rooms], except: [...except], shelf, messages });
    this.#sweepLater();
    return PreparedPacket.ofMessages(messages, flags.compress, offset);
  }

  #repeat(id: SocketId, after: number, through: number): void {
    const session = this.#sessions.of(id);
    if (session === undefined) return;
    session.repeat(after, through);
    this.#sessions.onChanged(session);
  }

  #pageFor(id: SocketId, after: number): KeptPage | undefined {
    const attendance = this.#sessions.of(id)?.attendance;
    const rooms = attendance?.roomsSince(after);
    if (attendance === undefined || rooms === undefined || this.#journal.hasGap(after, rooms))
      return undefined;
    const { entries, through } = this.#journal.since(after, { rooms, everybody: true }, PAGE);
    return this.#pageOf({ entries: entries.filter((entry) => attendance.isFor(entry)), through });
  }

  #pageOf({ entries, through }: { entries: readonly LogEntry[]; through: number }): KeptPage {
    const packets = entries.map(({ messages, offset }) => {
      let prepared = this.#preparedFor.get(messages);
      if (prepared === undefined) {
        prepared = PreparedPacket.ofMessages(messages, true, offset);
        this.#preparedFor.set(messages, prepared);
      }
      return prepared;
    });
    return { packets, through };
  }

  #eventsOf(entries: readonly LogEntry[]): HistoryEvent[] {
    return entries.flatMap(({ messages, at, offset }) => {
      const event = this.scope.decode(messages);
      if (event === undefined) return [];
      const [name, ...args] = event;
      const position = this.#journal.position(offset);
      // The position stands behind the arguments, once.
      return [{ position, at, name: String(name), args: args.slice(0, -1) }];
    });
  }

  /** Something was kept that will be too old one day. */
  #sweepLater(): void {
    this.#keptAt = this.scope.now();
    this.#stopSweeping ??= this.scope.after(SWEEP_MS, () => this.#sweep());
  }

  #sweep(): void {
    this.#stopSweeping = undefined;
    this.#sessions.sweep();
    this.answers.sweep();
    const isEmpty = !this.#journal.trim();
    const { maxDisconnectionMs, answers } = this.#settings;
    const oldest = this.scope.now() - Math.max(maxDisconnectionMs, answers?.maxAgeMs ?? 0);
    if (isEmpty && this.#keptAt < oldest) return;
    this.#stopSweeping = this.scope.after(SWEEP_MS, () => this.#sweep());
  }
}
