/** What a socket itself tells its user, besides the client's events. */
import type { EventHandler, EventNames, EventsMap } from './event-map.ts';

/** Why a socket left, as Socket.IO names it. */
export type DisconnectReason =
  | 'transport error'
  | 'transport close'
  | 'forced close'
  | 'ping timeout'
  | 'parse error'
  | 'slow reader'
  | 'server shutting down'
  | 'forced server close'
  | 'client namespace disconnect'
  | 'server namespace disconnect';

/** The reasons after which a client may come back as the same. */
export const RECOVERABLE: ReadonlySet<DisconnectReason> = new Set([
  'transport error',
  'transport close',
  'forced close',
  'ping timeout',
  'server shutting down',
  'forced server close',
]);

/** The reasons that one of both sides gave with a packet; after the others, clients try to come back. */
export const DELIBERATE: ReadonlySet<DisconnectReason> = new Set([
  'client namespace disconnect',
  'server namespace disconnect',
]);

/** What is told besides the reason: an error where there was one, as with Socket.IO; else words, if any. */
export function descriptionOf(
  reason: DisconnectReason,
  detail: string | undefined,
): Error | string | undefined {
  return reason === 'transport error' ? new Error(detail) : detail;
}

export interface SocketEvents {
  /** It is about to leave, and still in its rooms. */
  disconnecting: (reason: DisconnectReason, description?: unknown) => unknown;
  disconnect: (reason: DisconnectReason, description?: unknown) => unknown;
  /** A packet was refused, by a middleware or as malformed. Clients may send events of this name, too. */
  error: (error: Error) => unknown;
}

export type ListenName<ListenEvents extends EventsMap> = EventNames<ListenEvents> | keyof SocketEvents;

export type Listener<ListenEvents extends EventsMap, Name> = Name extends keyof SocketEvents
  ? SocketEvents[Name]
  : Name extends keyof ListenEvents
    ? EventHandler<ListenEvents, Name>
    : never;
