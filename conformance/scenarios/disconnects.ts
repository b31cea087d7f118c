/** Every way to part, and the reason that each side is given. */
import type { Socket as ClientSocket } from 'socket.io-client';
import { ask, connected, hear, nameOf, settled } from '../clients.ts';
import type { Notebook } from '../notebook.ts';
import {
  ALL_VERSIONS,
  type Connect,
  type Mode,
  type Scenario,
  type ServerUnderTest,
  type Stage,
} from '../scenario.ts';

/** The server notes the reasons of all who leave, by name, and does what it is told. */
function watch(io: ServerUnderTest, { notes }: Stage): void {
  io.on('connection', (socket) => {
    const party = `server about ${nameOf(socket)}`;
    socket.on('disconnecting', (reason) => notes.note(party, 'disconnecting', reason, socket.connected));
    socket.on('disconnect', (reason) => notes.note(party, 'disconnect', reason, socket.connected));
    socket.conn.on('close', (reason) => notes.note(`engine of ${party}`, 'close', reason));
    socket.on('kick me', () => socket.disconnect());
    socket.on('throw me out', () => socket.disconnect(true));
    socket.on('last words', () => {
      socket.emit('goodbye', 1);
      socket.emit('goodbye', Buffer.from('2'));
      socket.disconnect();
    });
    socket.on('very last words', () => {
      socket.emit('goodbye', 1);
      socket.disconnect(true);
    });
    socket.on('disconnect twice', () => {
      socket.disconnect();
      socket.disconnect(true);
    });
    socket.on('close the connection', () => socket.conn.close());
    socket.on('throw all out', () => io.disconnectSockets(true));
    socket.on('close everything', () => void io.close());
    socket.on('fence', (answer: () => void) => answer());
  });
}

async function enter(connect: Connect, stage: Stage, name: string): Promise<ClientSocket> {
  const client = connect({ auth: { name } });
  client.on('disconnect', (reason) =>
    stage.notes.note(name, 'disconnect', reason, client.connected, client.active),
  );
  client.on('goodbye', (word: unknown) => stage.notes.note(name, 'goodbye', word));
  await settled(stage, client);
  return client;
}

async function bothNoticed(notes: Notebook, name: string): Promise<void> {
  await notes.until(name, 'disconnect');
  await notes.until(`server about ${name}`, 'disconnect');
}

/**
 * For connections that the server itself ends: over polling it depends on whether a poll is waiting just then which
 * side is the first to notice, and thereby on luck which reasons are given.
 */
const NOT_POLLING: readonly Mode[] = ['upgrade', 'websocket'];
const ALL_MODES: readonly Mode[] = [...NOT_POLLING, 'polling'];

/** Alice does something that ends her connection; bob must not be touched by it. */
function parting(name: string, act: (alice: ClientSocket) => unknown, modes = ALL_MODES): Scenario {
  return {
    name,
    modes,
    versions: ALL_VERSIONS,
    server: watch,
    async client(connect, stage) {
      const alice = await enter(connect, stage, 'alice');
      const bob = await enter(connect, stage, 'bob');
      act(alice);
      await bothNoticed(stage.notes, 'alice');
      // Also when only the namespace was left: the official client closes a connection that nobody uses.
      await stage.notes.until('engine of server about alice', 'close');
      await ask(bob, 'fence');
      stage.notes.note('bob', 'still connected', bob.connected);
    },
  };
}

export const disconnectScenarios: readonly Scenario[] = [
  parting('client: disconnect()', (alice) => alice.disconnect()),
  parting('client: the engine is closed under the socket', (alice) => alice.io.engine.close()),
  parting('server: disconnect()', (alice) => alice.emit('kick me')),
  parting(
    'server: disconnect(true) closes the connection',
    (alice) => alice.emit('throw me out'),
    NOT_POLLING,
  ),
  parting('server: what was emitted before disconnect() arrives', (alice) => alice.emit('last words')),
  parting(
    'server: what was emitted before disconnect(true) arrives',
    (alice) => alice.emit('very last words'),
    NOT_POLLING,
  ),
  parting('server: disconnecting twice is once', (alice) => alice.emit('disconnect twice')),
  parting('server: socket.conn.close()', (alice) => alice.emit('close the connection'), NOT_POLLING),
  {
    name: 'after server disconnect() a client may come back',
    versions: ALL_VERSIONS,
    server: watch,
    async client(connect, stage) {
      const alice = await enter(connect, stage, 'alice');
      alice.emit('kick me');
      await bothNoticed(stage.notes, 'alice');
      await stage.notes.until('engine of server about alice', 'close');
      alice.connect();
      await settled(stage, alice);
      await ask(alice, 'fence');
      stage.notes.note('alice', 'back', alice.connected);
    },
  },
  {
    name: 'disconnectSockets(true) throws everybody out',
    versions: ALL_VERSIONS,
    modes: NOT_POLLING,
    server: watch,
    async client(connect, stage) {
      const alice = await enter(connect, stage, 'alice');
      await enter(connect, stage, 'bob');
      alice.emit('throw all out');
      await bothNoticed(stage.notes, 'alice');
      await bothNoticed(stage.notes, 'bob');
      await stage.notes.until('engine of server about alice', 'close');
      await stage.notes.until('engine of server about bob', 'close');
    },
  },
  {
    name: 'io.close() tells everybody and frees the port',
    modes: NOT_POLLING,
    server: watch,
    async client(connect, stage) {
      const alice = await enter(connect, stage, 'alice');
      await enter(connect, stage, 'bob');
      alice.emit('close everything');
      await bothNoticed(stage.notes, 'alice');
      await bothNoticed(stage.notes, 'bob');
      await stage.notes.until('engine of server about alice', 'close');
      await stage.notes.until('engine of server about bob', 'close');
      const late = connect();
      late.on('connect', () => stage.notes.note('late', 'connect'));
      late.on('connect_error', (error) => stage.notes.note('late', 'connect_error', error.message));
      await stage.notes.until('late', 'connect_error');
    },
  },
  {
    name: 'a client that is disconnected in its own connection handler',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
        socket.disconnect();
        socket.emit('too late');
        notes.note('server', 'state', socket.connected, socket.rooms.size);
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('connect', () => notes.note('alice', 'connect'));
      alice.on('too late', () => notes.note('alice', 'too late'));
      alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
      await notes.until('alice', 'disconnect');
    },
  },
  {
    name: 'a client that does not answer pings is let go',
    options: { pingInterval: 50, pingTimeout: 60 },
    modes: ['websocket'],
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, stage) {
      const { notes } = stage;
      const alice = connect();
      alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
      await settled(stage, alice);
      // A client that never answers: its packets to the server go nowhere.
      alice.io.engine.transport.send = () => undefined;
      await notes.until('server', 'disconnect');
      await notes.until('alice', 'disconnect');
    },
  },
  {
    name: 'pings keep a quiet client alive',
    options: { pingInterval: 20, pingTimeout: 2_000 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      let pings = 0;
      alice.io.on('ping', () => {
        pings += 1;
        if (pings === 5) notes.note('alice', 'five pings');
      });
      await notes.until('alice', 'five pings');
      await ask(alice, 'fence');
      notes.note('alice', 'still connected', alice.connected);
    },
  },
  {
    name: 'who leaves tells its rooms, while it is still in them',
    versions: ALL_VERSIONS,
    server(io) {
      io.on('connection', (socket) => {
        void socket.join(nameOf(socket) === 'carol' ? 'blue' : 'red');
        socket.on('disconnecting', () => {
          for (const room of socket.rooms) {
            if (room !== socket.id) socket.to(room).emit('left', nameOf(socket), room);
          }
        });
        socket.on('disconnect', () => {
          io.to('red').emit('gone', nameOf(socket));
          io.emit('fence');
        });
      });
    },
    async client(connect, stage) {
      const clients = new Map<string, ClientSocket>();
      for (const name of ['alice', 'bob', 'carol']) {
        const client = connect({ auth: { name } });
        hear(client, stage, name, ['left', 'gone', 'fence']);
        clients.set(name, client);
        await connected(client);
      }
      clients.get('alice')?.disconnect();
      await stage.notes.until('bob', 'fence');
      await stage.notes.until('carol', 'fence');
    },
  },
  {
    name: 'what a client says while it is away comes when it is back',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('word', (word: unknown) => notes.note('server', 'word', word));
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.disconnect();
      await notes.until('server', 'disconnect');
      alice.emit('word', 1);
      alice.emit('word', { bytes: Buffer.from('2') });
      alice.connect();
      alice.emit('word', 3);
      await notes.until('server', 'word', 3);
    },
  },
];
