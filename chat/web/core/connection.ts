import type { Entered, Failure, Hello, Message } from '../../shared/events.ts';
import type { News, NewsName, Wire } from './wire.ts';

/**
 * `connecting`: never been in yet. `open`: caught up. `quiet`: lost a moment ago, nothing is said
 * about it. `down`: lost for so long that people should know.
 */
export type LinkState = 'connecting' | 'open' | 'quiet' | 'down';

export interface ConnectionOptions {
  wire: Wire;
  /** The rooms that this page holds messages of, the one on the screen first, each with the last revision seen. */
  held: () => readonly { room: string; rev: number | undefined }[];
  onState: (state: LinkState) => void;
  onHello: (hello: Hello) => void;
  onEntered: (room: string, entered: Entered) => void;
  /** The server answered, but does not let us in: to this room, or at all. */
  onRefused: (room: string | null, failure: Failure) => void;
  onMessage: (message: Message) => void;
  /** Everything else that the server says. */
  onNews: <E extends NewsName>(event: E, news: News[E]) => void;
  /** The server was upgraded since this page was loaded. */
  onOtherBuild: () => void;
}

const SILENCE_MS = 3_000;
/** After a page that is drawn already: its server was there a moment ago, and a slow phone is not done with drawing. */
const FIRST_SILENCE_MS = 8_000;
const AGAIN_MS = 2_000;

/**
 * Keeps this page up to date: says `hello` after every connect, and enters each room that is held with the last
 * revision seen, so that the answer is what was missed. Live messages that overtake such an answer wait for it.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: LinkState = 'connecting';
  #build: string | undefined;
  /** For each room whose `enter` is not answered yet: the live messages that came meanwhile. */
  readonly #early = new Map<string, Message[]>();
  /** Raised by each open and close: an answer to an older connection is ignored. */
  #epoch = 0;
  #isUp = false;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #againTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    options.wire.listen({
      opened: () => void this.#opened(),
      closed: (mayReturn) => this.#lost(mayReturn),
      heard: (event, news) => {
        if (event === 'message') this.#heard(news as Message);
        else options.onNews(event, news);
      },
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** `build`: of the server that the page came from, if it is known. */
  open(build?: string): void {
    this.#build = build;
    this.#expectAnswer(build === undefined ? SILENCE_MS : FIRST_SILENCE_MS);
    this.#options.wire.connect();
  }

  /** Connects now instead of after the back-off. Harmless while open. */
  retryNow(): void {
    if (this.#state !== 'open') this.#reconnect();
  }

  /** Connects anew, so that the server reads the session again. */
  restart(): void {
    this.#lost(true);
    this.#reconnect();
  }

  /** Comes into a room that is held from now on. Without a connection, the next one does it. */
  enter(room: string): void {
    if (this.#isUp) void this.#enterAll([room]);
  }

  #reconnect(): void {
    clearTimeout(this.#againTimer);
    this.#options.wire.disconnect();
    this.#options.wire.connect();
  }

  async #opened(): Promise<void> {
    const { wire, held, onHello, onRefused } = this.#options;
    const epoch = ++this.#epoch;
    this.#isUp = true;
    this.#early.clear();
    const rooms = held().map(({ room }) => room);
    // Asked together, to save the time of one answer; they are answered in this order.
    const hello = wire.ask('hello', {});
    const entered = this.#enterAll(rooms);
    try {
      const answer = await hello;
      if (epoch !== this.#epoch) return;
      if (!answer.ok) {
        onRefused(null, answer);
        return;
      }
      onHello(answer);
      await entered;
      if (epoch === this.#epoch) this.#up(answer.build);
    } catch {
      if (epoch === this.#epoch) this.#againTimer = setTimeout(() => this.#reconnect(), AGAIN_MS);
    }
  }

  #up(build: string): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = undefined;
    this.#setState('open');
    this.#build ??= build;
    if (build !== this.#build) this.#options.onOtherBuild();
  }

  async #enterAll(rooms: readonly string[]): Promise<void> {
    const epoch = this.#epoch;
    await Promise.allSettled(rooms.map(async (room) => this.#enter(room, epoch)));
  }

  async #enter(room: string, epoch: number): Promise<void> {
    if (this.#early.has(room)) return;
    const { wire, held, onEntered, onRefused, onMessage } = this.#options;
    const rev = held().find((one) => one.room === room)?.rev;
    this.#early.set(room, []);
    try {
      let answer = await wire.ask('enter', rev === undefined ? { room } : { room, rev });
      while (epoch === this.#epoch && !answer.ok && isPassing(answer)) {
        const { waitMs = AGAIN_MS } = answer;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
        if (epoch !== this.#epoch) return;
        answer = await wire.ask('enter', rev === undefined ? { room } : { room, rev });
      }
      if (epoch !== this.#epoch) return;
      const early = this.#early.get(room) ?? [];
      this.#early.delete(room);
      if (!answer.ok) {
        onRefused(room, answer);
        return;
      }
      onEntered(room, answer);
      for (const message of early) onMessage(message);
    } catch {
      // Without what was missed, all that follows would leave a gap: begin again.
      if (epoch === this.#epoch) this.#againTimer = setTimeout(() => this.#reconnect(), AGAIN_MS);
    }
  }

  #heard(message: Message): void {
    const early = this.#early.get(message.room);
    if (early) early.push(message);
    else this.#options.onMessage(message);
  }

  #lost(mayReturn: boolean): void {
    this.#epoch++;
    this.#isUp = false;
    this.#early.clear();
    clearTimeout(this.#againTimer);
    if (this.#state === 'open') this.#setState('quiet');
    this.#expectAnswer();
    if (!mayReturn) this.#againTimer = setTimeout(() => this.#reconnect(), AGAIN_MS);
  }

  /** Says that the connection is down unless it opens soon. */
  #expectAnswer(silenceMs = SILENCE_MS): void {
    if (this.#state === 'down') return;
    this.#silenceTimer ??= setTimeout(() => this.#setState('down'), silenceMs);
  }

  #setState(state: LinkState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

/** Says nothing about who may come in: the same is asked again. */
function isPassing({ code }: Failure): boolean {
  return code === 'too fast' || code === 'failed';
}
