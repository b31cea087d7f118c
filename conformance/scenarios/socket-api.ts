/** What the server's socket is and can do: fields, rooms, values that are sent, what is possible when it has left. */
import type { Socket } from 'socket.io';
import { ask, attempt, connected, hear } from '../clients.ts';
import { ALL_VERSIONS, type Scenario, type ServerUnderTest } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

type Note = (what: string, ...details: unknown[]) => void;

/** A scenario where alice asks her socket to act; she hears `value` and `end`. */
function acting(
  name: string,
  act: (socket: Socket, note: Note, io: ServerUnderTest) => unknown,
  more: Partial<Scenario> = single,
): Scenario {
  return {
    name,
    ...more,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.once('go', async () => {
          await act(socket, (what, ...details) => notes.note('server', what, ...details), io);
          socket.emit('end');
        });
      });
    },
    async client(connect, stage) {
      const alice = connect();
      hear(alice, stage, 'alice', ['value', 'end']);
      alice.on('question', (...details: unknown[]) => {
        const answer = details.at(-1) as (...words: unknown[]) => void;
        answer(...details.slice(0, -1));
      });
      alice.emit('go');
      await stage.notes.until('alice', 'end');
    },
  };
}

class Point {
  x = 1;
  readonly #hidden = 2;
  get sum(): number {
    return this.x + this.#hidden;
  }
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

/** Values and what they become, by JSON and by attachments. */
const VALUES: readonly [string, () => unknown][] = [
  ['nothing at all', () => undefined],
  ['undefined in an object and in a list', () => ({ gone: undefined, list: [undefined, 1] })],
  ['null', () => null],
  ['NaN and infinities', () => [Number.NaN, Infinity, -Infinity, -0]],
  ['a Date, alone and nested', () => [new Date(0), { at: new Date(1e12) }]],
  ['toJSON', () => ({ toJSON: () => ({ as: 'it likes' }) })],
  ['toJSON that gives bytes', () => ({ toJSON: () => Buffer.from('b') })],
  ['toJSON with bytes inside', () => ({ toJSON: () => ({ bytes: Buffer.from('b') }) })],
  ['an Error', () => new Error('words')],
  ['a Map and a Set', () => [new Map([[1, 2]]), new Set([1])]],
  ['a class with a getter', () => new Point()],
  ['a regular expression', () => /x/g],
  ['boxed values', () => [Object(1), Object('s'), Object(true)]],
  ['symbols', () => ({ [Symbol('key')]: 1, value: Symbol('value') })],
  ['a function inside', () => ({ call: () => 1, list: [() => 1] })],
  ['an object without a prototype', () => Object.assign(Object.create(null) as object, { a: 1 })],
  ['a sparse list', () => Array.from({ length: 3, 1: 'middle' })],
  ['a Buffer', () => Buffer.from([0, 30, 255])],
  ['an empty Buffer', () => Buffer.alloc(0)],
  ['a part of a Buffer', () => Buffer.from('abcdef').subarray(2, 4)],
  ['a Uint8Array of a part', () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
  ['an ArrayBuffer', () => new Uint8Array([1, 2]).buffer],
  ['a Uint16Array', () => new Uint16Array([258, 1])],
  ['a Float64Array', () => new Float64Array([1.5])],
  ['a DataView', () => new DataView(new Uint8Array([1, 2, 3]).buffer, 1)],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(2)],
  ['bytes deep inside', () => ({ a: [{ b: { c: [Buffer.from('x'), 'y', [Buffer.from('z')]] } }] })],
  ['the same bytes twice', () => ((bytes) => [bytes, { bytes }])(Buffer.from('same'))],
  ['a placeholder of the user’s', () => ({ _placeholder: true, num: 0 })],
  ['a placeholder of the user’s beside bytes', () => [{ _placeholder: false, num: 5 }, Buffer.from('b')]],
  ['a property named __proto__', () => JSON.parse('{"__proto__":{"a":1},"b":2}') as unknown],
  ['large numbers and text of every kind', () => [Number.MAX_VALUE, 5e-324, 'a\u0000\u2028\ud800"\\/']],
];

const UNSENDABLE: readonly [string, unknown][] = [
  ['a BigInt', 1n],
  ['a cycle', cyclic],
  ['toJSON that throws', { toJSON: thrown }],
];

function thrown(): never {
  throw new Error('from toJSON');
}

export const socketApiScenarios: readonly Scenario[] = [
  ...VALUES.map(([what, make]) =>
    acting(
      `value: ${what}`,
      (socket, _note, io) => {
        socket.emit('value', make());
        io.emit('value', 'to all', make());
      },
      { modes: ['polling', 'websocket'] },
    ),
  ),
  acting('values that cannot be sent throw, and nothing is sent', (socket, note, io) => {
    for (const [what, value] of UNSENDABLE) {
      for (const send of [() => socket.emit('value', value), () => io.emit('value', value)]) {
        try {
          send();
          note('sent', what);
        } catch {
          // Of what kind depends on who walks the value first.
          note('threw', what);
        }
      }
    }
  }),
  acting(
    'acknowledgements of every value',
    async (socket, note) => {
      for (const [what, make] of VALUES.slice(0, 8)) {
        note('answer', what, await socket.timeout(5_000).emitWithAck('question', make()));
      }
      note('bytes', await socket.emitWithAck('question', { deep: [Buffer.from('x')] }));
    },
    { modes: ['polling', 'websocket'], versions: ALL_VERSIONS },
  ),
  acting(
    'acknowledgements by callback: all arguments, this, under timeout behind null',
    async (socket, note) => {
      await new Promise<void>((resolve) => {
        socket.emit('question', 1, 'two', null, function (this: unknown, ...answer: unknown[]) {
          note('plain', ...answer, this === socket);
          resolve();
        });
      });
      await new Promise<void>((resolve) => {
        socket.timeout(5_000).emit('question', 1, 'two', function (this: unknown, ...answer: unknown[]) {
          note('timed', ...answer, this === socket);
          resolve();
        });
      });
      note('promise', await socket.emitWithAck('question', 'first', 'second'));
      note('promise of nothing', await socket.emitWithAck('question'));
    },
  ),
  acting('emit, send, write, join, leave, to: what they return', (socket, note) => {
    note(
      'emit',
      socket.emit('value'),
      socket.emit('question', () => undefined),
    );
    note('send', socket.send(1) === socket, socket.write(2) === socket);
    note(
      'join',
      socket.join('red'),
      socket.join(['blue', 'green']),
      socket.leave('red'),
      socket.leave('none'),
    );
    note('rooms', [...socket.rooms].slice(1).sort(), socket.rooms instanceof Set);
    note('operators', typeof socket.to('a').emit, typeof socket.broadcast.emit, typeof socket.volatile.emit);
    note('listening', socket.on('x', () => undefined) === socket, socket.eventNames().includes('x'));
  }),
  acting('join and leave are done at once', (socket, note, io) => {
    void socket.join('red');
    note('in', socket.rooms.has('red'), io.sockets.adapter.rooms.get('red')?.size);
    note(
      'sids',
      io.sockets.adapter.sids.get(socket.id)?.size,
      io.sockets.adapter.socketRooms(socket.id)?.size,
    );
    void socket.leave('red');
    note('out', socket.rooms.has('red'), io.sockets.adapter.rooms.has('red'));
    void socket.leave(socket.id);
    note('own room left', socket.rooms.size);
    io.to(socket.id).emit('value', 'not there');
    void socket.join(socket.id);
    io.to(socket.id).emit('value', 'there again');
  }),
  acting('rooms named by numbers and odd strings', (socket, note, io) => {
    void socket.join(['', ' ', '__proto__', 'constructor']);
    void socket.join(7 as unknown as string);
    note('size', socket.rooms.size, socket.rooms.has(7 as unknown as string), socket.rooms.has('7'));
    io.to('').emit('value', 'empty');
    io.to('__proto__').emit('value', 'proto');
    io.to('toString').emit('value', 'nobody');
    io.to(7 as unknown as string).emit('value', 'seven');
  }),
  acting('what a socket is', (socket, note, io) => {
    note('names', socket.nsp.name, socket.conn.transport.name, typeof socket.id);
    note('state', socket.connected, socket.disconnected, socket.recovered, socket.data);
    note('server', socket.nsp.server === io, socket.client.conn === socket.conn);
    note('request', socket.request === socket.client.request, socket.request.method);
    note(
      'handshake',
      Object.keys(socket.handshake).sort(),
      socket.handshake.secure,
      socket.handshake.xdomain,
    );
    note(
      'times',
      new Date(socket.handshake.time).getTime() === Math.floor(socket.handshake.issued / 1000) * 1000,
    );
    note('protocol', socket.conn.protocol, socket.conn.readyState);
    socket.data.more = 1;
    note('data', socket.data);
  }),
  acting('the emitter’s own methods', (socket, note) => {
    const [first, second] = [() => note('first'), () => note('second')];
    socket.on('x', first).once('x', second);
    note('count', socket.listenerCount('x'), socket.listeners('x').length);
    socket.off('x', first);
    note('count', socket.listenerCount('x'));
    socket.removeAllListeners('x');
    note('names', socket.eventNames().includes('x'));
  }),
  ...['disconnect', 'engine close'].map((how): Scenario => ({
    ...single,
    name: `a socket that has left (${how}): nothing throws, nothing happens`,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        void socket.join('red');
        socket.on('disconnect', () => {
          const check = (what: string, act: () => unknown): void =>
            attempt(notes, 'server', what, () => {
              const result = act();
              return result === socket ? 'itself' : result;
            });
          check('connected', () => [socket.connected, socket.disconnected]);
          check('rooms', () => [socket.rooms.size, io.sockets.sockets.size]);
          check('emit', () => socket.emit('value', 1));
          check('emit asking', () => socket.emit('value', () => notes.note('server', 'answered')));
          check('send', () => socket.send(1));
          check('volatile', () => socket.volatile.emit('value'));
          check('join', () => socket.join('ghosts'));
          check('leave', () => socket.leave('red'));
          check('rooms', () => [
            socket.rooms.size,
            io.sockets.adapter.rooms.size,
            io.sockets.adapter.sids.size,
          ]);
          check('to', () => socket.to('red').emit('value'));
          check('broadcast', () => socket.broadcast.emit('from the dead', 1));
          check('disconnect', () => socket.disconnect());
          check('disconnect(true)', () => socket.disconnect(true));
          socket
            .timeout(20)
            .emit('value', (...details: unknown[]) => notes.note('server', 'timed', ...details));
        });
      });
    },
    async client(connect, { notes }) {
      const bob = connect();
      bob.on('from the dead', (...details: unknown[]) => notes.note('bob', 'from the dead', ...details));
      await connected(bob);
      const alice = connect();
      await connected(alice);
      if (how === 'disconnect') alice.disconnect();
      else alice.io.engine.close();
      await notes.until('server', 'timed');
      await notes.until('bob', 'from the dead');
    },
  })),
  {
    ...single,
    name: 'emitWithAck: a client that leaves before it answers',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket
          .timeout(80)
          .emitWithAck('leave')
          .catch((error: unknown) => notes.note('timed', 'rejected', error));
        void socket.emitWithAck('leave').then(
          () => notes.note('untimed', 'settled'),
          () => notes.note('untimed', 'settled'),
        );
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('leave', () => alice.disconnect());
      await notes.until('timed', 'rejected');
    },
  },
  {
    ...single,
    name: 'answers: twice, none, to who did not ask, and after leaving',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('twice', (answer: (number: number) => void) => {
          answer(1);
          answer(2);
        });
        socket.on('not asking', (...details: unknown[]) =>
          notes.note('server', 'not asking', details.length),
        );
        socket.on('later', (answer: (word: string) => void) => {
          socket.on('disconnect', () => {
            attempt(notes, 'server', 'late answer', () => answer('too late'));
          });
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('twice', (number: unknown) => notes.note('alice', 'twice', number));
      alice.emit('not asking', 1, 2);
      await notes.until('server', 'not asking');
      await notes.until('alice', 'twice');
      alice.emit('later', () => notes.note('alice', 'later'));
      notes.note('alice', 'twice again', await ask(alice, 'twice'));
      alice.disconnect();
      await notes.until('server', 'returned');
    },
  },
  {
    ...single,
    name: 'disconnecting and disconnect: reason, rooms, listeners once each',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        void socket.join(['red', 'blue']);
        for (const event of ['disconnecting', 'disconnect'] as const) {
          socket.on(event, (reason) => {
            notes.note('server', event, reason, socket.rooms.size, socket.connected, io.sockets.sockets.size);
          });
        }
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.disconnect();
      await notes.until('server', 'disconnect');
    },
  },
  {
    ...single,
    name: 'disconnect() in the middle of a handler: later events of the same client are not delivered',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('number', (number: number) => {
          notes.note('server', 'number', number);
          if (number === 1) socket.disconnect();
        });
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
      await connected(alice);
      for (const number of [0, 1, 2, 3]) alice.emit('number', number);
      await notes.until('alice', 'disconnect');
    },
  },
  {
    ...single,
    name: 'disconnect(true) in one namespace ends them all',
    server(io, { notes }) {
      for (const name of ['/', '/a', '/b']) {
        io.of(name).on('connection', (socket) => {
          socket.on('disconnect', (reason) => notes.note(`server ${name}`, 'disconnect', reason));
          socket.on('out', () => socket.disconnect(true));
        });
      }
    },
    async client(connect, { notes }) {
      const main = connect();
      const [a, b] = [main.io.socket('/a'), main.io.socket('/b')];
      for (const [party, client] of [
        ['main', main],
        ['a', a],
        ['b', b],
      ] as const) {
        client.on('disconnect', (reason) => notes.note(party, 'disconnect', reason, client.active));
      }
      await connected(main, a, b);
      a.emit('out');
      for (const party of ['main', 'a', 'b', 'server /', 'server /a', 'server /b']) {
        await notes.until(party, 'disconnect');
      }
    },
  },
];
