/** Several namespaces over one connection, and the middleware that guards them. */
import { ask, connected } from '../clients.ts';
import { ALL_VERSIONS, type Scenario } from '../scenario.ts';

interface RefusedError extends Error {
  data?: unknown;
}

export const namespaceScenarios: readonly Scenario[] = [
  {
    name: 'two namespaces share a connection and hear only their own',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      for (const name of ['/', '/admin']) {
        io.of(name).on('connection', (socket) => {
          notes.note(`server ${name}`, 'connection', socket.nsp.name, socket.handshake.auth);
          socket.on('speak', (answer: () => void) => {
            io.of(name).emit('heard', name);
            socket.emit('heard', 'socket', Buffer.from(name));
            answer();
          });
        });
      }
    },
    async client(connect, { notes }) {
      const main = connect({ auth: { who: 'main' } });
      const admin = main.io.socket('/admin', { auth: { who: 'admin' } });
      main.on('heard', (...details: unknown[]) => notes.note('main', 'heard', ...details));
      admin.on('heard', (...details: unknown[]) => notes.note('admin', 'heard', ...details));
      await connected(main, admin);
      notes.note('both', 'ids differ', main.id !== admin.id, main.io.engine === admin.io.engine);
      await ask(admin, 'speak');
      await ask(main, 'speak');
      await ask(admin, 'speak');
    },
  },
  {
    name: 'leaving one namespace keeps the other',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      for (const name of ['/', '/admin']) {
        io.of(name).on('connection', (socket) => {
          socket.on('disconnect', (reason) => notes.note(`server ${name}`, 'disconnect', reason));
          socket.on('fence', (answer: () => void) => answer());
        });
      }
    },
    async client(connect, { notes }) {
      const main = connect();
      const admin = main.io.socket('/admin');
      await connected(main, admin);
      admin.disconnect();
      await notes.until('server /admin', 'disconnect');
      await ask(main, 'fence');
      notes.note('main', 'still connected', main.connected);
      admin.connect();
      await connected(admin);
      await ask(admin, 'fence');
      notes.note('admin', 'connected again', admin.connected);
    },
  },
  {
    name: 'a namespace alone, without the main one',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', () => notes.note('server', 'main connection'));
      io.of('/only').on('connection', (socket) => {
        socket.on('fence', (answer: (name: string) => void) => answer(socket.nsp.name));
      });
    },
    async client(connect, { notes }) {
      const only = connect({ namespace: '/only' });
      notes.note('only', 'answer', await ask(only, 'fence'));
    },
  },
  {
    name: 'names: with and without slash, unicode, query',
    versions: ['4', '3'],
    server(io, { notes }) {
      notes.note('server', 'same', io.of('chat') === io.of('/chat'), io.of('/chat').name, io.of('').name);
      io.of('/ключ').on('connection', (socket) => notes.note('server', 'connection', socket.nsp.name));
      io.of('/asked').on('connection', (socket) => {
        notes.note('server', 'connection', socket.nsp.name, socket.handshake.query['a']);
      });
    },
    async client(connect, { notes }) {
      const main = connect({ namespace: '/asked', query: { a: 'b' } });
      await connected(main);
      const named = main.io.socket('/ключ');
      await connected(named);
      await notes.until('server', 'connection', 2);
    },
  },
  {
    name: 'an unknown namespace is refused, the connection lives on',
    versions: ['4', '3'],
    server(io) {
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, { notes }) {
      const main = connect();
      const unknown = main.io.socket('/nowhere');
      unknown.on('connect', () => notes.note('unknown', 'connect'));
      unknown.on('connect_error', (error: RefusedError) => {
        notes.note('unknown', 'connect_error', error, error.data, unknown.active, unknown.connected);
      });
      await notes.until('unknown', 'connect_error');
      await ask(main, 'fence');
      notes.note('main', 'still connected', main.connected);
    },
  },
  {
    name: 'middleware runs in order and lets in',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.use((socket, next) => {
        notes.note('server', 'first', socket.connected, socket.handshake.auth, socket.rooms.size);
        socket.data = { user: 'u' };
        next();
      });
      io.use((_socket, next) => {
        setImmediate(() => {
          notes.note('server', 'second');
          next();
        });
      });
      io.of('/admin').use((_socket, next) => {
        notes.note('server', 'of admin');
        next();
      });
      io.on('connection', (socket) => notes.note('server', 'connection', socket.connected, socket.data));
    },
    async client(connect, { notes }) {
      const main = connect({ auth: { token: 1 } });
      await connected(main);
      await notes.until('server', 'connection');
      const admin = main.io.socket('/admin');
      await connected(admin);
    },
  },
  {
    name: 'middleware refuses, with and without data; a refused client may try again',
    versions: ['4', '3'],
    server(io, { notes }) {
      io.use((socket, next) => {
        const { token } = socket.handshake.auth;
        if (token === 'right') {
          next();
          return;
        }
        const error: RefusedError = new Error(`wrong token ${String(token)}`);
        if (token === 'data') error.data = { code: 401, hint: ['try', { again: true }] };
        next(error);
      });
      io.use((_socket, next) => {
        notes.note('server', 'later middleware');
        next();
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes }) {
      const alice = connect({ auth: { token: 'none' } });
      alice.on('connect', () => notes.note('alice', 'connect'));
      alice.on('connect_error', (error: RefusedError) => {
        notes.note('alice', 'connect_error', error, error.data, alice.active, alice.connected);
      });
      await notes.until('alice', 'connect_error', 1);
      for (const [token, outcome, times] of [
        ['data', 'connect_error', 2],
        ['right', 'connect', 1],
      ] as const) {
        alice.auth = { token };
        alice.connect();
        await notes.until('alice', outcome, times);
      }
      await notes.until('server', 'connection');
    },
  },
  {
    name: 'what a client sends right after connecting is not lost while middleware waits',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.use((_socket, next) => {
        setTimeout(next, 20);
      });
      io.on('connection', (socket) => {
        socket.on('early', (number: unknown) => notes.note('server', 'early', number));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      for (let index = 0; index < 10; index += 1) alice.emit('early', index);
      await notes.until('server', 'early', 10);
    },
  },
  {
    name: 'a client that leaves while middleware waits never connects',
    versions: ALL_VERSIONS,
    modes: ['websocket'],
    server(io, { notes }) {
      io.use((socket, next) => {
        notes.note('server', 'middleware');
        socket.conn.once('close', () => {
          next();
          setImmediate(() => notes.note('server', 'sockets', io.sockets.sockets.size));
        });
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes }) {
      const alice = connect();
      await notes.until('server', 'middleware');
      alice.io.engine.close();
      await notes.until('server', 'sockets');
    },
  },
  {
    name: 'the new_namespace event',
    server(io, { notes }) {
      io.on('new_namespace', (namespace) => notes.note('server', 'new_namespace', namespace.name));
      io.of('/a');
      io.of('/a');
      io.of('/b');
      io.on('connection', () => undefined);
    },
    async client(connect) {
      await connected(connect());
    },
  },
];
