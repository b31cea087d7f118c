import type { Entered, Failure, Message } from '../../shared/events.ts';
import type { Wire } from './wire.ts';

/**
 * `connecting`: never entered yet. `open`: in the room. `quiet`: lost a moment ago, nothing is said
 * about it. `down`: lost for so long that people should know.
 */
export type LinkState = 'connecting' | 'open' | 'quiet' | 'down';

export interface ConnectionOptions {
  wire: Wire;
  room: string;
  /** The last revision this page has seen. */
  rev: () => number | undefined;
  onState: (state: LinkState) => void;
  onEntered: (entered: Entered) => void;
  onRefused: (failure: Failure) => void;
  onMessage: (message: Message) => void;
  onOnline: (count: number) => void;
  /** The server was upgraded since this page was loaded. */
  onOtherBuild: () => void;
}

const SILENCE_MS = 3_000;
const AGAIN_MS = 2_000;

/**
 * Keeps this page in its room: enters after every connect with the last revision seen, so that the
 * answer is what was missed. Live messages that overtake that answer wait for it.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #state: LinkState = 'connecting';
  #build: string | undefined;
  /** Live messages that arrived before the answer of `enter`; undefined when not entering. */
  #early: Message[] | undefined;
  /** Raised by each open and close: an answer to an older connection is ignored. */
  #epoch = 0;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #againTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    options.wire.listen({
      opened: () => void this.#enter(),
      closed: (mayReturn) => this.#lost(mayReturn),
      message: (message) => {
        if (this.#early) this.#early.push(message);
        else options.onMessage(message);
      },
      online: (count) => options.onOnline(count),
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  open(): void {
    this.#expectAnswer();
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

  #reconnect(): void {
    clearTimeout(this.#againTimer);
    this.#options.wire.disconnect();
    this.#options.wire.connect();
  }

  async #enter(): Promise<void> {
    const { wire, room, rev } = this.#options;
    const epoch = ++this.#epoch;
    const since = rev();
    this.#early = [];
    try {
      const answer = await wire.enter(since === undefined ? { room } : { room, rev: since });
      if (epoch !== this.#epoch) return;
      if (answer.ok) this.#entered(answer);
      else this.#options.onRefused(answer);
    } catch {
      if (epoch === this.#epoch) this.#againTimer = setTimeout(() => this.#reconnect(), AGAIN_MS);
    }
  }

  #entered(entered: Entered): void {
    const { onEntered, onMessage, onOtherBuild } = this.#options;
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = undefined;
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#state = 'open';
    onEntered(entered);
    for (const message of early) onMessage(message);
    this.#options.onState('open');
    this.#build ??= entered.build;
    if (entered.build !== this.#build) onOtherBuild();
  }

  #lost(mayReturn: boolean): void {
    this.#epoch++;
    this.#early = undefined;
    clearTimeout(this.#againTimer);
    if (this.#state === 'open') this.#setState('quiet');
    this.#expectAnswer();
    if (!mayReturn) this.#againTimer = setTimeout(() => this.#reconnect(), AGAIN_MS);
  }

  /** Says that the connection is down unless it opens soon. */
  #expectAnswer(): void {
    if (this.#state === 'down') return;
    this.#silenceTimer ??= setTimeout(() => this.#setState('down'), SILENCE_MS);
  }

  #setState(state: LinkState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
