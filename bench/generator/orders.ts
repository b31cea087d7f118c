/** What the bench asks of the load generator's process, and what that answers. Plain data: it goes over IPC. */

/** `socket.io`: the Socket.IO protocol over WebSocket. `bare`: the same 72 bytes as plain WebSocket text. */
export type Dialect = 'socket.io' | 'bare';

export type Order =
  | { type: 'open'; group: string; port: number; count: number; dialect: Dialect }
  | { type: 'close'; group: string }
  | { type: 'fanout'; group: string; inFlight: number; ms: number }
  /** `payloadBytes`: binary of that size instead of the 72 bytes of text. */
  | { type: 'echo'; group: string; ms: number; payloadBytes?: number };

export interface Ran {
  type: 'ran';
  /** Messages that arrived, each one checked: each receiver of a broadcast counts. */
  deliveries: number;
  bytes: number;
  wallMs: number;
  /** CPU time of the generator's process, user and system. */
  cpuMs: number;
}

export type Answer = { type: 'done' } | Ran | { type: 'failed'; reason: string };
