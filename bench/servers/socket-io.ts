/** Socket.IO from npm: the same program as ours.ts, but for the import. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { announce, collectNodeGarbage, deflate, mode, NO_HEARTBEAT_MS } from './control.ts';

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  pingInterval: NO_HEARTBEAT_MS,
  perMessageDeflate: deflate,
});

io.on('connection', (socket) => {
  socket.on('m', (data: string | Buffer, answer?: (data: string | Buffer) => void) => {
    if (mode === 'ack') answer?.(data);
    else if (mode === 'echo') socket.emit('m', data);
    else io.emit('m', data);
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
});
