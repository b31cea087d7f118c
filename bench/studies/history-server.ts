/** Our server with a history, or without: `history-server.ts <way> <folder> <mode> <link>`. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Server, type ServerOptions } from 'websockets.io';
import { SqliteLog } from 'websockets.io/history/sqlite';
import { announce, collectNodeGarbage } from '../servers/control.ts';

/** So few that old events go while new ones come, as in a server that has run for a while. */
const MAX_EVENTS = 2_000;

const folder = process.argv[3] ?? '.';
const kept = (log?: SqliteLog): Partial<ServerOptions> => ({
  connectionStateRecovery: {},
  history: { maxEvents: MAX_EVENTS, ...(log !== undefined && { log }) },
});

export const WAYS: Readonly<Record<string, () => Partial<ServerOptions>>> = {
  'history off': () => ({}),
  MemoryLog: () => kept(),
  'SqliteLog, normal': () => kept(new SqliteLog(join(folder, 'normal.db'))),
  'SqliteLog, full': () => kept(new SqliteLog(join(folder, 'full.db'), { synchronous: 'full' })),
};

if (import.meta.main) {
  const way = WAYS[process.argv[2] ?? ''];
  if (way === undefined) throw new Error(`No such way: ${process.argv[2]}`);
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], pingInterval: 3_600_000, ...way() });
  io.on('connection', (socket) => {
    socket.on('m', (data: string) => io.emit('m', data));
  });
  // All of a storm's clients may knock before the first is let in.
  http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
    const address = http.address();
    if (address !== null && typeof address === 'object') announce(address.port, collectNodeGarbage);
  });
}
