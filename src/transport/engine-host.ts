/** What stands around an Engine.IO session: the engine that it belongs to, and who is told of its messages. */
import type { SlowReaderPolicy } from '../options.ts';
import type { TimerWheel } from './clock.ts';
import type { EngineSocket } from './engine-socket.ts';
import type { Flush } from './flush.ts';
import type { QuietEmitter } from './quiet-emitter.ts';
import type { TransportFault } from './transport.ts';

/** Why a session ended, as the `close` event and Socket.IO's `disconnect` event tell it. */
export type CloseReason = TransportFault | 'ping timeout' | 'forced close' | 'slow reader';

/** Who is told of a session's messages: one per session, by plain calls. */
export interface EngineReceiver {
  onMessage(message: string | Buffer): void;
  /** A heartbeat goes out, behind everything that was sent before. */
  onPinged?(): void;
  /** It was answered: the client has everything that was sent before it. */
  onPong?(): void;
  onClose(reason: CloseReason, detail?: string): void;
}

/** What a session needs of the engine that it belongs to. */
export interface EngineHost extends QuietEmitter {
  readonly flush: Flush;
  readonly wheel: TimerWheel;
  readonly options: {
    readonly pingIntervalMs: number;
    readonly pingTimeoutMs: number;
    readonly upgradeTimeoutMs: number;
    readonly maxOutboxBytes: number;
    readonly slowReaderPolicy: SlowReaderPolicy;
  };
  onSessionClosed(socket: EngineSocket, reason: CloseReason): void;
}
