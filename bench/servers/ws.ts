/** ws, bare: text in, a loop over the clients, text out. */
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { WebSocketServer, type WebSocket } from 'ws';
import { announce, certificate, collectNodeGarbage, deflate, mode } from './control.ts';

const http = certificate === undefined ? createServer() : createHttpsServer(certificate);
const server = new WebSocketServer({ server: http, perMessageDeflate: deflate });
const rooms = new Map<string, Set<WebSocket>>();

server.on('connection', (socket, { url = '/' }) => {
  let audience = server.clients;
  if (url !== '/') {
    audience = rooms.get(url) ?? new Set();
    rooms.set(url, audience.add(socket));
    socket.on('close', () => audience.delete(socket));
  }
  socket.on('message', (data, isBinary) => {
    if (mode === 'echo') socket.send(data, { binary: isBinary });
    else for (const client of audience) client.send(data, { binary: isBinary });
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
});
