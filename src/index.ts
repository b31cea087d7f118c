/** The public names of `websockets.io`, one by one. */
export { Server } from './server.ts';
export type { CloseOptions, DrainOptions } from './drain.ts';
export { Namespace } from './namespaces/namespace.ts';
export { Socket } from './namespaces/socket.ts';
export type { DisconnectReason } from './namespaces/socket-events.ts';
export type { DefaultEventsMap, EventsMap } from './namespaces/event-map.ts';
export type { Handshake } from './namespaces/handshake.ts';
// Under Socket.IO's name, too.
export type { MiddlewareError, MiddlewareError as ExtendedError } from './namespaces/middleware.ts';
export type { HistoryOptions, KeepOptions, RecoveryOptions } from './history-options.ts';
export type {
  AllowRequest,
  Clock,
  Rejection,
  ServerOptions,
  SlowReaderPolicy,
  TransportName,
} from './options.ts';
export type { PresenceOptions } from './presence-options.ts';
export type { ReceiveOnceOptions } from './receive-once-options.ts';
export type { Adapter, AdapterFactory } from './rooms/adapter.ts';
export { BroadcastOperator } from './rooms/broadcast.ts';
export type { HistoryEvent, HistoryPage, HistoryQuery, Joined, JoinOptions } from './rooms/history-query.ts';
export type { PresenceChange, PresentPerson, RoomPresence } from './rooms/presence.ts';
export type { PresenceEvents } from './rooms/presence-watch.ts';
export { RemoteSocket } from './rooms/remote-socket.ts';
export type { Parser } from './socketio/codec.ts';
