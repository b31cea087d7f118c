/** What a client that was lost comes back to, and from where it has to catch up: never guessed. */
import { Attendance, type AttendanceRecord } from './attendance.ts';

export interface SessionRecord {
  readonly pid: string;
  readonly sid: string;
  readonly begunAt: number;
  readonly cameWith: string | undefined;
  readonly confirmed: number;
  readonly repeated: Repeated | undefined;
  readonly attendance: AttendanceRecord;
  readonly data: unknown;
}

/** Entries above one offset up to another. */
interface Repeated {
  readonly after: number;
  readonly through: number;
}

/** Longer ones are no position of ours, and are not kept: who came with one must have heard an event to come back. */
const MAX_SAID_CHARS = 64;

export class Session {
  readonly sid: string;
  readonly attendance: Attendance;
  /** By which the client proves that it is the same. Without it, it cannot come back. */
  pid: string | undefined;
  /** The head when the client entered: what is above is for it. */
  #begunAt: number;
  /** What it said was its position when it entered, '' for none. It says the same again if it has heard nothing since. */
  #cameWith: string | undefined;
  /** The client has certainly got everything up to here: a heartbeat that went out behind it was answered. */
  #confirmed: number;
  #pinged = 0;
  /** Among these are entries that the client asked for, and may have been sent out of their turn. */
  #repeated: Repeated | undefined;

  constructor(sid: string, head: number, attendance: Attendance = new Attendance()) {
    this.sid = sid;
    this.attendance = attendance;
    this.#begunAt = this.#confirmed = head;
  }

  static of({ pid, sid, begunAt, cameWith, confirmed, repeated, attendance }: SessionRecord): Session {
    const session = new Session(sid, begunAt, new Attendance(attendance));
    session.pid = pid;
    session.#cameWith = cameWith;
    session.#confirmed = confirmed;
    session.#repeated = repeated;
    return session;
  }

  get confirmed(): number {
    return this.#confirmed;
  }

  /** The client enters. */
  begin(pid: string | undefined, said: unknown, head: number): void {
    this.pid = pid;
    this.#begunAt = this.#confirmed = head;
    const text = typeof said === 'string' ? said : '';
    this.#cameWith = text.length <= MAX_SAID_CHARS ? text : undefined;
  }

  /**
   * From where a client that says this position has to catch up; nothing if that cannot be known.
   *
   * @param said the last position that it has heard, be it in an earlier session; '' for none
   */
  resumeFrom(said: string, offsetOf: (position: string) => number | undefined): number | undefined {
    const offset = offsetOf(said);
    const { after, through } = this.#repeated ?? { after: 0, through: 0 };
    if (offset !== undefined && offset > after && offset <= through) {
      // It heard that in its turn, or when it asked: what came in between cannot be known, unless it is older than a heartbeat.
      return this.#confirmed < through ? undefined : this.#known(this.#confirmed);
    }
    if (said === this.#cameWith) return this.#known(this.#begunAt);
    return offset === undefined || offset < this.#begunAt ? undefined : this.#known(offset);
  }

  /** The client asked for entries above an offset up to another, and may be sent some of them once more. */
  repeat(after: number, through: number): void {
    const known = this.#repeated ?? { after, through };
    this.#repeated = { after: Math.min(known.after, after), through: Math.max(known.through, through) };
  }

  /** A heartbeat goes out behind all entries up to here. */
  onPinged(through: number): void {
    this.#pinged = through;
  }

  /** It was answered. */
  onPong(): void {
    this.#confirmed = Math.max(this.#confirmed, this.#pinged);
    this.attendance.forgetBefore(this.#confirmed);
  }

  toRecord(pid: string, data: unknown): SessionRecord {
    return {
      pid,
      sid: this.sid,
      begunAt: this.#begunAt,
      cameWith: this.#cameWith,
      confirmed: this.#confirmed,
      repeated: this.#repeated,
      attendance: this.attendance.toRecord(),
      data,
    };
  }

  #known(offset: number): number | undefined {
    const from = Math.max(offset, this.#confirmed);
    return from < this.attendance.knownFrom ? undefined : from;
  }
}
