/** A socket with modifiers for the next event: what `socket.volatile`, `socket.timeout(…)` and their like return. */
import type { BroadcastFlags } from '../rooms/audience.ts';
import type { BroadcastOperator } from '../rooms/broadcast.ts';
import type {
  AckResult,
  ArgumentsBeforeAck,
  EventArguments,
  EventNames,
  EventNamesWithAck,
  EventsMap,
  TimedArguments,
} from './event-map.ts';

/** Where the event goes in the end: a socket, or everybody but it. */
export interface SocketEmitter<EmitEvents extends EventsMap, SocketData> {
  emitWith(event: string, args: readonly unknown[], flags: BroadcastFlags): true;
  broadcastWith(flags: BroadcastFlags): BroadcastOperator<EmitEvents, SocketData>;
}

export class SocketOperator<EmitEvents extends EventsMap, SocketData, Timed extends boolean = false> {
  readonly #socket: SocketEmitter<EmitEvents, SocketData>;
  readonly #flags: BroadcastFlags;

  constructor(socket: SocketEmitter<EmitEvents, SocketData>, flags: BroadcastFlags) {
    this.#socket = socket;
    this.#flags = flags;
  }

  /** As `socket.emit`. Under `timeout`, the acknowledgement is called with an error or `null` first. */
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: Timed extends true ? TimedArguments<EmitEvents, Name> : EventArguments<EmitEvents, Name>
  ): true {
    return this.#socket.emitWith(event, args, this.#flags);
  }

  /** As `socket.emitWithAck`. Rejects when the time of `timeout` is over. */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: ArgumentsBeforeAck<EmitEvents, Name>
  ): Promise<AckResult<EmitEvents, Name>> {
    return new Promise((resolve, reject) => {
      const timed = (error: Error | null, result: AckResult<EmitEvents, Name>): void => {
        if (error === null) resolve(result);
        else reject(error);
      };
      const answer = this.#flags.timeout === undefined ? resolve : timed;
      this.#socket.emitWith(event, [...args, answer], this.#flags);
    });
  }

  /** As `socket.send`. */
  send(...args: readonly unknown[]): this {
    this.#socket.emitWith('message', args, this.#flags);
    return this;
  }

  /** The same as `send`. */
  write(...args: readonly unknown[]): this {
    return this.send(...args);
  }

  get volatile(): SocketOperator<EmitEvents, SocketData, Timed> {
    return new SocketOperator(this.#socket, { ...this.#flags, volatile: true });
  }

  timeout(ms: number): SocketOperator<EmitEvents, SocketData, true> {
    if (typeof ms !== 'number' || Number.isNaN(ms)) {
      throw new TypeError(`Timeout must be a number of milliseconds, got "${String(ms)}"`);
    }
    return new SocketOperator<EmitEvents, SocketData, true>(this.#socket, { ...this.#flags, timeout: ms });
  }

  compress(compress: boolean): SocketOperator<EmitEvents, SocketData, Timed> {
    return new SocketOperator(this.#socket, { ...this.#flags, compress });
  }

  /** As `socket.to`, with these modifiers. */
  to(room: string | readonly string[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.to(room);
  }

  /** The same as `to`. */
  in(room: string | readonly string[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.to(room);
  }

  /** As `socket.except`, with these modifiers. */
  except(room: string | readonly string[]): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.except(room);
  }

  /** As `socket.local`, with these modifiers. */
  get local(): BroadcastOperator<EmitEvents, SocketData> {
    return this.broadcast.local;
  }

  /** As `socket.broadcast`, with these modifiers. */
  get broadcast(): BroadcastOperator<EmitEvents, SocketData> {
    return this.#socket.broadcastWith(this.#flags);
  }
}
