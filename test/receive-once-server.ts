/**
 * One server process of `receive-once.test.ts`, which dies at the word of a number: in the handler, before anything is kept, or
 * when all is kept and nothing has left. Arguments: the log's file, the port, the number, where.
 */
import { createServer } from 'node:http';
import { Server } from 'websockets.io';
import { SqliteLog } from 'websockets.io/history/sqlite';

const [file = '', port = '', fatal = '', where = ''] = process.argv.slice(2);
const http = createServer();
const log = new SqliteLog(file, { busyTimeout: 60_000 });
const io = new Server(http, { connectionStateRecovery: true, history: { log }, receiveOnce: true });
const die = (): unknown => process.kill(process.pid, 'SIGKILL');

io.on('connection', (socket) => {
  void socket.join('room');
  socket.on('say', ({ number }: { number: number }, reply: (answer: string) => void) => {
    io.to('room').emit('said', number);
    reply(`answer ${number}`);
    if (number !== Number(fatal)) return;
    if (where === 'in the handler') die();
    // Called behind the commit, which was asked for before.
    else io.beforeFlush(die);
  });
  socket.on('read', async (reply: (numbers: unknown[]) => void) => {
    const { events } = await io.in('room').history({ limit: 1_000 });
    reply(events.map(({ args }) => args[0]));
  });
});

http.listen(Number(port), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit()); // the test is over, or was broken off
