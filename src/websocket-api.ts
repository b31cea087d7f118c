/** The public names of `websockets.io/websocket`, one by one: the WebSocket engine without Engine.IO and Socket.IO. */
export { WebSocketServer, type WebSocketServerEvents } from './transport/websocket-server.ts';
export type { WebSocketServerOptions } from './transport/websocket-server-options.ts';
export {
  ReadyState,
  ServerWebSocket,
  type SendCallback,
  type ServerWebSocketEvents,
} from './transport/server-websocket.ts';
export { PreparedMessage } from './transport/prepared-message.ts';
export { StateError } from './errors.ts';
/** The protocol alone, without I/O: bytes in, events out, for either end. */
export {
  WebSocket as WebSocketProtocol,
  type WebSocketEvent,
  type WebSocketOptions as WebSocketProtocolOptions,
} from './websocket/websocket.ts';
export {
  acceptDeflate,
  negotiateDeflate,
  offerDeflate,
  type DeflateOptions,
  type DeflateParameters,
} from './websocket/permessage-deflate.ts';
export { checkUpgrade, formatAcceptResponse, formatRefusal } from './websocket/handshake.ts';
export { encodeFrame } from './websocket/frame-encoder.ts';
export { FrameDecoder } from './websocket/frame-decoder.ts';
export { Opcode, type Frame } from './websocket/frame.ts';
export { applyMask } from './websocket/mask.ts';
export { CloseCode } from './websocket/closing.ts';
