/** websockets.io/websocket, bare: the same program as ws.ts, with its own way to publish. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'websockets.io/websocket';
import { announce, collectNodeGarbage, deflate, mode } from './control.ts';

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: deflate });

server.on('connection', (socket) => {
  socket.on('message', (data) => {
    if (mode === 'echo') socket.send(data);
    else server.publish(data);
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
});
