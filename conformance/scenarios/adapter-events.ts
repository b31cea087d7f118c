/** What an adapter tells: rooms that come and go, in which order, with whose ids; and an adapter of the user's. */
import { Adapter } from 'socket.io-adapter';
import { ask, connected, hear } from '../clients.ts';
import type { Scenario, ServerUnderTest, Stage } from '../scenario.ts';

const EVENTS = ['create-room', 'join-room', 'leave-room', 'delete-room'] as const;

/** Ids become names, as the sockets came. */
function watchRooms(io: ServerUnderTest, { notes }: Stage, namespace = '/'): void {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (!names.has(id)) names.set(id, `socket ${names.size + 1}`);
    return names.get(id) ?? '';
  };
  const told = (word: string): string => (word.length === 20 ? nameOf(word) : word);
  for (const event of EVENTS) {
    io.of(namespace).adapter.on(event, (room: string, id?: string) =>
      notes.note('adapter', event, told(room), id === undefined ? 'nobody' : told(id)),
    );
  }
}

function acting(name: string, act: (io: ServerUnderTest, stage: Stage) => unknown): Scenario {
  return {
    name,
    modes: ['websocket'],
    server(io, stage) {
      watchRooms(io, stage);
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, stage) {
      const alice = connect();
      await connected(alice);
      const bob = connect();
      await connected(bob);
      await act(stage.io, stage);
      await ask(bob, 'fence');
      alice.disconnect();
      await stage.notes.until('adapter', 'delete-room');
      await ask(bob, 'fence');
    },
  };
}

export const adapterEventScenarios: readonly Scenario[] = [
  acting('a socket’s own room', () => undefined),
  acting('join one, several, again', (io) => {
    for (const socket of io.sockets.sockets.values()) {
      void socket.join('red');
      void socket.join(['red', 'blue']);
    }
  }),
  acting('leave one, again, one never joined', (io) => {
    for (const socket of io.sockets.sockets.values()) void socket.join(['red', 'blue']);
    for (const socket of io.sockets.sockets.values()) {
      void socket.leave('red');
      void socket.leave('red');
      void socket.leave('green');
    }
  }),
  acting('socketsJoin and socketsLeave', (io) => {
    io.socketsJoin(['red', 'blue']);
    io.in('red').socketsLeave('blue');
    io.socketsLeave(['red', 'green']);
  }),
  acting('disconnectSockets', async (io, { notes }) => {
    io.socketsJoin('red');
    const [first] = await io.fetchSockets();
    io.in(first?.id ?? '').disconnectSockets();
    notes.note('server', 'left', io.sockets.sockets.size, io.sockets.adapter.rooms.size);
  }),
  acting('a listener that moves sockets itself', (io) => {
    io.of('/').adapter.once('join-room', (_room: string, id: string) => {
      void io.sockets.sockets.get(id)?.join('follower');
    });
    for (const socket of io.sockets.sockets.values()) void socket.join('leader');
  }),
  {
    name: 'of another namespace',
    modes: ['websocket'],
    server(io, stage) {
      watchRooms(io, stage, '/other');
      io.of('/other').on('connection', (socket) => socket.join('red'));
      io.on('connection', (socket) => socket.join('main'));
    },
    async client(connect, { notes }) {
      const main = connect();
      await connected(main);
      const other = main.io.socket('/other');
      await connected(other);
      main.disconnect();
      other.disconnect();
      await notes.until('adapter', 'delete-room', 2);
    },
  },
  {
    name: 'of who is refused at the door',
    modes: ['websocket'],
    server(io, stage) {
      watchRooms(io, stage);
      io.use((socket, next) => {
        void socket.join('early');
        next(new Error('no'));
      });
    },
    async client(connect, { notes }) {
      connect();
      await notes.until('adapter', 'delete-room');
    },
  },
  {
    name: 'an adapter of the user’s, by the option and by adapter()',
    modes: ['websocket'],
    options: {
      adapter: class extends Adapter {
        override broadcast(packet: { data: unknown[] }, opts: Parameters<Adapter['broadcast']>[1]): void {
          packet.data.push('by the adapter');
          super.broadcast(packet, opts);
        }
      },
    },
    server(io, { notes }) {
      notes.note('server', 'adapter', typeof io.adapter(), io.of('/').adapter instanceof Adapter);
      io.on('connection', async (socket) => {
        await socket.join('red');
        io.to('red').emit('hi', 1);
        socket.emit('alone', 2);
        notes.note('server', 'rooms', io.of('/').adapter.rooms.get('red')?.size, socket.rooms.size);
        notes.note('server', 'serverCount', await io.of('/').adapter.serverCount());
        class Later extends Adapter {}
        io.adapter(Later);
        notes.note('server', 'replaced', io.of('/late').adapter instanceof Later, io.adapter() === Later);
        socket.emit('end');
      });
    },
    async client(connect, stage) {
      hear(connect(), stage, 'alice', ['hi', 'alone', 'end']);
      await stage.notes.until('alice', 'end');
    },
  },
];
