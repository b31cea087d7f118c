/** The public names of `websockets.io/engine`, one by one: the Engine.IO server without Socket.IO. */
export {
  attach,
  listen,
  protocol,
  Server,
  type EngineServerOptions as ServerOptions,
} from './engine-server.ts';
export { EngineSocket as Socket } from './transport/engine-socket.ts';
export type { CloseReason } from './transport/engine-host.ts';
export type { AttachOptions, EngineRequest } from './transport/engine.ts';
export type { EngineMiddleware as Middleware } from './transport/engine-middleware.ts';
export type { MessageData, SendOptions } from './transport/message-data.ts';
export type { SentCallback } from './transport/sent-callbacks.ts';
export type { Transport } from './transport/transport.ts';
export type { EnginePacket as Packet } from './engineio/packet.ts';
export type {
  CookieOptions,
  CorsDelegate,
  CorsOptions,
  CorsOrigin,
  HttpCompressionOptions,
} from './http-options.ts';
export type { AllowRequest, Clock, Rejection, TransportName } from './options.ts';
