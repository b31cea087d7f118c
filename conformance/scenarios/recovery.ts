/** `connectionStateRecovery`: who lost the connection comes back with rooms, data and what was missed. */
import type { Socket } from 'socket.io';
import type { Socket as ClientSocket } from 'socket.io-client';
import { ask, connected } from '../clients.ts';
import type { Connect, Mode, Scenario, ServerUnderTest, Stage } from '../scenario.ts';

/**
 * Over a WebSocket we say first that the client is connected, and then what it missed: official clients keep what comes
 * before, and would get it twice if the connection broke in between (one scenario below is about that).
 */
const direct: readonly Mode[] = ['polling'];
const HEARD = ['first', 'missed', 'again', 'live'];

/** Notes how alice comes; bob stays all the time, and has the server act meanwhile. */
function watch(io: ServerUnderTest, { notes }: Stage): void {
  const onConnection = (socket: Socket): void => {
    const { auth } = socket.handshake;
    socket.on('fence', (answer: () => void) => answer());
    socket.on('kick alice', () => io.to('red').disconnectSockets());
    socket.on('throw alice out', () => io.to('red').disconnectSockets(true));
    if (auth['name'] !== 'alice') return;
    const rooms = [...socket.rooms].filter((room) => room !== socket.id).sort();
    notes.note('server', 'connection', socket.recovered, rooms, socket.data, socket.rooms.has(socket.id));
    notes.note('server', 'auth', Object.keys(auth).sort());
    if (!socket.recovered) {
      void socket.join(['red', 'blue']);
      socket.data = { name: 'alice', visits: [1] };
    }
    socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
    socket.emit(socket.recovered ? 'again' : 'first', 1);
  };
  io.on('connection', onConnection);
  io.of('/other').on('connection', onConnection);
}

interface Visit {
  alice: ClientSocket;
  bob: ClientSocket;
  /** Since the first connection. */
  id: string | undefined;
}

/** Alice and bob are in, and alice has an event to count from. */
async function enter(connect: Connect, { notes }: Stage, namespace = '/'): Promise<Visit> {
  const bob = connect({ auth: { name: 'bob' }, namespace });
  await connected(bob);
  const alice = connect({ auth: { name: 'alice' }, namespace });
  alice.on('connect', () => notes.note('alice', 'connect', alice.recovered));
  alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
  alice.on('connect_error', (error) => notes.note('alice', 'connect_error', error));
  for (const event of HEARD) {
    // Behind the user's arguments comes the offset, which is the server's affair.
    alice.on(event, (...details: unknown[]) => notes.note('alice', event, ...details.slice(0, -1)));
  }
  await notes.until('alice', 'first');
  return { alice, bob, id: alice.id };
}

async function lose({ alice }: Visit, { notes }: Stage): Promise<void> {
  alice.io.engine.close();
  await notes.until('server', 'disconnect');
}

/** Alice comes back; she notes whether as the same. */
async function comeBack({ alice, id }: Visit, { notes }: Stage): Promise<void> {
  alice.connect();
  await connected(alice);
  await ask(alice, 'fence');
  notes.note('alice', 'back', alice.recovered, alice.id === id);
}

/** A scenario where alice comes back as somebody new. */
function notRecovered(
  name: string,
  part: (visit: Visit, stage: Stage) => Promise<void>,
  more: Partial<Scenario> = {},
): Scenario {
  return {
    name: `not recovered: ${name}`,
    modes: ['websocket'],
    options: { connectionStateRecovery: {} },
    server: watch,
    async client(connect, stage) {
      const visit = await enter(connect, stage);
      await part(visit, stage);
      await comeBack(visit, stage);
      await stage.notes.until('alice', 'first', 2);
    },
    ...more,
  };
}

export const recoveryScenarios: readonly Scenario[] = [
  {
    name: 'rooms, data and missed events, in order',
    modes: direct,
    options: { connectionStateRecovery: {} },
    server: watch,
    async client(connect, stage) {
      const { io, notes } = stage;
      const visit = await enter(connect, stage);
      await lose(visit, stage);
      io.emit('missed', 'to all', { bytes: Buffer.from('é') });
      io.to('red').emit('missed', 'to red');
      io.to(['red', 'blue']).emit('missed', 'to red or blue');
      io.to('green').emit('missed', 'not for her');
      io.except('blue').emit('missed', 'not for her');
      io.to('blue').except('nobody').emit('missed', 'to blue');
      io.volatile.emit('missed', 'volatile is lost');
      io.to(visit.id ?? '').emit('missed', 'to her own room');
      io.timeout(20).emit('missed', 'questions are lost', () => undefined);
      io.of('/other').emit('missed', 'elsewhere');
      await comeBack(visit, stage);
      await notes.until('alice', 'again');
      io.to('red').emit('live', 'she is in her rooms');
      await notes.until('alice', 'live');
    },
  },
  {
    name: 'twice, and what was heard before comes no second time',
    modes: direct,
    options: { connectionStateRecovery: { maxDisconnectionDuration: 60_000, skipMiddlewares: true } },
    server: watch,
    async client(connect, stage) {
      const { io, notes } = stage;
      const visit = await enter(connect, stage);
      for (const [index, word] of ['once', 'twice'].entries()) {
        visit.alice.io.engine.close();
        await notes.until('server', 'disconnect', index + 1);
        io.emit('missed', word);
        await comeBack(visit, stage);
        await notes.until('alice', 'again', index + 1);
      }
    },
  },
  {
    name: 'in another namespace',
    modes: direct,
    options: { connectionStateRecovery: {} },
    server: watch,
    async client(connect, stage) {
      const visit = await enter(connect, stage, '/other');
      await lose(visit, stage);
      stage.io.of('/other').emit('missed', 'here');
      stage.io.emit('missed', 'elsewhere');
      await comeBack(visit, stage);
      await stage.notes.until('alice', 'again');
    },
  },
  ...[true, false].map((skipMiddlewares): Scenario => ({
    name: `skipMiddlewares: ${String(skipMiddlewares)}`,
    modes: direct,
    options: { connectionStateRecovery: { skipMiddlewares } },
    server(io, stage) {
      io.use((socket, next) => {
        if (socket.handshake.auth['name'] === 'alice') stage.notes.note('server', 'door', socket.recovered);
        next();
      });
      watch(io, stage);
    },
    async client(connect, stage) {
      const visit = await enter(connect, stage);
      await lose(visit, stage);
      stage.io.emit('missed', 1);
      await comeBack(visit, stage);
      await stage.notes.until('alice', 'again');
    },
  })),
  {
    name: 'skipMiddlewares: false, and the middleware refuses',
    modes: ['websocket'],
    options: { connectionStateRecovery: { skipMiddlewares: false } },
    server(io, stage) {
      let visits = 0;
      io.use((socket, next) => {
        visits += socket.handshake.auth['name'] === 'alice' ? 1 : 0;
        next(visits > 1 ? new Error('only once') : undefined);
      });
      watch(io, stage);
    },
    async client(connect, stage) {
      const visit = await enter(connect, stage);
      await lose(visit, stage);
      visit.alice.connect();
      await stage.notes.until('alice', 'connect_error');
      stage.notes.note('server', 'rooms', stage.io.sockets.adapter.rooms.has('red'));
    },
  },
  notRecovered('she left by herself', async ({ alice }, { notes }) => {
    alice.disconnect();
    await notes.until('alice', 'disconnect');
  }),
  notRecovered('the server sent her away', async ({ bob }, { notes }) => {
    bob.emit('kick alice');
    await notes.until('alice', 'disconnect');
  }),
  notRecovered('the server threw her out', async ({ bob }, { notes }) => {
    bob.emit('throw alice out');
    await notes.until('alice', 'disconnect');
  }),
  notRecovered('another private id', async (visit, stage) => {
    await lose(visit, stage);
    visit.alice.auth = { name: 'alice', pid: 'invented' };
  }),
  notRecovered('an offset that nobody gave', async (visit, stage) => {
    await lose(visit, stage);
    visit.alice.auth = { name: 'alice', offset: 'invented' };
  }),
  notRecovered('ids that are no strings', async (visit, stage) => {
    await lose(visit, stage);
    visit.alice.auth = { name: 'alice', pid: { a: 1 }, offset: 7 };
  }),
  notRecovered('ids of the prototype', async (visit, stage) => {
    await lose(visit, stage);
    visit.alice.auth = { name: 'alice', pid: '__proto__', offset: 'constructor' };
  }),
  notRecovered(
    'too late',
    async (visit, stage) => {
      await lose(visit, stage);
      const lostAt = Date.now();
      while (Date.now() < lostAt + 5) await ask(visit.bob, 'fence');
    },
    { options: { connectionStateRecovery: { maxDisconnectionDuration: 1 } } },
  ),
  notRecovered('it is not switched on', lose, { options: {} }),
  {
    name: 'over a WebSocket: connected, then what was missed',
    modes: ['websocket'],
    differs:
      'what comes before the connect packet is kept by the client, and told twice if the connection breaks there',
    options: { connectionStateRecovery: {} },
    server: watch,
    async client(connect, stage) {
      const visit = await enter(connect, stage);
      await lose(visit, stage);
      stage.io.emit('missed', 1);
      await comeBack(visit, stage);
      await stage.notes.until('alice', 'again');
    },
  },
  {
    name: 'recovered by us alone: she had heard nothing to count from',
    modes: ['websocket'],
    differs: 'the server knows where she came in',
    options: { connectionStateRecovery: {} },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'connection', socket.recovered);
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { io, notes }) {
      const alice = connect();
      await connected(alice);
      alice.io.engine.close();
      await notes.until('server', 'disconnect');
      io.emit('missed');
      alice.on('missed', () => notes.note('alice', 'missed'));
      alice.connect();
      await connected(alice);
      notes.note('alice', 'back', alice.recovered);
    },
  },
  {
    name: 'events carry an offset behind their arguments, questions do not',
    modes: ['websocket'],
    options: { connectionStateRecovery: {} },
    server(io) {
      io.on('connection', (socket) => {
        socket.emit('plain', 1);
        socket.volatile.emit('volatile', 2);
        io.emit('to all');
        socket.emit('asked', 3, () => undefined);
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.onAny((event: string, ...details: unknown[]) =>
        // Whether there is room for the volatile one is the server's affair.
        event === 'volatile'
          ? undefined
          : notes.note('alice', event, ...details.map((detail) => typeof detail)),
      );
      await notes.until('alice', 'asked');
    },
  },
];
