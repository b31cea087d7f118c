/** Namespaces that are made when a client asks for them: `of` with a pattern or a function. */
import type { Namespace } from 'socket.io';
import type { Socket as ClientSocket } from 'socket.io-client';
import { ask, attempt, connected, hear } from '../clients.ts';
import type { Notebook } from '../notebook.ts';
import { ALL_VERSIONS, type Scenario, type ServerUnderTest } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

function noteRefusal(client: ClientSocket, notes: Notebook, party: string): void {
  client.on('connect', () => notes.note(party, 'connect'));
  client.on('connect_error', (error) => notes.note(party, 'connect_error', error));
}

/** What the server knows of a name: nothing of the clients' order gets in. */
function known(io: ServerUnderTest): string[] {
  return [...io._nsps.keys()].sort();
}

export const parentNamespaceScenarios: readonly Scenario[] = [
  {
    ...single,
    versions: ALL_VERSIONS,
    name: 'a pattern makes namespaces for the names that match',
    server(io, { notes }) {
      const parent = io.of(/^\/room-\d+$/);
      parent.use((socket, next) => {
        notes.note(`middleware ${socket.nsp.name}`, 'runs');
        next();
      });
      parent.on('connection', (socket) => {
        const { nsp } = socket;
        notes.note(nsp.name, 'connection', nsp === io.of(nsp.name), nsp.sockets.size);
        socket.on('shout', () => nsp.emit('shouted', nsp.name));
      });
    },
    async client(connect, stage) {
      const { notes, io } = stage;
      const one = connect({ namespace: '/room-1' });
      const two = one.io.socket('/room-2');
      const again = connect({ namespace: '/room-1' });
      hear(one, stage, 'one', ['shouted']);
      hear(two, stage, 'two', ['shouted']);
      hear(again, stage, 'again', ['shouted']);
      await connected(one, two, again);
      one.emit('shout');
      await notes.until('one', 'shouted');
      await notes.until('again', 'shouted');
      notes.note('server', 'known', known(io));
    },
  },
  {
    ...single,
    name: 'names that do not match are refused',
    server(io) {
      io.of(/^\/room-\d+$/);
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, { notes, io }) {
      const main = connect();
      for (const name of ['/room-x', '/room-1x', '/ROOM-1', '/room-1/']) {
        noteRefusal(main.io.socket(name), notes, name);
        await notes.until(name, 'connect_error');
      }
      await ask(main, 'fence');
      notes.note('server', 'known', known(io));
    },
  },
  {
    ...single,
    name: 'a function decides, knowing name and auth; soon or late',
    server(io) {
      io.of((name, auth, next) => {
        const { token, fails } = auth as { token?: string; fails?: boolean };
        setImmediate(() => {
          if (fails === true) next(new Error('the function failed'), true);
          else next(null, name.startsWith('/dynamic') && token === 'right');
        });
      });
    },
    async client(connect, { notes, io }) {
      const cases = [
        ['/dynamic-1', { token: 'right' }],
        ['/dynamic-2', { token: 'wrong' }],
        ['/other', { token: 'right' }],
        ['/dynamic-3', { token: 'right', fails: true }],
        ['/dynamic-1', { token: 'wrong' }],
      ] as const;
      for (const [index, [namespace, auth]] of cases.entries()) {
        const client = connect({ namespace, auth });
        const party = `${index} ${namespace}`;
        noteRefusal(client, notes, party);
        await notes.until(party, index === 0 || index === 4 ? 'connect' : 'connect_error');
      }
      notes.note('server', 'known', known(io));
    },
  },
  {
    ...single,
    name: 'parents are asked in order; a namespace made by name comes first',
    server(io, { notes }) {
      io.of('/static-1').on('connection', () => notes.note('server', 'by name'));
      io.of(/^\/static-\d$/).on('connection', (socket) => notes.note('server', 'first', socket.nsp.name));
      io.of(/^\/static-.*$/).on('connection', (socket) => notes.note('server', 'second', socket.nsp.name));
      io.of((_name, _auth, next) => next(null, true)).on('connection', (socket) =>
        notes.note('server', 'third', socket.nsp.name),
      );
    },
    async client(connect) {
      for (const namespace of ['/static-1', '/static-2', '/static-x', '/any'])
        await connected(connect({ namespace }));
    },
  },
  {
    ...single,
    name: 'many clients ask for a new namespace at once: it is made once',
    server(io, { notes }) {
      io.on('new_namespace', (namespace) => notes.note('server', 'new_namespace', namespace.name));
      const parent = io.of((name, _auth, next) => setTimeout(() => next(null, name === '/slow'), 10));
      parent.on('connection', (socket) => {
        if (socket.nsp.sockets.size === 3) notes.note('server', 'three are in', known(io));
      });
    },
    async client(connect, { notes }) {
      const clients = ['a', 'b', 'c'].map(() => connect({ namespace: '/slow' }));
      await connected(...clients);
      await notes.until('server', 'three are in');
    },
  },
  {
    ...single,
    name: 'what a parent gets later, only later children have',
    server(io, { notes }) {
      const parent = io.of(/^\/child-\d$/);
      parent.on('connection', (socket) => {
        notes.note(socket.nsp.name, 'connection');
        if (socket.nsp.name !== '/child-1') return;
        parent.use((other, next) => {
          notes.note(other.nsp.name, 'late middleware');
          next();
        });
        parent.on('connection', (other) => notes.note(other.nsp.name, 'late listener'));
      });
    },
    async client(connect) {
      for (const namespace of ['/child-1', '/child-2', '/child-1']) await connected(connect({ namespace }));
    },
  },
  {
    ...single,
    name: 'a parent emits to all its children, in rooms too',
    server(io, { notes }) {
      const parent: Namespace = io.of(/^\/child-\d$/);
      notes.note('server', 'nobody yet', parent.emit('early'));
      parent.on('connection', (socket) => {
        if (socket.nsp.name === '/child-1') void socket.join('red');
        socket.on('go', () => {
          notes.note(
            'server',
            'returns',
            parent.emit('all', 1, Buffer.from('b')),
            parent.to('red').emit('red'),
          );
          parent.except('red').emit('not red');
          parent.send('sent');
          socket.nsp.emit('end');
          io.of('/child-2').emit('end');
        });
      });
    },
    async client(connect, stage) {
      const one = connect({ namespace: '/child-1' });
      const two = connect({ namespace: '/child-2' });
      for (const [party, client] of [
        ['one', one],
        ['two', two],
      ] as const) {
        hear(client, stage, party, ['all', 'red', 'not red', 'message', 'early', 'end']);
      }
      await connected(one, two);
      one.emit('go');
      await stage.notes.until('one', 'end');
      await stage.notes.until('two', 'end');
    },
  },
  {
    ...single,
    name: 'what a parent does not do for its children: it asks and moves nobody',
    server(io, { notes }) {
      const parent = io.of(/^\/child-\d$/);
      parent.on('connection', async (socket) => {
        void socket.join('red');
        notes.note('server', 'name', parent.name.startsWith('/_'), parent.sockets.size);
        notes.note('server', 'found', (await parent.in('red').fetchSockets()).length);
        notes.note('server', 'asked', await parent.timeout(1_000).emitWithAck('question'));
        attempt(notes, 'server', 'join', () => parent.socketsJoin('blue'));
        attempt(notes, 'server', 'leave', () => parent.in('red').socketsLeave('red'));
        attempt(notes, 'server', 'disconnect', () => parent.disconnectSockets());
        attempt(notes, 'server', 'connect', () => parent.emit('connect'));
        notes.note('server', 'rooms', socket.rooms.has('red'), socket.rooms.has('blue'), socket.connected);
        parent.local.compress(false).emit('end');
      });
    },
    async client(connect, stage) {
      const alice = connect({ namespace: '/child-1' });
      hear(alice, stage, 'alice', ['question', 'end', 'disconnect']);
      await stage.notes.until('alice', 'end');
    },
  },
  {
    ...single,
    name: 'a name that a pattern matches is its child when the server makes it, too',
    server(io, { notes }) {
      io.on('new_namespace', (namespace) => notes.note('server', 'new_namespace', namespace.name));
      const parent = io.of(/^\/made-\d$/);
      parent.on('connection', (socket) => notes.note('server', 'connection', socket.nsp.name));
      const child = io.of('/made-1');
      notes.note('server', 'same', io.of('made-1') === child, child.name, known(io));
      child.on('connection', () => notes.note('server', 'its own listener'));
    },
    async client(connect) {
      await connected(connect({ namespace: '/made-1' }));
    },
  },
  {
    ...single,
    name: 'patterns that keep a state, and sockets of a parent',
    server(io, { notes }) {
      attempt(notes, 'server', 'g', () => io.of(/^\/x/g));
      attempt(notes, 'server', 'y', () => io.of(/^\/x/y));
      attempt(notes, 'server', 'fetchSockets', () => io.of(/^\/x/).fetchSockets());
      attempt(notes, 'server', 'reserved', () => io.of(/^\/x/).to('a').emit('connect'));
    },
    async client(connect) {
      await connected(connect());
    },
  },
  ...[true, false].map((cleanupEmptyChildNamespaces): Scenario => ({
    ...single,
    versions: ALL_VERSIONS,
    name: `cleanupEmptyChildNamespaces: ${String(cleanupEmptyChildNamespaces)}`,
    options: { cleanupEmptyChildNamespaces },
    server(io, { notes }) {
      const parent = io.of(/^\/child-\d$/);
      parent.use((socket, next) => {
        next(socket.nsp.name === '/child-9' ? new Error('not here') : undefined);
      });
      parent.on('connection', (socket) => {
        notes.note('server', 'connection', socket.nsp.name, socket.nsp.sockets.size);
        socket.on('disconnect', () => notes.note('server', 'disconnect', known(io)));
      });
      io.of('/by-name').on('connection', (socket) => {
        socket.on('disconnect', () => notes.note('server', 'disconnect', known(io)));
      });
    },
    async client(connect, { notes, io }) {
      const [one, two] = [connect({ namespace: '/child-1' }), connect({ namespace: '/child-1' })];
      const named = connect({ namespace: '/by-name' });
      await connected(one, two, named);
      for (const [index, client] of [one, named, two].entries()) {
        client.disconnect();
        await notes.until('server', 'disconnect', index + 1);
      }
      const again = connect({ namespace: '/child-1' });
      await connected(again);
      notes.note('server', 'again', known(io));
    },
  })),
  {
    ...single,
    name: 'cleanupEmptyChildNamespaces: a child whose only client was refused',
    options: { cleanupEmptyChildNamespaces: true },
    server(io) {
      io.of(/^\/child-\d$/).use((_socket, next) => next(new Error('not here')));
    },
    async client(connect, { notes, io }) {
      const refused = connect({ namespace: '/child-1' });
      noteRefusal(refused, notes, 'refused');
      await notes.until('refused', 'connect_error');
      notes.note('server', 'known', known(io));
    },
  },
];
