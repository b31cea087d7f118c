/**
 * The contract between a session and the connection that carries its packets.
 *
 * Laws of a transport:
 * 1. Packets reach the owner in the order in which the peer sent them, each in the tick of the chunk or body that ended it.
 * 2. `write` is called only while `writable`, and only by the flush.
 * 3. What was written arrives in order; one chain is one write.
 * 4. The owner hears `onWritable` each time that `writable` turns true.
 * 5. The owner hears `onTransportClosed` at most once, and nothing after it; never after `close` or `discard`.
 * 6. `close` and `discard` are harmless when repeated. After them the connection ends in bounded time, whatever the peer
 *    does.
 *
 * The owner never throws: it keeps what the user's code throws to itself.
 */
import type { Dialect } from '../engineio/dialect.ts';
import type { EnginePacket } from '../engineio/packet.ts';
import type { TransportName } from '../options.ts';
import type { Outbox } from './outbox.ts';

export type TransportFault = 'transport close' | 'transport error' | 'parse error';

export interface TransportOwner {
  onPacket(transport: Transport, packet: EnginePacket): void;
  onWritable(transport: Transport): void;
  /** The transport ended by itself. `detail` says why, for logs and for the user's `close` event. */
  onTransportClosed(transport: Transport, fault: TransportFault, detail?: string): void;
}

export interface Transport {
  readonly name: TransportName;
  /** What the client speaks on it. */
  readonly dialect: Dialect;
  /** Can take a write now: the peer keeps up. */
  readonly writable: boolean;
  /** Some of what was written has not left: the peer reads slowly, and could lose it if this closed now. */
  readonly blocked: boolean;
  /** Bytes that were written and have not left. */
  readonly unsentBytes: number;
  owner: TransportOwner;
  write(outbox: Outbox): void;
  /** Says good-bye as the transport does it, then ends. What was written before goes first, unless the peer is too slow. */
  close(): void;
  /** Lets go without a word: the session has moved to another transport, or the peer is gone. */
  discard(): void;
}
