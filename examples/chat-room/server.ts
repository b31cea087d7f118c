/** The Socket.IO tutorial, finished: one room, one event, everybody hears everybody. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Server } from 'websockets.io';

const app = express();
const server = createServer(app);
const io = new Server(server);

app.get('/', (_request, response) => {
  response.sendFile('index.html', { root: import.meta.dirname });
});

io.on('connection', (socket) => {
  console.log('a user connected');
  socket.on('chat message', (msg) => {
    io.emit('chat message', msg);
  });
  socket.on('disconnect', () => {
    console.log('user disconnected');
  });
});

const port = Number(process.env['PORT'] ?? 3000);

server.on('error', (error: NodeJS.ErrnoException) => {
  const inUse = error.code === 'EADDRINUSE';
  console.error(inUse ? `Port ${port} is already in use: set PORT to another one.` : error.message);
  process.exit(1);
});

server.listen(port, () => {
  // PORT=0 asks the system for a free port, so print the one that was given.
  console.log(`listening on *:${(server.address() as AddressInfo).port}`);
});
