/** Events with all they can carry, in both directions. */
import { ask, attempt, connected, hear, settled } from '../clients.ts';
import { ALL_VERSIONS, type Scenario, type ServerUnderTest } from '../scenario.ts';

const UNICODE = [
  '',
  'é',
  'ключ',
  '日本語',
  '👩‍👩‍👧‍👦',
  '\u0000\u001e\u2028\u2029',
  '\ud83d',
  'a\u001eb',
  '"\\/',
  '\ufeffbom',
];

/** Sends every event back as it came. */
function echo(io: ServerUnderTest): void {
  io.on('connection', (socket) => {
    socket.onAny((event: string, ...details: unknown[]) => socket.emit(event, ...details));
  });
}

export const eventScenarios: readonly Scenario[] = [
  {
    name: 'an event comes back with everything it carried',
    versions: ALL_VERSIONS,
    server: echo,
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('thing', (...details: unknown[]) => notes.note('alice', 'thing', ...details));
      alice.emit('thing');
      alice.emit('thing', 1, 'two', true, null, [3, [4]], { five: { six: [] } });
      alice.emit('thing', undefined, { gone: undefined, date: new Date(0) }, Number.NaN);
      alice.emit('thing', -0, 1e21, 0.1, Number.MAX_SAFE_INTEGER, '');
      alice.emit('thing', { toJSON: () => 'as it likes' });
      await notes.until('alice', 'thing', 5);
    },
  },
  {
    name: 'event names of every kind',
    versions: ['4', '3'],
    server: echo,
    async client(connect, { notes }) {
      const names = [
        '',
        ' ',
        'message',
        'error',
        'ping',
        'toString',
        '__proto__',
        'constructor',
        'ключ 👍',
        '2',
        '/a,b',
      ];
      const alice = connect();
      alice.onAny((event: string, ...details: unknown[]) => notes.note('alice', 'event', event, ...details));
      for (const name of names) alice.emit(name, 1);
      await notes.until('alice', 'event', names.length);
    },
  },
  {
    name: 'unicode survives both ways',
    versions: ALL_VERSIONS,
    server: echo,
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('text', (text: unknown) => notes.note('alice', 'text', text));
      for (const text of UNICODE) alice.emit('text', text);
      await notes.until('alice', 'text', UNICODE.length);
    },
  },
  {
    name: 'binary, nested and repeated, both ways',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('bytes', (...details: unknown[]) => {
          notes.note('server', 'bytes', ...details);
          socket.emit('bytes', ...details);
        });
        socket.emit('from server', { deep: [{ array: new Uint8Array([1, 2, 255]) }, Buffer.from('é')] });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('from server', (thing: unknown) => notes.note('alice', 'from server', thing));
      alice.on('bytes', (...details: unknown[]) => notes.note('alice', 'bytes', ...details));
      alice.emit('bytes', Buffer.from([0, 1, 2, 30, 255]));
      alice.emit('bytes', {
        name: 'a',
        file: Buffer.from('hello'),
        list: [Buffer.from('x'), 'y', Buffer.from('z')],
      });
      alice.emit('bytes', Buffer.alloc(0), new Uint8Array([9, 8]), new Uint8Array([7, 6]).buffer);
      alice.emit('bytes', 'no bytes at all');
      await notes.until('alice', 'bytes', 4);
      await notes.until('alice', 'from server');
    },
  },
  {
    name: 'ten attachments in one event',
    versions: ALL_VERSIONS,
    server: echo,
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('bytes', (...details: unknown[]) => notes.note('alice', 'bytes', ...details));
      alice.emit('bytes', ...Array.from({ length: 10 }, (_, index) => Buffer.from([index])));
      await notes.until('alice', 'bytes');
    },
  },
  {
    name: '500 messages each way stay in order, text and bytes mixed',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('in', (...details: unknown[]) => notes.note('server', 'in', ...details));
        socket.on('go', () => {
          for (let index = 0; index < 500; index += 1) {
            socket.emit('out', index % 7 === 0 ? Buffer.from(String(index)) : index);
          }
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('out', (...details: unknown[]) => notes.note('alice', 'out', ...details));
      alice.emit('go');
      for (let index = 0; index < 500; index += 1) {
        alice.emit('in', index % 5 === 0 ? { bytes: Buffer.from(String(index)) } : index);
      }
      await notes.until('server', 'in', 500);
      await notes.until('alice', 'out', 500);
    },
  },
  {
    name: 'what the server emits while a client connects comes in order',
    versions: ALL_VERSIONS,
    server(io) {
      io.on('connection', (socket) => {
        socket.emit('first', 1);
        io.emit('second', 2);
        void socket.join('room');
        io.to('room').emit('third', 3);
        queueMicrotask(() => socket.emit('fourth', 4));
      });
    },
    async client(connect, stage) {
      const alice = connect();
      hear(alice, stage, 'alice', ['connect', 'first', 'second', 'third', 'fourth']);
      await stage.notes.until('alice', 'fourth');
    },
  },
  {
    name: 'a message of 200 KB, text and bytes, both ways',
    versions: ALL_VERSIONS,
    server: echo,
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('text', (text: string) => notes.note('alice', 'text', text.length, text.slice(-4)));
      alice.on('bytes', (bytes: Buffer) =>
        notes.note(
          'alice',
          'bytes',
          bytes.length,
          bytes.every((byte) => byte === 7),
        ),
      );
      alice.emit('text', `${'x'.repeat(200_000)}-end`);
      alice.emit('text', `${'é'.repeat(100_000)}-end`);
      alice.emit('bytes', Buffer.alloc(200_000, 7));
      await notes.until('alice', 'text', 2);
      await notes.until('alice', 'bytes');
    },
  },
  {
    name: 'on, once, off, onAny, prependAny, offAny, onAnyOutgoing on the server',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.once('hi', (text: unknown) => notes.note('server', 'once', text));
        socket.on('hi', (text: unknown) => notes.note('server', 'on', text));
        const removed = (): void => notes.note('server', 'removed listener ran');
        socket.on('hi', removed);
        socket.off('hi', removed);
        const any = (event: string, ...details: unknown[]): void =>
          notes.note('server', 'any', event, ...details);
        socket.onAny(any);
        socket.prependAny((event: string) => notes.note('server', 'first any', event));
        socket.onAnyOutgoing((event: string, ...details: unknown[]) =>
          notes.note('server', 'out', event, ...details),
        );
        socket.on('no more any', (answer: (count: number) => void) => {
          socket.offAny(any);
          answer(socket.listenersAny().length);
        });
        socket.on('answer me', () => socket.emit('answer', 1, 'two'));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      // One at a time: whether a server reads the next packet before it runs the handlers of this one is its choice.
      alice.emit('hi', 1);
      await notes.until('server', 'on', 1);
      alice.emit('hi', 2);
      await notes.until('server', 'on', 2);
      alice.emit('unheard', 3);
      await notes.until('server', 'any', 3);
      alice.emit('answer me');
      await notes.until('server', 'out');
      notes.note('alice', 'listeners left', await ask(alice, 'no more any'));
      alice.emit('hi', 4);
      await notes.until('server', 'on', 3);
    },
  },
  {
    name: 'socket.use sees every packet, may change and refuse it',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.use((packet, next) => {
          notes.note('server', 'use', packet[0], packet.length);
          if (packet[0] === 'bad') next(new Error('refused'));
          else next();
        });
        socket.use((packet, next) => {
          if (packet[0] === 'change') packet[1] = 'changed';
          setImmediate(next);
        });
        socket.on('error', (error) => notes.note('server', 'error', error));
        socket.on('bad', () => notes.note('server', 'bad came through'));
        socket.on('change', (text: unknown, answer: (text: unknown) => void) => answer(text));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('bad', 1);
      await notes.until('server', 'error');
      notes.note('alice', 'answer', await ask(alice, 'change', 'me'));
    },
  },
  {
    name: 'reserved event names throw',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        const names = [
          'connect',
          'connect_error',
          'disconnect',
          'disconnecting',
          'newListener',
          'removeListener',
        ];
        for (const name of names) {
          attempt(notes, 'server', `socket ${name}`, () => socket.emit(name));
          attempt(notes, 'server', `room ${name}`, () => io.to('room').emit(name));
          attempt(notes, 'server', `broadcast ${name}`, () => socket.broadcast.emit(name));
          attempt(notes, 'server', `io ${name}`, () => io.emit(name));
        }
        notes.note('server', 'done');
      });
    },
    async client(connect, { notes }) {
      connect();
      await notes.until('server', 'done');
    },
  },
  {
    name: 'volatile reaches a client that is ready',
    // On polling it depends on whether a poll happens to be waiting.
    modes: ['upgrade', 'websocket'],
    server(io) {
      io.on('connection', (socket) => {
        socket.on('one please', () => socket.volatile.emit('one', 1));
        socket.on('one for all', () => io.volatile.emit('all', 2));
      });
    },
    async client(connect, stage) {
      const { notes } = stage;
      const alice = connect();
      alice.volatile.emit('one please');
      alice.on('one', (number: unknown) => notes.note('alice', 'one', number));
      alice.on('all', (number: unknown) => notes.note('alice', 'all', number));
      await settled(stage, alice);
      alice.volatile.emit('one please');
      await notes.until('alice', 'one');
      alice.emit('one for all');
      await notes.until('alice', 'all');
    },
  },
  {
    name: 'send and the message event, io.send, io.write',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('message', (...details: unknown[]) => {
          notes.note('server', 'message', ...details);
          socket.send('socket', ...details);
          io.send('everyone', ...details);
          io.write('everyone again');
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.on('message', (...details: unknown[]) => notes.note('alice', 'message', ...details));
      alice.send('hello', 1);
      await notes.until('alice', 'message', 3);
    },
  },
  {
    name: 'compress flag and timeout flag change nothing else',
    versions: ALL_VERSIONS,
    server(io) {
      io.on('connection', (socket) => {
        socket.compress(false).emit('plain', 1);
        io.compress(true).emit('pressed', 2);
        socket.timeout(1_000).emit('timed', 3, () => undefined);
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('plain', (...details: unknown[]) => notes.note('alice', 'plain', ...details));
      alice.on('pressed', (...details: unknown[]) => notes.note('alice', 'pressed', ...details));
      alice.on('timed', (number: unknown, answer: () => void) => {
        notes.note('alice', 'timed', number);
        answer();
      });
      await notes.until('alice', 'timed');
    },
  },
];
