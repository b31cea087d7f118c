/** ws, bare: text in, a loop over the clients, text out. */
import { WebSocketServer } from 'ws';
import { announce, collectNodeGarbage, deflate, mode } from './control.ts';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: deflate });

server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    if (mode === 'echo') socket.send(data, { binary: isBinary });
    else for (const client of server.clients) client.send(data, { binary: isBinary });
  });
});

server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
});
