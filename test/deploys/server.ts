/**
 * One server process of the tests of deploys: what is said in a room goes to all in it, and outlives the process. SIGTERM
 * replaces it. Arguments: the log's file, the port.
 */
import { createServer } from 'node:http';
import { Server } from 'websockets.io';
import { SqliteLog } from 'websockets.io/history/sqlite';

const [file = '', port = ''] = process.argv.slice(2);
// Started while the process before it is still draining: opening waits until that has closed the file.
const log = new SqliteLog(file, { busyTimeout: 60_000 });
const http = createServer();
const io = new Server(http, {
  // On a machine that has much else to do, coming back may take its time.
  connectionStateRecovery: { maxDisconnectionDuration: 900_000 },
  history: { log },
});

io.on('connection', (socket) => {
  if (!socket.recovered) {
    const { name, room } = socket.handshake.auth as { name: string; room: string };
    socket.data = { name, room };
    void socket.join(room);
  }
  socket.on('say', (number: number, done: () => void) => {
    io.to(socket.data.room).emit('said', `${socket.data.name} ${number}`);
    done();
  });
  socket.on('finish', (done: () => void) => {
    io.emit('end');
    done();
  });
});

const listen = (): unknown => http.listen(Number(port), '127.0.0.1');
http.on('listening', () => process.send?.('listening'));
process.on('disconnect', () => process.exit()); // the test was broken off
process.channel?.unref();
http.on('error', () => setTimeout(listen, 10)); // the port is given free a moment after the file
process.once('SIGTERM', () => void io.close({ drain: true }));
listen();
