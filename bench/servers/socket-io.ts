/** Socket.IO from npm: the same program as ours.ts, but for the import. */
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Server } from 'socket.io';
import { createAdapter } from './adapter.ts';
import {
  announce,
  certificate,
  collectNodeGarbage,
  deflate,
  link,
  mode,
  pingInterval,
  transports,
} from './control.ts';

const http = certificate === undefined ? createServer() : createHttpsServer(certificate);
const adapter = createAdapter('theirs');
const io = new Server(http, {
  transports,
  pingInterval,
  perMessageDeflate: deflate,
  ...(adapter !== undefined && { adapter }),
});
const namespace = io.of(link.namespace ?? '/');

namespace.on('connection', (socket) => {
  const room = String(socket.handshake.query['room']);
  if (room !== '') void socket.join(room);
  socket.on('m', (data: string | Buffer, answer?: (data: string | Buffer) => void) => {
    if (mode === 'ack') answer?.(data);
    else if (mode === 'echo') socket.emit('m', data);
    else if (room !== '') namespace.to(room).emit('m', data);
    else namespace.emit('m', data);
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
});
