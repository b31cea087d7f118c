/** The model: who was in which room, and what each session must hear, by the plainest means. */

export interface Said {
  readonly id: number;
  /** Not if it is not kept: then it may be missed, though not doubled. */
  readonly required: boolean;
}

interface ExpectedSession {
  readonly rooms: Set<string>;
  readonly due: Said[];
  /** What it asked for when it joined a room with a position: heard at any time, once more than it is due. */
  readonly asked: number[];
  data: unknown;
}

interface Told extends ExpectedAudience {
  readonly id: number;
}

export interface ExpectedAudience {
  readonly rooms: readonly string[];
  readonly except: readonly string[];
}

export class Expected {
  #sessions = new Map<string, ExpectedSession>();
  /** As of the last commit: what is left when the process dies. */
  #committed = this.#sessions;
  readonly #told: Told[] = [];
  /** How far each session's client is in what it must hear. */
  readonly #heard = new Map<string, number>();

  begin(sid: string): void {
    this.#sessions.set(sid, { rooms: new Set([sid]), due: [], asked: [], data: undefined });
  }

  session(sid: string): ExpectedSession {
    const session = this.#sessions.get(sid);
    if (session === undefined) throw new Error(`session "${sid}" was never begun`);
    return session;
  }

  /** A client asks for what was told to a room: it may hear that once more. */
  ask(sid: string, room: string): void {
    const wanted = this.#told.filter(({ rooms }) => rooms.includes(room));
    this.session(sid).asked.push(...wanted.map(({ id }) => id));
  }

  say(said: Said, { rooms, except }: ExpectedAudience): void {
    this.#told.push({ id: said.id, rooms, except });
    for (const session of this.#sessions.values()) {
      const isIn = (room: string): boolean => session.rooms.has(room);
      if ((rooms.length === 0 || rooms.some(isIn)) && !except.some(isIn)) session.due.push(said);
    }
  }

  onCommitted(): void {
    this.#committed = copyOf(this.#sessions);
  }

  onCrash(): void {
    this.#sessions = copyOf(this.#committed);
  }

  /** @throws {Error} unless this comes next: only what is not required may be left out */
  hear(sid: string, id: number): void {
    const { due, asked } = this.session(sid);
    const at = this.#heard.get(sid) ?? 0;
    const found = due.findIndex((said, index) => index >= at && said.id === id);
    const missed = due.slice(at, found).find(({ required }) => required);
    const asAsked = asked.indexOf(id);
    if (asAsked !== -1 && (found === -1 || missed !== undefined)) {
      asked.splice(asAsked, 1);
      return;
    }
    if (found === -1) {
      const isKnown = due.some((said) => said.id === id);
      throw new Error(`${id} was heard ${isKnown ? 'twice or too late' : 'by somebody whom it was not for'}`);
    }
    if (missed !== undefined) throw new Error(`${missed.id} was lost before ${id}`);
    this.#heard.set(sid, found + 1);
  }

  /** What the session's client has not heard, but must. */
  missing(sid: string): number[] {
    const left = this.session(sid).due.slice(this.#heard.get(sid) ?? 0);
    return left.filter(({ required }) => required).map(({ id }) => id);
  }
}

function copyOf(sessions: ReadonlyMap<string, ExpectedSession>): Map<string, ExpectedSession> {
  return new Map(
    [...sessions].map(([sid, { rooms, due, asked, data }]) => [
      sid,
      { rooms: new Set(rooms), due: [...due], asked: [...asked], data },
    ]),
  );
}
