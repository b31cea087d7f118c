/** Who is here. Somebody with three tabs is here once; changes are told at most a few times per second. */

const TELL_EVERY_MS = 250;

export interface PresenceNews {
  came: number[];
  went: number[];
  /** How many visitors are here now, those without a name included. */
  count: number;
}

export class Presence {
  readonly #tell: (news: PresenceNews) => void;
  /** How many sockets each visitor has open: people by id, others by the id of their socket. */
  readonly #sockets = new Map<number | string, number>();
  #toldPeople: ReadonlySet<number> = new Set();
  #toldCount = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (news: PresenceNews) => void) {
    this.#tell = tell;
  }

  get count(): number {
    return this.#sockets.size;
  }

  get people(): number[] {
    return [...this.#sockets.keys()].filter((visitor) => typeof visitor === 'number');
  }

  has(person: number): boolean {
    return this.#sockets.has(person);
  }

  join(visitor: number | string): void {
    this.#sockets.set(visitor, (this.#sockets.get(visitor) ?? 0) + 1);
    this.#changed();
  }

  leave(visitor: number | string): void {
    const left = (this.#sockets.get(visitor) ?? 0) - 1;
    if (left > 0) this.#sockets.set(visitor, left);
    else this.#sockets.delete(visitor);
    this.#changed();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #changed(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tellNews();
    }, TELL_EVERY_MS);
    this.#timer.unref();
  }

  /** A page that reloads leaves and joins within one interval: nothing has changed for the others. */
  #tellNews(): void {
    const people = new Set(this.people);
    const came = [...people].filter((person) => !this.#toldPeople.has(person));
    const went = [...this.#toldPeople].filter((person) => !people.has(person));
    if (came.length + went.length === 0 && this.count === this.#toldCount) return;
    this.#toldPeople = people;
    this.#toldCount = this.count;
    this.#tell({ came, went, count: this.count });
  }
}
