/** What the bench asks of a load generator's process, and what that answers. Plain data: it goes over IPC. */

/** `socket.io`: the Socket.IO protocol. `bare`: the same 72 bytes as plain WebSocket text. */
export type Dialect = 'socket.io' | 'bare';

/** One message: bytes of text or of binary, or of text in an event that is acknowledged with it (Socket.IO only). */
export interface Shape {
  readonly kind: 'text' | 'binary' | 'ack';
  /** Of what carries the message; the event's name and the like are among them where it is text. */
  readonly payloadBytes: number;
}

/** What is particular about the connections of a work. The servers are told, too. */
export interface Link {
  /** HTTP long-polling instead of WebSocket. */
  readonly polling?: true;
  /** Compression, without contexts. What is sent to the server is plain all the same. */
  readonly deflate?: true;
  /** So many clients are in a room, and hear nothing of others. Clients say which in the URL. */
  readonly roomSize?: number;
  /** Of Socket.IO; bare peers have none. */
  readonly namespace?: '/chat';
  /** The port of a Redis that servers of the same name share (`@socket.io/redis-adapter`). */
  readonly redis?: number;
  /** So many processes with one port (`node:cluster`, `@socket.io/cluster-adapter`). */
  readonly processes?: number;
  /** The server sends its pings, and the clients answer. In all other works nobody asks within the hour. */
  readonly heartbeats?: true;
  /** Events come with their position in a history behind their arguments. Nobody knows it before, so it is not compared. */
  readonly positions?: true;
  /** The folder of `key.pem` and `cert.pem`. */
  readonly tls?: string;
}

export const SHORT: Shape = { kind: 'text', payloadBytes: 72 };

export interface Traffic {
  /** One says, all hear; each hears itself; or, in rooms, one member says something to its room once a second. */
  readonly type: 'fanout' | 'echo' | 'rooms';
  /** How many messages a client sends in one write, before it waits for them. Fan-out only. */
  readonly inFlight?: number;
  /** So many a second, whatever comes back, instead of the next one when all have the last one. */
  readonly perSecond?: number;
  readonly ms: number;
  readonly shape: Shape;
}

export type Order =
  | { type: 'open'; port: number; count: number; dialect: Dialect; link: Link }
  | { type: 'close' }
  /** The last client reads no more, and nothing is expected of it. */
  | { type: 'stall' }
  /** How many pings have been answered since the last time. */
  | { type: 'heartbeats' }
  | Traffic;

export interface Ran {
  type: 'ran';
  /** Messages that arrived, each one checked: each receiver of a broadcast counts. */
  deliveries: number;
  bytes: number;
  wallMs: number;
  /** CPU time of the generator's process, user and system. */
  cpuMs: number;
  /**
   * Milliseconds per receiver: from the sending of a message to the arrival of the last one that was sent with it; with
   * `perSecond`, from when a message was due.
   */
  latencyMs: Percentiles;
  /** With `perSecond`: how long after it was due a message was sent. The generator's fault, and part of the latencies. */
  lateMs?: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export type Answer =
  { type: 'done' } | { type: 'heartbeats'; count: number } | Ran | { type: 'failed'; reason: string };
