/** Who is here: people enter rooms, and hear who comes and who goes. Several tabs are one person; a reload is no leave. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'websockets.io';

const http = createServer();
const io = new Server(http, {
  // A real server checks who it is, in a middleware.
  presence: { identity: (socket) => socket.handshake.auth['name'] },
});

io.presence.on('change', (room, change) => io.to(room).emit('presence', room, change));

io.on('connection', (socket) => {
  socket.on('enter', async (room, answer) => {
    await socket.join(room);
    answer?.(await io.in(room).presence());
  });
  socket.on('leave', (room) => socket.leave(room));
});

http.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`listening on *:${(http.address() as AddressInfo).port}`);
});
