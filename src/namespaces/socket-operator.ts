/** A socket with a modifier for the next event: what `socket.volatile`, `socket.timeout(…)` and their like return. */
import type { BroadcastFlags } from '../rooms/adapter.ts';
import type {
  AckResult,
  ArgumentsBeforeAck,
  EventArguments,
  EventNames,
  EventsMap,
  TimedArguments,
} from './event-map.ts';

/** Where the event goes in the end: a socket. */
interface Emitter {
  emitWith(event: string, args: readonly unknown[], flags: BroadcastFlags): true;
}

export class SocketOperator<EmitEvents extends EventsMap, Timed extends boolean = false> {
  readonly #socket: Emitter;
  readonly #flags: BroadcastFlags;

  constructor(socket: Emitter, flags: BroadcastFlags) {
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
  emitWithAck<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: ArgumentsBeforeAck<EmitEvents, Name>
  ): Promise<AckResult<EmitEvents, Name>> {
    return new Promise((resolve, reject) => {
      const timed = (error: Error | null, result: AckResult<EmitEvents, Name>): void => {
        if (error === null) resolve(result);
        else reject(error);
      };
      this.#socket.emitWith(
        event,
        [...args, this.#flags.timeout === undefined ? resolve : timed],
        this.#flags,
      );
    });
  }

  get volatile(): SocketOperator<EmitEvents, Timed> {
    return new SocketOperator(this.#socket, { ...this.#flags, volatile: true });
  }

  timeout(ms: number): SocketOperator<EmitEvents, true> {
    return new SocketOperator<EmitEvents, true>(this.#socket, { ...this.#flags, timeout: ms });
  }

  compress(compress: boolean): SocketOperator<EmitEvents, Timed> {
    return new SocketOperator(this.#socket, { ...this.#flags, compress });
  }
}
