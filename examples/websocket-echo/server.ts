/** Bare WebSocket: each message goes back to its sender. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'websockets.io/websocket';

const http = createServer((_request, response) => response.end('Connect with a WebSocket'));
const server = new WebSocketServer({ server: http, path: '/echo' });

server.on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data));
});

http.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`listening on *:${(http.address() as AddressInfo).port}`);
});
