/** What the API does with arguments at the edge of what it takes. */
import { attempt, connected, hear } from '../clients.ts';
import type { Scenario } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

export const oddArgumentScenarios: readonly Scenario[] = [
  {
    ...single,
    name: 'events named by numbers, from the server',
    server(io) {
      io.on('connection', (socket) => {
        socket.emit(7 as unknown as string, 'seven');
        io.emit(8 as unknown as string, 'eight');
        socket.emit('', 'empty');
        socket.emit('end');
      });
    },
    async client(connect, stage) {
      const alice = connect();
      hear(alice, stage, 'alice', ['7', '8', '', 'end']);
      await stage.notes.until('alice', 'end');
    },
  },
  {
    ...single,
    name: 'timeouts of 0 and below',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        for (const ms of [0, -1]) {
          socket
            .timeout(ms)
            .emit('silent', (...details: unknown[]) => notes.note(`socket ${ms}`, 'timed', ...details));
          io.timeout(ms).emit('silent', (...details: unknown[]) =>
            notes.note(`io ${ms}`, 'timed', ...details),
          );
        }
      });
    },
    async client(connect, { notes }) {
      connect();
      for (const party of ['socket 0', 'io 0', 'socket -1', 'io -1']) await notes.until(party, 'timed');
    },
  },
  {
    ...single,
    name: 'names of namespaces',
    server(io, { notes }) {
      for (const name of ['a', '/a', '//a', 'a/', '/a/b', ' ', '/?x=1', 'ü', '__proto__', 'constructor']) {
        const namespace = io.of(name);
        notes.note('server', 'named', namespace.name, namespace === io.of(namespace.name));
      }
      notes.note('server', 'known', [...io._nsps.keys()].sort());
      attempt(notes, 'server', 'a number', () => io.of(7 as unknown as string).name);
    },
    async client(connect, { notes }) {
      for (const namespace of ['/__proto__', '/constructor', '/a/b', '//a']) {
        const other = connect().io.socket(namespace);
        other.on('connect', () => notes.note(namespace, 'connect'));
        other.on('connect_error', (error) => notes.note(namespace, 'connect_error', error));
        await connected(other);
      }
    },
  },
  {
    ...single,
    name: 'listeners: the same twice, and `this`',
    server(io, { notes }) {
      io.on('connection', function (this: unknown, socket) {
        notes.note('server', 'this', this === io.of('/'));
        const listener = function (this: unknown): void {
          notes.note('server', 'heard', this === socket);
        };
        socket.on('twice', listener);
        socket.on('twice', listener);
        socket.on('end', () => notes.note('server', 'end'));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('twice');
      await notes.until('server', 'heard', 2);
      alice.emit('end');
      await notes.until('server', 'end');
    },
  },
  {
    ...single,
    name: 'data may be anything',
    server(io, { notes }) {
      io.on('connection', async (socket) => {
        for (const data of [undefined, null, 0, 'text', ['list']] as unknown[]) {
          socket.data = data;
          const [found] = await io.fetchSockets();
          notes.note('server', 'data', found?.data);
        }
        notes.note('server', 'done');
      });
    },
    async client(connect, { notes }) {
      connect();
      await notes.until('server', 'done');
    },
  },
];
