/** Socket.IO packets: what travels between two sockets of a namespace (Socket.IO protocol v5, "Packet encoding"). */

/** An event: its name, then its arguments. */
export type EventData = readonly [event: string | number, ...args: unknown[]];

/** One Socket.IO packet. An `id` asks for an ack; binary stands in `data` where the user put it. */
export type Packet =
  | { type: 'connect'; namespace: string; data?: unknown }
  | { type: 'disconnect'; namespace: string }
  | { type: 'event'; namespace: string; id?: number; data: EventData }
  | { type: 'ack'; namespace: string; id: number; data: readonly unknown[] }
  /** `data` has a `message`; for clients of revision 3 it is whatever the middleware's error carried. */
  | { type: 'connect error'; namespace: string; data: unknown };

/** Event names with a meaning of their own on either side. No peer and no user may send them. */
export const RESERVED_EVENTS: ReadonlySet<string> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);
