/** The sessions of one namespace's clients: those that are here, and, as notes in its log, those that may come back. */
import { deserialize, serialize } from 'node:v8';
import type { Note } from './history-log.ts';
import type { Journal } from './journal.ts';
import { Session, type SessionRecord } from './session.ts';

export interface SessionLimits {
  /** Milliseconds that a lost client is remembered. */
  readonly maxDisconnectionMs: number;
  /** Lost clients that are remembered; the oldest go first. */
  readonly maxSessions: number;
}

export interface SessionsHost {
  readonly journal: Journal;
  /** The log outlives this process: sessions are noted while they live, with copies of their data. */
  readonly outlivesProcess: boolean;
  readonly limits: SessionLimits;
  wallNow(): number;
  /** Whether the socket of that id has entered, and does not stand at the door any more. */
  hasEntered(sid: string): boolean;
  /** What the user keeps on the socket of that id. */
  dataOf(sid: string): unknown;
  onKeepError(error: unknown): void;
}

export class Sessions {
  readonly #host: SessionsHost;
  readonly #bySid = new Map<string, Session>();
  readonly #byPid = new Map<string, Session>();
  /** Those that changed in this turn, and those whose data may have. */
  readonly #changed = new Set<Session>();
  readonly #heard = new Set<Session>();
  /** What was noted of their data last. */
  readonly #notedData = new WeakMap<Session, Buffer>();
  #lostSinceSweep = 0;

  constructor(host: SessionsHost) {
    this.#host = host;
  }

  of(sid: string): Session | undefined {
    return this.#bySid.get(sid);
  }

  /** The session of a socket: made when it joins its first room, which may be before it enters. */
  open(sid: string): Session {
    let session = this.#bySid.get(sid);
    if (session === undefined) {
      session = new Session(sid, this.#host.journal.head);
      this.#bySid.set(sid, session);
    }
    return session;
  }

  /** The client has entered. Without a private id it cannot come back. */
  begin(sid: string, pid: string | undefined, said: unknown): void {
    const session = this.open(sid);
    session.begin(pid, said, this.#host.journal.head);
    if (pid === undefined) return;
    this.#byPid.set(pid, session);
    this.onChanged(session);
  }

  /** The id of the socket here that has that private id. */
  holderOf(pid: string): string | undefined {
    return this.#byPid.get(pid)?.sid;
  }

  onChanged(session: Session): void {
    if (session.pid !== undefined) this.#noteLater(this.#changed, session);
  }

  /** Its client has said something: the user may have changed its data. */
  onHeard(sid: string): void {
    const session = this.#bySid.get(sid);
    if (session?.pid !== undefined) this.#noteLater(this.#heard, session);
  }

  /** The socket has gone, and nobody comes back to it. */
  forget(sid: string): void {
    const session = this.#remove(sid);
    if (session?.pid !== undefined && this.#host.outlivesProcess) this.#unnote(session.pid);
  }

  /** The client was lost, and may come back. */
  lose(sid: string, pid: string, data: unknown): void {
    const session = this.#remove(sid);
    if (session === undefined) return;
    const record = this.#recordOf(session, pid, data);
    if (record === undefined) this.#unnote(pid);
    else this.#host.journal.put('session', pid, record);
    this.#lostSinceSweep += 1;
    if (this.#lostSinceSweep > this.#host.limits.maxSessions / 10) this.sweep();
  }

  /** Forgets who is away too long, and who are too many. */
  sweep(): void {
    const { journal, limits } = this.#host;
    this.#lostSinceSweep = 0;
    journal.sweep('session', this.#host.wallNow() - limits.maxDisconnectionMs, limits.maxSessions);
  }

  /** Takes up a lost session again, if it can be. Whoever comes second with the same private id is somebody else. */
  take(pid: string, accepts: (session: Session) => boolean): { session: Session; data: unknown } | undefined {
    const { journal, limits, outlivesProcess } = this.#host;
    const note = journal.note('session', pid);
    if (note === undefined || note.at < this.#host.wallNow() - limits.maxDisconnectionMs) return undefined;
    const record = note.value as SessionRecord;
    const session = Session.of(record);
    if (!accepts(session)) return undefined;
    this.#bySid.set(session.sid, session);
    this.#byPid.set(pid, session);
    journal.put('session', pid, outlivesProcess ? record : undefined, Infinity);
    const { data } = record;
    return { session, data: outlivesProcess ? deserialize(data as Buffer) : data };
  }

  /** Notes of what has changed since the last commit. */
  *changes(): Iterable<Note> {
    for (const session of new Set([...this.#changed, ...this.#heard])) {
      const { pid, sid } = session;
      // Of who stands at the door, what was noted when it was lost holds.
      if (pid === undefined || this.#bySid.get(sid) !== session || !this.#host.hasEntered(sid)) continue;
      const notedData = this.#notedData.get(session);
      const record = this.#recordOf(session, pid, this.#host.dataOf(sid));
      const isSame = notedData !== undefined && this.#notedData.get(session)?.equals(notedData) === true;
      if (!isSame || this.#changed.has(session)) {
        yield { kind: 'session', key: pid, at: record === undefined ? 0 : Infinity, value: record };
      }
    }
    this.#changed.clear();
    this.#heard.clear();
  }

  #noteLater(which: Set<Session>, session: Session): void {
    if (!this.#host.outlivesProcess) return;
    which.add(session);
    this.#host.journal.schedule();
  }

  #remove(sid: string): Session | undefined {
    const session = this.#bySid.get(sid);
    this.#bySid.delete(sid);
    if (session?.pid !== undefined && this.#byPid.get(session.pid) === session)
      this.#byPid.delete(session.pid);
    return session;
  }

  #unnote(pid: string): void {
    this.#host.journal.put('session', pid, undefined);
  }

  /** Nothing, if the user's data cannot be copied: then the session ends with its socket. */
  #recordOf(session: Session, pid: string, data: unknown): SessionRecord | undefined {
    if (!this.#host.outlivesProcess) return session.toRecord(pid, data);
    try {
      const copy = serialize(data);
      this.#notedData.set(session, copy);
      return session.toRecord(pid, copy);
    } catch (error) {
      this.#host.onKeepError(error);
      return undefined;
    }
  }
}
