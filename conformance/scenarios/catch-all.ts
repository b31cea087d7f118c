/** Listeners of every event, in and out: `onAny`, `onAnyOutgoing` and their families. */
import type { Socket } from 'socket.io';
import { ask, connected } from '../clients.ts';
import type { Scenario } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

/** A scenario where alice's `go` makes her socket act, and `end` follows behind all that was sent. */
function acting(
  name: string,
  act: (socket: Socket, note: (what: string, ...details: unknown[]) => void) => void,
): Scenario {
  return {
    ...single,
    name,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.once('go', () => {
          act(socket, (what, ...details) => notes.note('server', what, ...details));
          socket.emit('end');
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.onAny((event: string, ...details: unknown[]) => {
        notes.note('alice', event, ...details);
        const answer = details.at(-1);
        if (typeof answer === 'function') (answer as (word: string) => void)('answered');
      });
      alice.emit('go');
      await notes.until('alice', 'end');
    },
  };
}

export const catchAllScenarios: readonly Scenario[] = [
  acting(
    'onAnyOutgoing hears what goes to this client, in order, with a function for what asks',
    (socket, note) => {
      socket.onAnyOutgoing((event: string, ...details: unknown[]) => note('out', event, ...details));
      socket.emit('plain', 1, { two: [Buffer.from('3')] });
      socket.send('message', 4);
      socket.emit('asked', 5, () => undefined);
      socket.compress(false).emit('compress', 7);
    },
  ),
  acting('onAnyOutgoing hears broadcasts that reach this client, and no others', (socket, note) => {
    socket.onAnyOutgoing((event: string, ...details: unknown[]) => note('out', event, ...details));
    void socket.join('red');
    socket.nsp.emit('to all', 1);
    socket.nsp.to('red').emit('to red', 2);
    socket.nsp.to('blue').emit('to blue', 3);
    socket.broadcast.emit('to others', 4);
    socket.nsp.except('red').emit('not to red', 5);
    socket.nsp.timeout(5_000).emit('asked', 6, () => undefined);
  }),
  acting('prependAnyOutgoing, offAnyOutgoing, listenersAnyOutgoing', (socket, note) => {
    const first = (event: string): void => note('first', event);
    const second = (event: string): void => note('second', event);
    note('chains', socket.onAnyOutgoing(second) === socket, socket.prependAnyOutgoing(first) === socket);
    note('listeners', socket.listenersAnyOutgoing().length, socket.listenersAnyOutgoing()[0] === first);
    socket.emit('to both');
    note('chains', socket.offAnyOutgoing(first) === socket);
    socket.emit('to the second');
    socket.onAnyOutgoing(second);
    socket.emit('twice to the second');
    socket.offAnyOutgoing(second);
    socket.emit('once to the second');
    socket.offAnyOutgoing();
    note('listeners', socket.listenersAnyOutgoing());
    socket.emit('to nobody');
  }),
  acting('onAny, prependAny, offAny, listenersAny: what they return', (socket, note) => {
    const [first, second] = [() => note('first'), () => note('second')];
    note('none', socket.listenersAny(), socket.offAny(first) === socket, socket.offAny() === socket);
    note('chains', socket.onAny(second) === socket, socket.prependAny(first) === socket);
    note('listeners', socket.listenersAny().length, socket.listenersAny()[0] === first);
    socket.offAny(first);
    note('listeners', socket.listenersAny().length, socket.listenersAny()[0] === second);
    socket.offAny();
    note('listeners', socket.listenersAny().length);
  }),
  acting('onAnyOutgoing of a socket that emits in its listener', (socket, note) => {
    socket.onAnyOutgoing((event: string) => {
      note('out', event);
      if (event !== 'inner' && event !== 'end') socket.emit('inner');
    });
    socket.emit('outer');
    socket.nsp.emit('to all');
  }),
  acting('onAnyOutgoing that removes itself misses only what follows', (socket, note) => {
    const once = (event: string): void => {
      note('once', event);
      socket.offAnyOutgoing(once);
    };
    socket.onAnyOutgoing(once);
    socket.onAnyOutgoing((event: string) => note('always', event));
    socket.emit('one');
    socket.emit('two');
  }),
  {
    ...single,
    name: 'onAny hears events before their own listeners, with the function that answers',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('word', () => notes.note('server', 'own listener'));
        socket.onAny(function (this: unknown, event: string, ...details: unknown[]) {
          notes.note('server', 'any', event, this === socket, ...details);
        });
        socket.on('fence', (answer: () => void) => answer());
        socket.on('disconnecting', () => notes.note('server', 'disconnecting'));
        socket.on('disconnect', () => notes.note('server', 'disconnect'));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.emit('word', Buffer.from('1'), undefined, { two: 2 });
      await notes.until('server', 'own listener');
      await ask(alice, 'fence');
      alice.disconnect();
      await notes.until('server', 'disconnect');
    },
  },
  {
    ...single,
    name: 'a listener added while an event is on its way hears the next one',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.onAny((event: string) => {
          notes.note('server', 'first', event);
          if (socket.listenersAny().length === 1) {
            socket.onAny((later: string) => notes.note('server', 'second', later));
          }
        });
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect) {
      const alice = connect();
      await ask(alice, 'fence');
      await ask(alice, 'fence');
    },
  },
  {
    ...single,
    name: 'onAnyOutgoing of many sockets: each hears its own',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        const party = `server about ${String(socket.handshake.auth['name'])}`;
        socket.onAnyOutgoing((event: string, ...details: unknown[]) => notes.note(party, event, ...details));
        socket.on('go', () => {
          io.emit('to all', { bytes: Buffer.from('b') });
          socket.broadcast.emit('to others');
          io.emit('end');
        });
      });
    },
    async client(connect, { notes }) {
      const [alice, bob] = [connect({ auth: { name: 'alice' } }), connect({ auth: { name: 'bob' } })];
      alice.on('end', () => notes.note('alice', 'end'));
      bob.on('end', () => notes.note('bob', 'end'));
      await connected(alice, bob);
      alice.emit('go');
      await notes.until('alice', 'end');
      await notes.until('bob', 'end');
    },
  },
  {
    ...single,
    name: 'onAnyOutgoing after the client has left',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.onAnyOutgoing((event: string) => notes.note('server', 'out', event));
        socket.on('disconnect', () => {
          notes.note('server', 'returns', socket.emit('too late'), socket.send('too late') === socket);
          io.to(socket.id).emit('to its room');
          notes.note('server', 'done');
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.disconnect();
      await notes.until('server', 'done');
    },
  },
];
