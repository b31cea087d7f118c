/** What stands at the door of a namespace, and before a socket's events. */
import type { Socket as ClientSocket } from 'socket.io-client';
import { ask, attempt, connected, hear } from '../clients.ts';
import type { Notebook } from '../notebook.ts';
import type { Scenario } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

function noteRefusal(client: ClientSocket, notes: Notebook, party: string): void {
  client.on('connect', () => notes.note(party, 'connect'));
  client.on('connect_error', (error: Error & { data?: unknown }) =>
    notes.note(party, 'connect_error', error, error.data, client.active),
  );
}

/** Everything that `next` may be given; the client is told of what counts as an error. */
const GIVEN: readonly [string, () => unknown][] = [
  ['nothing', () => undefined],
  ['null', () => null],
  ['an error', () => new Error('no')],
  ['an error without words', () => new Error('')],
  ['a TypeError', () => new TypeError('wrong type')],
  ['data: an object', () => Object.assign(new Error('no'), { data: { deep: [1, null, { two: 'é' }] } })],
  ['data: a string', () => Object.assign(new Error('no'), { data: 'words' })],
  ['data: zero', () => Object.assign(new Error('no'), { data: 0 })],
  ['data: null', () => Object.assign(new Error('no'), { data: null })],
  ['data: false', () => Object.assign(new Error('no'), { data: false })],
  ['data: bytes', () => Object.assign(new Error('no'), { data: Buffer.from('b') })],
  ['data: an Error', () => Object.assign(new Error('no'), { data: new Error('inner') })],
  ['data: a Date', () => Object.assign(new Error('no'), { data: new Date(0) })],
  ['no Error but its shape', () => ({ message: 'shaped', data: [1] })],
];

export const middlewareScenarios: readonly Scenario[] = [
  ...GIVEN.map(([what, make]): Scenario => ({
    ...single,
    name: `next is given ${what}`,
    server(io, { notes }) {
      io.of('/guarded').use((_socket, next) => next(make() as Error));
      io.of('/guarded').on('connection', () => notes.note('server', 'connection'));
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, { notes }) {
      const main = connect();
      const guarded = main.io.socket('/guarded');
      noteRefusal(guarded, notes, 'guarded');
      await connected(main);
      await ask(main, 'fence');
      await notes.until('guarded', make() ? 'connect_error' : 'connect');
    },
  })),
  {
    ...single,
    name: 'several in order, the first refusal ends it; async ones, and code behind next()',
    server(io, { notes }) {
      io.use((socket, next) => {
        notes.note('server', 'first');
        next();
        socket.data = { ...(socket.data as object), behindNext: true };
      });
      io.use((socket, next) => {
        void Promise.resolve().then(() => {
          notes.note('server', 'second', socket.connected);
          next();
        });
      });
      io.use((socket, next) => {
        notes.note('server', 'third');
        next(socket.handshake.auth['refuse'] === true ? new Error('by the third') : undefined);
      });
      io.use((_socket, next) => {
        notes.note('server', 'fourth');
        setTimeout(next, 5);
      });
      io.on('connection', (socket) => notes.note('server', 'connection', socket.data));
    },
    async client(connect, { notes }) {
      noteRefusal(connect({ auth: { refuse: true } }), notes, 'refused');
      await notes.until('refused', 'connect_error');
      noteRefusal(connect(), notes, 'alice');
      await notes.until('alice', 'connect');
      await notes.until('server', 'connection');
    },
  },
  {
    ...single,
    name: 'each namespace has its own; none is asked again for another namespace',
    server(io, { notes }) {
      for (const name of ['/', '/a', '/b']) {
        io.of(name).use((_socket, next) => {
          notes.note(`door of ${name}`, 'asked');
          next();
        });
      }
    },
    async client(connect) {
      const main = connect();
      await connected(main);
      await connected(main.io.socket('/a'));
      await connected(main.io.socket('/b'));
    },
  },
  {
    ...single,
    name: 'one that never calls next: the client waits, is counted nowhere, and may leave',
    options: { connectTimeout: 60_000 },
    server(io, { notes }) {
      io.use((socket) => {
        notes.note('server', 'asked', socket.connected, socket.rooms.size, io.sockets.sockets.size);
        socket.on('disconnect', () => notes.note('server', 'disconnect'));
        socket.conn.on('close', (reason) => notes.note('server', 'close', reason, io.sockets.sockets.size));
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes, io }) {
      const alice = connect();
      noteRefusal(alice, notes, 'alice');
      await notes.until('server', 'asked');
      notes.note('server', 'fetched', (await io.fetchSockets()).length);
      alice.disconnect();
      await notes.until('server', 'close');
    },
  },
  {
    ...single,
    name: 'one that never calls next: after connectTimeout the connection is closed',
    options: { connectTimeout: 50 },
    server(io, { notes }) {
      io.use((socket) => {
        socket.conn.on('close', (reason) => notes.note('server', 'close', reason));
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes }) {
      const alice = connect();
      noteRefusal(alice, notes, 'alice');
      await notes.until('server', 'close');
    },
  },
  {
    ...single,
    name: 'events emitted and rooms joined at the door',
    server(io, { notes }) {
      io.use((socket, next) => {
        void socket.join('early');
        notes.note('server', 'state', socket.connected, socket.disconnected, [...socket.rooms]);
        notes.note('server', 'disconnect', socket.disconnect() === socket);
        next();
      });
      io.on('connection', (socket) => {
        notes.note('server', 'rooms', socket.rooms.has('early'), socket.rooms.size);
        io.to('early').emit('to the room');
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('to the room', () => notes.note('alice', 'to the room'));
      await notes.until('alice', 'to the room');
    },
  },
  {
    ...single,
    name: 'rooms joined by who is refused are left',
    server(io) {
      io.use((socket, next) => {
        void socket.join('early');
        next(new Error('no'));
      });
    },
    async client(connect, { notes, io }) {
      noteRefusal(connect(), notes, 'alice');
      await notes.until('alice', 'connect_error');
      const { rooms, sids } = io.of('/').adapter;
      notes.note('server', 'rooms', rooms.size, sids.size);
    },
  },
  {
    ...single,
    name: 'socket.use: errors become `error` events, of any kind; the socket stays',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.use(([event], next) => {
          if (event === 'typed') next(new TypeError('wrong type'));
          else if (event === 'with data') next(Object.assign(new Error('no'), { data: { a: 1 } }));
          else next();
        });
        socket.on('error', (error: Error & { data?: unknown }) => {
          notes.note('server', 'error', error, error.data, socket.connected);
        });
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('typed');
      alice.emit('with data', 1, () => notes.note('alice', 'answered'));
      await notes.until('server', 'error', 2);
      await ask(alice, 'fence');
      notes.note('alice', 'connected', alice.connected);
    },
  },
  {
    ...single,
    name: 'socket.use: an error that nobody listens for is harmless',
    server(io) {
      io.on('connection', (socket) => {
        socket.use(([event], next) => next(event === 'bad' ? new Error('no') : undefined));
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('bad');
      await ask(alice, 'fence');
      notes.note('alice', 'connected', alice.connected);
    },
  },
  {
    ...single,
    name: 'socket.use sees acknowledgements, may answer by itself, and what it changes stays changed',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'chains', socket.use((_packet, next) => next()) === socket);
        socket.use((packet, next) => {
          const answer = packet.at(-1) as unknown;
          notes.note('server', 'packet', ...packet);
          if (packet[0] === 'cached' && typeof answer === 'function') {
            (answer as (word: string) => void)('from the middleware');
            return;
          }
          if (packet[0] === 'renamed') packet[0] = 'new name';
          next();
        });
        socket.on('cached', () => notes.note('server', 'cached came through'));
        socket.on('new name', (answer: (word: string) => void) => answer('under the new name'));
        socket.onAny((event) => notes.note('any', 'event', event));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      notes.note('alice', 'answer', await ask(alice, 'cached'));
      notes.note('alice', 'answer', await ask(alice, 'renamed'));
    },
  },
  {
    ...single,
    name: 'socket.use that waits: the events behind it do not',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        let letSlowPass = (): void => undefined;
        socket.use(([event], next) => {
          if (event === 'slow') letSlowPass = next;
          else next();
        });
        socket.on('slow', () => notes.note('server', 'slow'));
        socket.on('quick', () => {
          notes.note('server', 'quick');
          letSlowPass();
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('slow');
      alice.emit('quick');
      await notes.until('server', 'slow');
    },
  },
  {
    ...single,
    name: 'socket.use that waits until the client has left: the event is not delivered',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.use((_packet, next) => {
          socket.on('disconnect', () => {
            next();
            setImmediate(() => notes.note('server', 'done'));
          });
        });
        socket.on('late', () => notes.note('server', 'late came through'));
        socket.on('error', (error) => notes.note('server', 'error', error));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.emit('late');
      alice.disconnect();
      await notes.until('server', 'done');
    },
  },
  {
    ...single,
    name: 'middleware added later is for later clients and later events',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('add', (answer: () => void) => {
          socket.use(([event], next) => {
            notes.note('server', 'late use', event);
            next();
          });
          io.use((_socket, next) => {
            notes.note('server', 'late door');
            next();
          });
          answer();
        });
      });
      attempt(notes, 'server', 'chains', () => io.use((_socket, next) => next()) === io);
    },
    async client(connect) {
      const alice = connect();
      await ask(alice, 'add');
      await ask(alice, 'add');
      await connected(connect());
    },
  },
  {
    ...single,
    modes: ['polling', 'websocket'],
    name: 'what is emitted to a client at the door',
    server(io) {
      io.use((socket, next) => {
        void socket.join('door');
        socket.emit('alone', 1);
        io.emit('to all');
        io.to('door').emit('to the door');
        next();
      });
      io.on('connection', (socket) => socket.emit('inside'));
    },
    async client(connect, stage) {
      const alice = connect();
      hear(alice, stage, 'alice', ['connect', 'alone', 'to all', 'to the door', 'inside']);
      await stage.notes.until('alice', 'inside');
    },
  },
  {
    ...single,
    name: 'at the door: fetchSockets, socketsJoin and disconnectSockets pass by',
    server(io, { notes }) {
      io.use((socket, next) => {
        void io.fetchSockets().then((found) => {
          notes.note('server', 'fetched', found.length, io.sockets.sockets.size);
          io.socketsJoin('red');
          io.disconnectSockets(true);
          notes.note('server', 'rooms', socket.rooms.size);
          next();
        });
      });
      io.on('connection', (socket) => notes.note('server', 'connection', socket.rooms.size));
    },
    async client(connect, { notes }) {
      await connected(connect());
      await notes.until('server', 'connection');
    },
  },
  {
    ...single,
    name: 'next called twice: the first counts, as long as nothing went wrong between',
    server(io, { notes }) {
      io.use((_socket, next) => {
        next();
        next();
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    differs: 'socket.io lets the client in twice: two sockets under one id',
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      await notes.until('server', 'connection');
    },
  },
];
