/** An official client that writes down what it hears, gives commands, and comes back by itself. */
import { io, type Socket } from 'socket.io-client';
import type { Die } from '../die.ts';
import { isPayload } from './payload.ts';
import { ROOMS } from './rooms.ts';

export type Mode = 'websocket' | 'polling' | 'upgrade';

/** What was heard in one session, however often its connection broke. */
export interface Hearing {
  readonly sid: string;
  readonly ids: number[];
}

export class Listener {
  readonly name: string;
  readonly hearings: Hearing[] = [];
  /** Commands that the server has confirmed. */
  readonly confirmed: Set<string> = new Set();
  readonly garbled: number[] = [];
  /** How often it came back into its session, and how often not. */
  recovered = 0;
  anew = 0;
  readonly #socket: Socket;
  readonly #die: Die;
  #commands = 0;
  #nextCommand: NodeJS.Timeout | undefined;

  constructor(name: string, mode: Mode, port: number, die: Die) {
    this.name = name;
    this.#die = die;
    const socket = io(`http://127.0.0.1:${port}`, {
      ...(mode === 'upgrade' ? {} : { transports: [mode] }),
      forceNew: true,
      reconnectionDelay: 10 + die.below(100),
      reconnectionDelayMax: 200,
      randomizationFactor: 0,
      timeout: 1_500,
    });
    this.#socket = socket;
    socket.on('connect', () => this.#onConnect());
    socket.on('said', (id: number, ...args: unknown[]) => {
      this.#hearing().ids.push(id);
      if (!isPayload(id, args)) this.garbled.push(id);
    });
    this.#command();
  }

  /** Whether it has heard an event, or a later one, in the session that it is in. */
  hasHeard(id: number): boolean {
    return this.#socket.connected && (this.#hearing().ids.at(-1) ?? 0) >= id;
  }

  /** Gives no more commands. */
  hush(): void {
    clearTimeout(this.#nextCommand);
  }

  close(): void {
    this.hush();
    this.#socket.close();
  }

  #hearing(): Hearing {
    const sid = this.#socket.id ?? '';
    let hearing = this.hearings.at(-1);
    if (hearing?.sid !== sid) this.hearings.push((hearing = { sid, ids: [] }));
    return hearing;
  }

  #onConnect(): void {
    if (this.#socket.recovered) this.recovered += 1;
    else if (this.hearings.some(({ sid }) => sid !== this.#socket.id)) this.anew += 1;
    this.#hearing();
  }

  #command(): void {
    if (this.#socket.connected) {
      this.#commands += 1;
      const command = `${this.name} ${this.#commands}`;
      this.#socket.emit(this.#die.one(['join', 'join', 'leave']), this.#die.one(ROOMS), command, () =>
        this.confirmed.add(command),
      );
    }
    this.#nextCommand = setTimeout(() => this.#command(), 20 + this.#die.below(150));
  }
}
