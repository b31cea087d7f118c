/** Who hears what: rooms, broadcasts, exceptions, and the local administration of many sockets. */
import type { Socket as ClientSocket } from 'socket.io-client';
import type { Socket } from 'socket.io';
import { ask, connected, hear, nameOf } from '../clients.ts';
import { ALL_VERSIONS, type Connect, type Scenario, type ServerUnderTest, type Stage } from '../scenario.ts';

type Act = (io: ServerUnderTest, socket: Socket) => unknown;

const PEOPLE = ['alice', 'bob', 'carol', 'dave'] as const;

/** Who is where: alice in red; bob in red and blue; carol in blue; dave nowhere. */
const ROOMS: Readonly<Record<string, string[]>> = {
  alice: ['red'],
  bob: ['red', 'blue'],
  carol: ['blue'],
  dave: [],
};

/** Everybody notes all they hear. The fence at the end comes after everything sent before it. */
async function gather(connect: Connect, stage: Stage): Promise<Map<string, ClientSocket>> {
  const clients = new Map<string, ClientSocket>();
  for (const name of PEOPLE) {
    const client = connect({ auth: { name } });
    hear(client, stage, name, ['hi', 'people', 'fence']);
    clients.set(name, client);
    await connected(client);
  }
  return clients;
}

/** A scenario where alice's socket acts once everybody is in their rooms; the notes tell who heard of it. */
function audience(name: string, act: Act): Scenario {
  return {
    name,
    versions: ALL_VERSIONS,
    server(io) {
      io.on('connection', async (socket) => {
        socket.data = { name: nameOf(socket) };
        await socket.join(ROOMS[nameOf(socket)] ?? []);
        socket.on('act', async () => {
          await act(io, socket);
          io.emit('fence');
        });
      });
    },
    async client(connect, stage) {
      const clients = await gather(connect, stage);
      clients.get('alice')?.emit('act');
      for (const person of PEOPLE) await stage.notes.until(person, 'fence');
    },
  };
}

export const roomScenarios: readonly Scenario[] = [
  audience('io.emit reaches everybody', (io) => io.emit('hi', 1)),
  audience('socket.emit reaches the one', (_io, socket) => socket.emit('hi', 1)),
  audience('socket.broadcast reaches everybody else', (_io, socket) => socket.broadcast.emit('hi', 1)),
  audience('io.to reaches the room', (io) => io.to('red').emit('hi', 'red')),
  audience('io.in is io.to', (io) => io.in('blue').emit('hi', 'blue')),
  audience('socket.to leaves the sender out', (_io, socket) => socket.to('red').emit('hi', 'red')),
  audience('socket.to a room one is not in', (_io, socket) => socket.to('blue').emit('hi', 'blue')),
  audience('io.to(a).to(b) delivers once', (io) => io.to('red').to('blue').emit('hi', 'once')),
  audience('io.to([a, b]) delivers once', (io) => io.to(['red', 'blue']).emit('hi', 'once')),
  audience('io.except', (io) => io.except('red').emit('hi', 'not red')),
  audience('io.to.except', (io) => io.to('red').except('blue').emit('hi', 'red, not blue')),
  audience('io.except several', (io) => io.except(['red', 'blue']).emit('hi', 'neither')),
  audience('socket.except', (_io, socket) => socket.except('blue').emit('hi', 'not blue')),
  audience('socket.broadcast.to.except', (_io, socket) =>
    socket.broadcast.to('blue').except('red').emit('hi'),
  ),
  audience('io.local and io.volatile are for everybody here', (io) => io.local.emit('hi', 1)),
  audience('an empty room is nobody', (io) => io.to('nobody').emit('hi', 1)),
  audience('a kept operator can be used again and is not changed by its children', (io) => {
    const red = io.to('red');
    red.to('blue').emit('hi', 'both');
    red.emit('hi', 'red only');
    red.except('blue').emit('hi', 'red, not blue');
    red.emit('hi', 'red again');
  }),
  audience('flags of one emit do not stick to the next', (_io, socket) => {
    socket.to('red').emit('hi', 'red');
    socket.emit('hi', 'me');
    socket.broadcast.emit('hi', 'others');
    socket.emit('hi', 'me again');
  }),
  audience('bytes to a room', (io) => io.to('red').emit('hi', { file: Buffer.from([1, 2, 3]) }, 'text')),
  audience('every socket has a room of its own id', async (io) => {
    for (const other of await io.in('blue').fetchSockets()) io.to(other.id).emit('hi', 'you');
  }),
  audience('join and leave, twice and in the same tick', (io, socket) => {
    void socket.join('green');
    void socket.join('green');
    io.to('green').emit('hi', 'in');
    void socket.leave('green');
    void socket.leave('green');
    io.to('green').emit('hi', 'out');
    void socket.leave('red');
    io.to('red').emit('hi', 'left red');
  }),
  audience('socketsJoin, socketsLeave', (io) => {
    io.in('red').socketsJoin(['green', 'yellow']);
    io.to('green').emit('hi', 'green');
    io.socketsLeave('red');
    io.to('red').emit('hi', 'nobody is red');
    io.in('carol').socketsJoin('green');
    io.except('blue').socketsJoin('pink');
    io.to('pink').emit('hi', 'pink');
  }),
  audience('fetchSockets tells names and rooms', async (io, socket) => {
    const tell = async (
      what: string,
      found: Promise<{ id: string; data: unknown; rooms: Set<string> }[]>,
    ) => {
      const people = (await found).map(({ id, data, rooms }) => ({
        data,
        rooms: [...rooms].filter((room) => room !== id).sort(),
        hasOwnRoom: rooms.has(id),
      }));
      socket.emit(
        'people',
        what,
        people.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
      );
    };
    await tell('all', io.fetchSockets());
    await tell('red', io.in('red').fetchSockets());
    await tell('not red', io.except('red').fetchSockets());
    await tell('others in red', socket.to('red').fetchSockets());
    await tell('nobody', io.in('nobody').fetchSockets());
  }),
  audience('a fetched socket can be emitted to, moved and thrown out', async (io, socket) => {
    for (const other of await io.in('blue').fetchSockets()) {
      other.emit('hi', 'fetched');
      other.join('green');
      other.leave('blue');
    }
    io.to('green').emit('hi', 'green');
    io.to('blue').emit('hi', 'blue');
    socket.emit(
      'hi',
      'handshake',
      (await io.in('green').fetchSockets()).every((one) => !one.handshake.xdomain),
    );
  }),
  audience('no rooms: an empty list is everybody', (io, socket) => {
    io.to([]).emit('hi', 'to none');
    io.except([]).emit('hi', 'except none');
    io.to('red').except([]).emit('hi', 'red');
    socket.to([]).emit('hi', 'others');
  }),
  audience('undefined and null are rooms that nobody is in', (io, socket) => {
    for (const room of [undefined, null] as unknown as string[]) {
      io.to(room).emit('hi', 'nobody');
      io.except(room).emit('hi', 'everybody');
      socket.to(room).emit('hi', 'nobody');
      io.to('red').to(room).emit('hi', 'red');
    }
  }),
  audience('joining and leaving nothing', (io, socket) => {
    const before = socket.rooms.size;
    void socket.join([]);
    void socket.leave('never');
    io.socketsJoin([]);
    io.socketsLeave([]);
    socket.emit('hi', socket.rooms.size - before);
  }),
  audience('a broadcast that throws reaches nobody', (io, socket) => {
    try {
      io.emit('hi', 1n);
    } catch (error) {
      socket.emit('hi', (error as Error).name);
    }
  }),
  audience('rooms of one namespace mean nothing in another', (io) => {
    io.of('/other').to('red').emit('hi', 'nobody');
    io.of('/other').emit('hi', 'nobody');
    io.of('/other').disconnectSockets(true);
  }),
  audience('except one’s own id, and another’s', async (io, socket) => {
    io.except(socket.id).emit('hi', 'not alice');
    const [bob] = (await io.in('blue').fetchSockets()).filter(({ rooms }) => rooms.has('red'));
    socket.broadcast.except(bob?.id ?? '').emit('hi', 'neither alice nor bob');
    io.to(bob?.id ?? '')
      .to(socket.id)
      .emit('hi', 'both');
  }),
  {
    name: 'disconnectSockets ends a room',
    versions: ALL_VERSIONS,
    server(io) {
      io.on('connection', async (socket) => {
        await socket.join(ROOMS[nameOf(socket)] ?? []);
        socket.on('act', () => io.in('red').disconnectSockets());
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, stage) {
      const clients = await gather(connect, stage);
      for (const [name, client] of clients) {
        client.on('disconnect', (reason) => stage.notes.note(name, 'disconnect', reason));
      }
      clients.get('carol')?.emit('act');
      await stage.notes.until('alice', 'disconnect');
      await stage.notes.until('bob', 'disconnect');
      for (const name of ['carol', 'dave']) {
        const client = clients.get(name);
        if (client !== undefined) await ask(client, 'fence');
        stage.notes.note(name, 'stayed', client?.connected);
      }
    },
  },
  {
    name: 'a socket that leaves is in no room; rooms are known while disconnecting',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', async (socket) => {
        const named = (): string[] => [...socket.rooms].filter((room) => room !== socket.id).sort();
        await socket.join(['red', 'blue']);
        socket.on('disconnecting', (reason) => {
          notes.note(
            'server',
            'disconnecting',
            reason,
            named(),
            socket.rooms.has(socket.id),
            socket.connected,
          );
          notes.note('server', 'listed while disconnecting', io.sockets.adapter.rooms.get('red')?.size);
        });
        socket.on('disconnect', (reason) => {
          notes.note('server', 'disconnect', reason, named(), socket.rooms.size, socket.connected);
          notes.note('server', 'listed', io.sockets.adapter.rooms.get('red')?.size, io.sockets.sockets.size);
          void socket.join('ghosts');
          io.to('red').emit('hi');
          socket.emit('hi');
          notes.note('server', 'ghosts', io.sockets.adapter.rooms.has('ghosts'));
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.disconnect();
      await notes.until('server', 'ghosts');
    },
  },
  {
    name: 'adapter events tell when rooms come and go',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      const { adapter } = io.of('/');
      adapter.on(
        'create-room',
        (room: string) => room.length < 10 && notes.note('adapter', 'create-room', room),
      );
      adapter.on('join-room', (room: string) => room.length < 10 && notes.note('adapter', 'join-room', room));
      adapter.on(
        'leave-room',
        (room: string) => room.length < 10 && notes.note('adapter', 'leave-room', room),
      );
      adapter.on(
        'delete-room',
        (room: string) => room.length < 10 && notes.note('adapter', 'delete-room', room),
      );
      io.on('connection', (socket) => {
        void socket.join('red');
        void socket.join(['red', 'blue']);
        void socket.leave('red');
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.disconnect();
      await notes.until('adapter', 'delete-room', 2);
    },
  },
];
