/** Which rooms a socket was in, and when, in offsets: what was sent to a room before it came is not for it. */
import type { LogEntry } from './history-log.ts';

/** A room that it left: it was in it for the entries above `after`, up to `through`. */
interface Stay {
  readonly room: string;
  readonly after: number;
  readonly through: number;
}

export interface AttendanceRecord {
  readonly current: readonly (readonly [room: string, after: number])[];
  readonly past: readonly Stay[];
  readonly knownFrom: number;
}

/** Rooms left that are remembered. Who leaves more of them while nothing is known to have arrived cannot catch up. */
const MAX_PAST = 1_000;

export class Attendance {
  /** The rooms that it is in, and the head when it came. */
  readonly #current: Map<string, number>;
  #past: Stay[];
  /** Above this offset all is known. */
  #knownFrom: number;

  constructor(record: AttendanceRecord = { current: [], past: [], knownFrom: 0 }) {
    this.#current = new Map(record.current);
    this.#past = [...record.past];
    this.#knownFrom = record.knownFrom;
  }

  get rooms(): string[] {
    return [...this.#current.keys()];
  }

  get knownFrom(): number {
    return this.#knownFrom;
  }

  enter(room: string, head: number): void {
    if (!this.#current.has(room)) this.#current.set(room, head);
  }

  leave(room: string, head: number): void {
    const after = this.#current.get(room);
    if (after === undefined) return;
    this.#current.delete(room);
    if (after === head) return;
    this.#past.push({ room, after, through: head });
    if (this.#past.length > MAX_PAST) this.#knownFrom = this.#past.shift()?.through ?? head;
  }

  /** Forgets what was over before an offset: nobody will ask. */
  forgetBefore(offset: number): void {
    if (this.#past.length > 0) this.#past = this.#past.filter(({ through }) => through > offset);
  }

  /** The rooms that it was in at any time above an offset. */
  roomsSince(offset: number): Set<string> {
    const rooms = new Set(this.#current.keys());
    for (const { room, through } of this.#past) if (through > offset) rooms.add(room);
    return rooms;
  }

  /** Whether an entry was for this socket, by the rooms that it was in then. */
  isFor({ offset, rooms, except }: Pick<LogEntry, 'offset' | 'rooms' | 'except'>): boolean {
    const wasIn = (room: string): boolean => this.#wasIn(room, offset);
    return (rooms.length === 0 || rooms.some(wasIn)) && !except.some(wasIn);
  }

  toRecord(): AttendanceRecord {
    return { current: [...this.#current], past: this.#past, knownFrom: this.#knownFrom };
  }

  #wasIn(room: string, offset: number): boolean {
    const after = this.#current.get(room);
    if (after !== undefined && offset > after) return true;
    return this.#past.some((stay) => stay.room === room && offset > stay.after && offset <= stay.through);
  }
}
