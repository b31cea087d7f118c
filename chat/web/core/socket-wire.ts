import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../shared/events.ts';
import type { Wire } from './wire.ts';

const ANSWER_TIMEOUT_MS = 10_000;

/** Opens no connection yet: `connect()` does, to the origin that served the page. */
export function socketWire(): Wire {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    autoConnect: false,
    // WebSocket first saves three requests; polling remains for networks that refuse upgrades.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 30_000,
    randomizationFactor: 0.5,
  });
  const ask = () => {
    // The client would keep the packet and send it after a reconnect, behind the back of the outbox.
    if (!socket.connected) throw new Error('Cannot ask: the connection is closed');
    return socket.timeout(ANSWER_TIMEOUT_MS);
  };
  return {
    listen(listeners) {
      socket.on('connect', () => listeners.opened());
      socket.on('disconnect', (reason) => listeners.closed(reason !== 'io server disconnect'));
      // `active` is false when the server refused the namespace: the client gives up for good then.
      socket.on('connect_error', () => listeners.closed(socket.active));
      socket.on('message', (message) => listeners.message(message));
      socket.on('online', (count) => listeners.online(count));
    },
    connect: () => void socket.connect(),
    disconnect: () => void socket.disconnect(),
    enter: async (question) => ask().emitWithAck('enter', question),
    send: async (message) => ask().emitWithAck('send', message),
    history: async (question) => ask().emitWithAck('history', question),
  };
}
