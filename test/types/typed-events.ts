/**
 * Compiled, never run: what users of typed events may write, and what the compiler must refuse (`npm run types`). The
 * shapes are those of Socket.IO's guide to typed events.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { Adapter } from 'socket.io-adapter';
import {
  Server,
  type DefaultEventsMap,
  type DisconnectReason,
  type Namespace,
  type Socket,
} from 'websockets.io';

interface ServerToClientEvents {
  hello: (name: string, at?: number) => void;
  empty: () => void;
  bytes: (data: Buffer) => void;
  ask: (question: string, answer: (reply: number, by: string) => void) => void;
  confirm: (answer: () => void) => void;
  /** As older guides declare it: with the error of `timeout` in the map. */
  attempt: (what: string, answer: (error: Error, reply: boolean) => void) => void;
}

interface ClientToServerEvents {
  join: (room: string) => void;
  sum: (one: number, other: number, answer: (total: number) => void) => void;
  message: (text: string) => void;
}

interface InterServerEvents {
  tick: () => void;
}

interface SocketData {
  user: { name: string };
}

type Io = Server<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;
type Peer = Socket<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;

export function typed(): void {
  const io: Io = new Server<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>(
    createServer(),
    { path: '/live', presence: { identity: (socket: Peer) => socket.data.user.name } },
  );

  io.use((socket, next) => {
    const token: string = socket.handshake.auth['token'];
    socket.data.user = { name: token };
    next(token === '' ? new Error('no token') : undefined);
    // @ts-expect-error -- not a part of SocketData
    socket.data.admin = true;
    // @ts-expect-error -- errors are errors
    next('no token');
  });

  io.on('connection', (socket) => {
    const same: Peer = socket;
    greet(same);

    socket.on('join', (room) => {
      const text: string = room;
      socket.join(text);
      socket.join([text, 'lobby']);
    });
    socket.on('sum', (one, other, answer) => answer(one + other));
    socket.on('message', async (text) => {
      await Promise.resolve(text.length);
    });
    socket.once('message', (text) => socket.emit('hello', text));
    socket.on('disconnect', (reason) => {
      const known: DisconnectReason = reason;
      io.emit('hello', known);
    });
    socket.on('disconnecting', () => socket.to([...socket.rooms]).emit('empty'));
    socket.on('error', (error) => error.message);
    socket.onAny((event, ...args) => [event, args]);
    socket.use(([event, ...args], next) => next(args.length > 9 ? new Error(event) : undefined));
    socket.off('message', console.log);
    socket.removeAllListeners('message');

    // @ts-expect-error -- clients do not send this
    socket.on('hello', () => {});
    // @ts-expect-error -- not a number
    socket.on('join', (room: number) => room);
    // @ts-expect-error -- the answer takes a number
    socket.on('sum', (_one, _other, answer) => answer('3'));
  });

  io.emit('hello', 'all');
  io.emit('hello', 'all', 1);
  io.to('room').except(['other']).volatile.emit('bytes', Buffer.from('x'));
  io.in('room').local.compress(true).emit('empty');
  io.of('/admin').to('room').emit('hello', 'admins');
  io.of('/admin', (socket) => socket.data.user.name);
  void io.fetchSockets().then(([socket]) => socket?.data.user.name);
  io.socketsJoin(['a', 'b']);
  io.in('a').socketsLeave('b');
  io.in('a').disconnectSockets(true);
  io.presence.on('change', (room, { joined, left, count }) => {
    if (joined !== undefined) io.to(room).emit('hello', joined.join() + left.join(), count);
  });
  void io
    .in('a')
    .presence()
    .then(({ people }) => people?.map(({ identity, sockets, since }) => identity.length + sockets + since));
  void once(io, 'connection');
  void io.close((error) => error?.message);

  // @ts-expect-error -- clients send this, the server does not
  io.emit('join', 'room');
  // @ts-expect-error -- not a number
  io.emit('hello', 1);
  // @ts-expect-error -- its argument is missing
  io.to('room').emit('hello');
  // @ts-expect-error -- a slip
  io.on('conection', () => {});
}

/** Answers of many, and what servers tell each other. */
export async function many(io: Io): Promise<void> {
  io.timeout(100).emit('ask', 'how many?', (error, replies) => [error.message, replies[0]?.toFixed()]);
  io.to('room')
    .timeout(100)
    .emit('confirm', (_error, replies) => replies.length);
  const replies: number[] = await io.timeout(100).emitWithAck('ask', 'how many?');
  const worked: boolean[] = await io.of('/x').timeout(100).emitWithAck('attempt', 'this');
  for (const socket of await io.in('room').fetchSockets()) {
    socket.emit('hello', socket.data.user.name + replies.length + worked.length);
    socket.join('other');
    socket.disconnect(true);
  }
  io.serverSideEmit('tick');
  io.on('tick', () => {});
  io.of(/^\/room-/, (socket) => socket.emit('empty')).use((_socket, next) => next());
  io.of((name, auth, decide) => decide(null, name === auth['room']));
  io.path('/live').serveClient(false).connectTimeout(10);
  io.adapter(Adapter);
  io.adapter(createAdapter(new Redis(), new Redis()));
  io.listen(0, { adapter: createAdapter(new Redis(), new Redis()), connectionStateRecovery: {} });

  // @ts-expect-error -- each gives a number
  io.timeout(100).emit('ask', 'how many?', (_error, texts: string[]) => texts);
  // @ts-expect-error -- it has no acknowledgement of that kind
  const wrong: string[] = await io.timeout(100).emitWithAck('ask', 'how many?');
  // @ts-expect-error -- clients send this
  io.serverSideEmit('join', 'room');
  return void wrong;
}

function greet(socket: Peer): void {
  socket.emit('hello', 'you');
  socket.emit('ask', 'how many?', (reply, by) => reply.toFixed() + by.trim());
  socket.volatile.emit('hello', 'you');
  socket.broadcast.emit('hello', 'others');
  socket.compress(false).to('room').emit('empty');
  socket.timeout(100).emit('ask', 'how many?', (error, reply, by) => {
    if (error === null) socket.data.user.name = reply.toFixed() + by.trim();
  });
  socket.timeout(100).emit('attempt', 'this', (error, reply) => [error.message, reply]);

  const reply: Promise<number> = socket.emitWithAck('ask', 'how many?');
  const late: Promise<number> = socket.timeout(100).emitWithAck('ask', 'how many?');
  const worked: Promise<boolean> = socket.timeout(100).emitWithAck('attempt', 'this');
  const confirmed: Promise<undefined> = socket.emitWithAck('confirm');
  void Promise.all([reply, late, worked, confirmed]);

  // @ts-expect-error -- its acknowledgement is missing
  socket.emit('ask', 'how many?');
  // @ts-expect-error -- not a string
  void socket.emitWithAck('ask', 1);
  // @ts-expect-error -- it has no acknowledgement
  void socket.emitWithAck('hello', 'you');
  // @ts-expect-error -- it resolves with a number
  const wrong: Promise<string> = socket.emitWithAck('ask', 'how many?');
  void wrong;
  // @ts-expect-error -- the error comes first
  socket.timeout(100).emit('ask', 'how many?', (reply: number) => reply);
  // @ts-expect-error -- not a number
  socket.timeout('100');
}

/** Functions that take less specific sockets take these. */
export function shorter(socket: Peer): void {
  const events: Socket<ClientToServerEvents, ServerToClientEvents> = socket;
  events.emit('empty');
  const namespace: Namespace<ClientToServerEvents, ServerToClientEvents> = events.nsp;
  namespace.emit('empty');
}

/** Without a map, everything goes, as in the tutorial. */
export function untyped(): void {
  const io = new Server(createHttpsServer());
  io.on('connection', onConnection);
  io.on('connection', async (socket) => {
    const answer = await socket.timeout(100).emitWithAck('question', 1);
    socket.data.anything = answer.of.any.kind;
    socket.on('chat message', (msg) => io.emit('chat message', msg));
    socket.on('typed by hand', (one: number, answer: (text: string) => void) => answer(one.toFixed()));
    socket.on(answer, () => {});
    socket.emit('with answer', 1, (reply: string) => reply.trim());
    socket.timeout(100).emit('with answer', 1, (error: Error | null, reply: string) => [error, reply]);
    socket.timeout(100).emit('with answer', 1, (error: Error, reply: string) => [error, reply]);
  });
  io.of('/admin').on('connection', onConnection);
  io.timeout(100).emit('anything', (error: Error | null, replies: unknown[]) => [error, replies]);
  io.serverSideEmit('anything', 1);
  io.on('anything', (one: number) => one);
  io.emit('anything', 1, 'two', { three: [Buffer.alloc(3)] });
  io.send('text');
  new Server(3000).listen(3001, { path: '/x' });
}

function onConnection(socket: Socket): void {
  const any: Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, unknown> = socket;
  any.join(any.id);
}
