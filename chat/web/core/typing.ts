import { LIMITS, type Person } from '../../shared/events.ts';

/** One says again that one is writing after this. */
const REPEAT_MS = 3_000;

/** Who is writing where: heard of, and over when it is not repeated or when their message comes. */
export class Typing {
  readonly #onChange: () => void;
  readonly #rooms = new Map<string, Map<number, { person: Person; timer: ReturnType<typeof setTimeout> }>>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Who is writing in this room, who began first before the others. */
  in(room: string): readonly Person[] {
    return [...(this.#rooms.get(room)?.values() ?? [])].map(({ person }) => person);
  }

  heard(room: string, person: Person): void {
    const people = this.#rooms.get(room) ?? new Map();
    this.#rooms.set(room, people);
    clearTimeout(people.get(person.id)?.timer);
    people.set(person.id, { person, timer: setTimeout(() => this.over(room, person.id), LIMITS.typingMs) });
    this.#onChange();
  }

  over(room: string, person: number): void {
    const people = this.#rooms.get(room);
    const entry = people?.get(person);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    people?.delete(person);
    this.#onChange();
  }

  forget(): void {
    for (const [room, people] of this.#rooms) for (const person of people.keys()) this.over(room, person);
  }
}

/** Says that I am writing: at once, and then not more often than needed. */
export class OwnTyping {
  readonly #tell: (room: string) => void;
  readonly #now: () => number;
  #last = { room: '', at: -Infinity };

  constructor(tell: (room: string) => void, now: () => number) {
    this.#tell = tell;
    this.#now = now;
  }

  wrote(room: string): void {
    const at = this.#now();
    if (room === this.#last.room && at - this.#last.at < REPEAT_MS) return;
    this.#last = { room, at };
    this.#tell(room);
  }

  /** The message is out: the next letter begins anew. */
  sent(): void {
    this.#last = { room: '', at: -Infinity };
  }
}
