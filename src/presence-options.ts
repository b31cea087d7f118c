/** The options of presence: who is told apart, which rooms are watched, and how long a lost client is waited for. */
import type { Socket } from './namespaces/socket.ts';
import { checkFunction, positiveNumber, switchable, wholeNumber } from './option-checks.ts';

/** Who is in which room, told by `io.in(room).presence()` and `io.presence`. */
export interface PresenceOptions {
  /**
   * Who a socket is: those with the same answer are one person. Asked when it joins a room. Without an answer it is nobody, and
   * not counted there. Default: its id, so that each socket is a person.
   */
  identity?(socket: Socket): string | undefined;
  /** Milliseconds in which a client that lost its connection may come back without having left. Default 5,000. */
  grace?: number;
  /** People in a room that are named; larger rooms are only counted. Default 500. */
  maxNamed?: number;
  /** Lost sockets that are waited for, once for each room they were in; the first lost go first. Default 100,000. */
  maxLost?: number;
  /** Which rooms are watched. It must say the same each time. Default: all but the sockets' own, which never are. */
  rooms?: (room: string, namespace: string) => boolean;
}

export interface ResolvedPresence {
  identityOf(socket: Socket): unknown;
  readonly graceMs: number;
  readonly maxNamed: number;
  readonly maxLost: number;
  readonly watches: (room: string, namespace: string) => boolean;
}

export function presenceOf(given: boolean | PresenceOptions): ResolvedPresence | undefined {
  const options = switchable<PresenceOptions>(given, 'presence');
  if (options === undefined) return undefined;
  for (const name of ['identity', 'rooms'] as const) checkFunction(options[name], `presence.${name}`);
  return Object.freeze<ResolvedPresence>({
    identityOf: (socket) => (options.identity === undefined ? socket.id : options.identity(socket)),
    graceMs: wholeNumber(options.grace ?? 5_000, 'presence.grace'),
    maxNamed: positiveNumber(options.maxNamed, 'presence.maxNamed', 500),
    maxLost: positiveNumber(options.maxLost, 'presence.maxLost', 100_000),
    watches: options.rooms ?? (() => true),
  });
}
