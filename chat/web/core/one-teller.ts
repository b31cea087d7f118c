import type { Message } from '../../shared/events.ts';

/** How well a page is placed to tell of a message: 2 has it on the screen, 1 is looked at, 0 is not. */
export type Rank = 0 | 1 | 2;

/** What the pages of one browser say to each other. */
export type Word =
  | {
      readonly what: 'claim';
      readonly room: string;
      readonly seq: number;
      readonly rank: Rank;
      readonly page: string;
    }
  | { readonly what: 'told'; readonly room: string; readonly seq: number };

export interface OneTellerOptions {
  /** Tells one page from another. */
  page: string;
  post: (word: Word) => void;
  rankIn: (room: string) => Rank;
  tell: (messages: readonly Message[], rank: Rank) => void;
}

/** So long the pages wait for each other's claims, and for the rest of a burst. */
const WAIT_MS = 200;
/** Where something was told a moment ago, more is gathered first. */
const PAUSE_MS = 2_000;
/** So much later than another page may this one hear of a message. */
const REMEMBERED_MS = 10_000;

interface Waiting {
  readonly seq: number;
  readonly messages: Message[];
  isLost: boolean;
}

/**
 * Of all pages of a browser that hear of a message, one tells of it: the page that is placed best, or if several are
 * equally, any one. Each claims what it heard and listens for a while; nobody leads, so a page that crashed or sleeps
 * takes nothing with it. Where pages cannot hear each other, each tells.
 */
export class OneTeller {
  readonly #options: OneTellerOptions;
  readonly #waiting = new Map<string, Waiting>();
  /** By room: up to which message somebody has told, not long ago. */
  readonly #told = new Map<string, number>();

  constructor(options: OneTellerOptions) {
    this.#options = options;
  }

  offer(message: Message): void {
    const { room, seq } = message;
    const told = this.#told.get(room);
    if (seq <= (told ?? 0)) return;
    const waiting = this.#waiting.get(room);
    if (waiting) {
      waiting.messages.push(message);
      return;
    }
    this.#waiting.set(room, { seq, messages: [message], isLost: false });
    this.#claim(room, seq);
    setTimeout(() => this.#decide(room), told === undefined ? WAIT_MS : PAUSE_MS);
  }

  hear(word: Word): void {
    const { room, seq } = word;
    const waiting = this.#waiting.get(room);
    if (word.what === 'told') {
      this.#remember(room, seq);
      if (waiting && waiting.seq <= seq) waiting.isLost = true;
      return;
    }
    const told = this.#told.get(room) ?? 0;
    if (seq <= told) {
      this.#options.post({ what: 'told', room, seq: told });
      return;
    }
    if (!waiting || waiting.isLost) return;
    const { page, rankIn } = this.#options;
    const rank = rankIn(room);
    if (word.rank > rank || (word.rank === rank && word.page > page)) waiting.isLost = true;
    else this.#claim(room, waiting.seq);
  }

  #claim(room: string, seq: number): void {
    const { page, post, rankIn } = this.#options;
    post({ what: 'claim', room, seq, rank: rankIn(room), page });
  }

  #decide(room: string): void {
    const waiting = this.#waiting.get(room);
    this.#waiting.delete(room);
    if (!waiting || waiting.isLost) return;
    const { post, rankIn, tell } = this.#options;
    const seq = Math.max(...waiting.messages.map((message) => message.seq));
    this.#remember(room, seq);
    post({ what: 'told', room, seq });
    tell(waiting.messages, rankIn(room));
  }

  #remember(room: string, seq: number): void {
    if (seq <= (this.#told.get(room) ?? 0)) return;
    this.#told.set(room, seq);
    setTimeout(() => this.#told.get(room) === seq && this.#told.delete(room), REMEMBERED_MS);
  }
}
