import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient } from '../../shared/events.ts';
import type { AnswerOf, AskName, AskOf, NewsName, Wire } from './wire.ts';

const ANSWER_TIMEOUT_MS = 10_000;

const NEWS: readonly NewsName[] = [
  'message',
  'room',
  'joined',
  'left',
  'member',
  'person',
  'me',
  'presence',
  'online',
  'typing',
  'read',
  'chat',
  'notice',
];

/** The socket as its own types cannot be: the event decides about the ask and its answer. */
interface Untyped {
  on(event: string, listener: (news: never) => void): void;
  timeout(ms: number): { emitWithAck(event: string, ask: unknown): Promise<unknown> };
}

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
  const untyped = socket as unknown as Untyped;
  return {
    listen(listeners) {
      socket.on('connect', () => listeners.opened());
      socket.on('disconnect', (reason) => listeners.closed(reason !== 'io server disconnect'));
      // `active` is false when the server refused the namespace: the client gives up for good then.
      socket.on('connect_error', () => listeners.closed(socket.active));
      for (const event of NEWS) untyped.on(event, (value) => listeners.heard(event, value));
    },
    connect: () => void socket.connect(),
    disconnect: () => void socket.disconnect(),
    async ask<E extends AskName>(event: E, ask: AskOf<E>): Promise<AnswerOf<E>> {
      // The client would keep the packet and send it after a reconnect, behind the back of the outbox.
      if (!socket.connected) throw new Error('Cannot ask: the connection is closed');
      return (await untyped.timeout(ANSWER_TIMEOUT_MS).emitWithAck(event, ask)) as AnswerOf<E>;
    },
    tellTyping(room) {
      if (socket.connected) socket.volatile.emit('typing', { room });
    },
  };
}
