/**
 * One process for each core. A WebSocket stays with the process that took it, so clients that use nothing else need no sticky
 * sessions; HTTP long-polling would. The adapter carries what is for all.
 */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { createAdapter, setupPrimary } from '@socket.io/cluster-adapter';
import { Server } from 'websockets.io';

if (cluster.isPrimary) {
  setupPrimary();
  for (let core = availableParallelism(); core > 0; core -= 1) cluster.fork();
} else {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], adapter: createAdapter() });
  io.on('connection', (socket) => {
    socket.on('chat message', (text) => io.emit('chat message', text, process.pid));
  });
  http.listen(process.env['PORT'] ?? 3000);
}
