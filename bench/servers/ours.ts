/** websockets.io, as a user writes it. */
import { createServer } from 'node:http';
import { Server } from 'websockets.io';
import { announce, collectNodeGarbage, mode, NO_HEARTBEAT_MS } from './control.ts';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], pingInterval: NO_HEARTBEAT_MS });

io.on('connection', (socket) => {
  socket.on('m', (text: string) => {
    if (mode === 'echo') socket.emit('m', text);
    else io.emit('m', text);
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
});
