/** What the bench asks of the load generator's process, and what that answers. Plain data: it goes over IPC. */

/** `socket.io`: the Socket.IO protocol over WebSocket. `bare`: the same 72 bytes as plain WebSocket text. */
export type Dialect = 'socket.io' | 'bare';

/** One message: bytes of text or of binary, or of text in an event that is acknowledged with it (Socket.IO only). */
export interface Shape {
  readonly kind: 'text' | 'binary' | 'ack';
  /** Of what carries the message; the event's name and the like are among them where it is text. */
  readonly payloadBytes: number;
}

/** What is particular about the connections of a work. The servers are told, too. */
export interface Link {
  /** Compression, without contexts. What is sent to the server is plain all the same. */
  readonly deflate?: true;
  /** So many clients are in a room, and hear nothing of others. Clients say which in the URL. */
  readonly roomSize?: number;
  /** Of Socket.IO; bare peers have none. */
  readonly namespace?: '/chat';
  /** The port of a Redis that servers of the same name share (`@socket.io/redis-adapter`). */
  readonly redis?: number;
  /** The folder of `key.pem` and `cert.pem`. */
  readonly tls?: string;
}

export const SHORT: Shape = { kind: 'text', payloadBytes: 72 };

export type Order =
  | { type: 'open'; group: string; port: number; count: number; dialect: Dialect; link: Link }
  | { type: 'close'; group: string }
  /** The last client reads no more, and nothing is expected of it. */
  | { type: 'stall'; group: string }
  /** One member of each room says something to it, once a second, the rooms one after the other. */
  | { type: 'rooms'; group: string; ms: number; shape: Shape }
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
