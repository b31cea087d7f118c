/** What the bench asks of the load generator's process, and what that answers. Plain data: it goes over IPC. */

/** `socket.io`: the Socket.IO protocol over WebSocket. `bare`: the same 72 bytes as plain WebSocket text. */
export type Dialect = 'socket.io' | 'bare';

/** One message: bytes of text or of binary, or of text in an event that is acknowledged with it (Socket.IO only). */
export interface Shape {
  readonly kind: 'text' | 'binary' | 'ack';
  /** Of what carries the message; the event's name and the like are among them where it is text. */
  readonly payloadBytes: number;
}

export const SHORT: Shape = { kind: 'text', payloadBytes: 72 };

export type Order =
  /** `deflate`: offer compression, without contexts. What is sent to the server is plain all the same. */
  | { type: 'open'; group: string; port: number; count: number; dialect: Dialect; deflate?: boolean }
  | { type: 'close'; group: string }
  | { type: 'fanout'; group: string; inFlight: number; ms: number; shape: Shape }
  | { type: 'echo'; group: string; ms: number; shape: Shape };

export interface Ran {
  type: 'ran';
  /** Messages that arrived, each one checked: each receiver of a broadcast counts. */
  deliveries: number;
  bytes: number;
  wallMs: number;
  /** CPU time of the generator's process, user and system. */
  cpuMs: number;
  /** Milliseconds from the sending of a message to the arrival of the last one that was sent with it, per receiver. */
  latencyMs: { p50: number; p99: number; p999: number };
}

export type Answer = { type: 'done' } | Ran | { type: 'failed'; reason: string };
