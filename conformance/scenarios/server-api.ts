/** The methods of the server and of namespaces that are about many sockets at once. */
import type { Namespace } from 'socket.io';
import { ask, attempt, connected, hear, nameOf } from '../clients.ts';
import type { Notebook } from '../notebook.ts';
import type { Connect, Scenario, ServerUnderTest, Stage } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

/** Both have the same methods. */
type Surface = ServerUnderTest | Namespace;

/** Everybody answers `question` with their name, but "silent", who never does. */
async function gather(connect: Connect, stage: Stage, names: readonly string[], namespace = '/') {
  const clients = names.map((name) => connect({ auth: { name }, namespace }));
  for (const [index, client] of clients.entries()) {
    const name = names[index] ?? '';
    client.on('question', (...details: unknown[]) => {
      const answer = details.at(-1) as (...words: unknown[]) => void;
      stage.notes.note(name, 'question', ...details.slice(0, -1));
      if (name !== 'silent') answer(name, 'and more');
    });
    await connected(client);
  }
  return clients;
}

/** The answers come in any order. */
function noteAnswers(notes: Notebook, party: string, error: unknown, answers: unknown): void {
  notes.note(party, 'answers', error, Array.isArray(answers) ? [...(answers as string[])].sort() : answers);
}

/** Everybody is in the room `all`; "bob" and "silent" in `some`. */
function seat(surface: Surface): void {
  surface.on('connection', async (socket) => {
    await socket.join(['all', ...(nameOf(socket) === 'alice' ? [] : ['some'])]);
  });
}

/** One question to many, by callback and by promise. */
function asked(
  name: string,
  names: readonly string[],
  to: (io: ServerUnderTest) => Pick<ReturnType<ServerUnderTest['timeout']>, 'emit' | 'emitWithAck'>,
): Scenario {
  return {
    ...single,
    name,
    server: seat,
    async client(connect, stage) {
      const { io, notes } = stage;
      await gather(connect, stage, names);
      to(io).emit('question', 1, (error: unknown, answers: unknown) =>
        noteAnswers(notes, 'callback', error, answers),
      );
      await to(io)
        .emitWithAck('question', 2)
        .then(
          (answers: unknown) => noteAnswers(notes, 'promise', null, answers),
          (error: Error & { responses?: unknown }) => noteAnswers(notes, 'promise', error, error.responses),
        );
      await notes.until('callback', 'answers');
    },
  };
}

export const serverApiScenarios: readonly Scenario[] = [
  asked('timeout().emit: all answer', ['alice', 'bob'], (io) => io.timeout(5_000)),
  asked('to().timeout(): a room answers', ['alice', 'bob'], (io) => io.to('some').timeout(5_000)),
  asked('timeout().to(): a room answers', ['alice', 'bob'], (io) => io.timeout(5_000).to('some')),
  asked('except().timeout(): the others answer', ['alice', 'bob'], (io) => io.except('some').timeout(5_000)),
  asked('nobody is asked', ['alice'], (io) => io.to('nobody').timeout(5_000)),
  asked('a namespace without anybody is asked', [], (io) => io.of('/empty').timeout(5_000)),
  asked('one is silent: an error, and the answers of the others', ['alice', 'silent'], (io) =>
    io.timeout(80),
  ),
  asked('no time is given: it is over at once', ['silent'], (io) => io.to('some')),
  asked('all are silent', ['silent'], (io) => io.to('some').timeout(30)),
  {
    ...single,
    name: 'socket.broadcast asks the others, by callback and by promise',
    server(io, { notes }) {
      seat(io);
      io.on('connection', (socket) => {
        socket.on('ask others', async (done: () => void) => {
          socket.broadcast.timeout(5_000).emit('question', 1, (error: unknown, answers: unknown) => {
            noteAnswers(notes, 'callback', error, answers);
          });
          const answers: unknown = await socket.timeout(5_000).to('some').emitWithAck('question', 2);
          noteAnswers(notes, 'promise', null, answers);
          done();
        });
      });
    },
    async client(connect, stage) {
      const [alice] = await gather(connect, stage, ['alice', 'bob', 'carol']);
      if (alice !== undefined) await ask(alice, 'ask others');
      await stage.notes.until('callback', 'answers');
    },
  },
  {
    ...single,
    name: 'one who leaves while asked: the answers of the others, late',
    server: seat,
    async client(connect, stage) {
      const [alice] = await gather(connect, stage, ['alice', 'bob']);
      alice?.off('question');
      alice?.on('question', () => alice.disconnect());
      const late: unknown = await stage.io
        .timeout(100)
        .emitWithAck('question', 1)
        .catch((error: unknown) => error);
      stage.notes.note('server', 'outcome', late, (late as { responses?: unknown }).responses);
    },
  },
  {
    ...single,
    name: 'answers with bytes',
    server: seat,
    async client(connect, stage) {
      const alice = connect();
      alice.on('bytes', (bytes: Buffer, answer: (bytes: object) => void) =>
        answer({ twice: [bytes, bytes] }),
      );
      await connected(alice);
      const answers: unknown = await stage.io.timeout(5_000).emitWithAck('bytes', Buffer.from('é'));
      stage.notes.note('server', 'answers', answers);
    },
  },
  {
    ...single,
    name: 'what emit, send, write and the administration return',
    server(io, { notes }) {
      const surfaces: readonly [string, Surface][] = [
        ['io', io],
        ['namespace', io.of('/other')],
      ];
      for (const [name, surface] of surfaces) {
        const isItself = (what: unknown): boolean => what === surface;
        notes.note(name, 'emit', surface.emit('hi'), surface.to('a').emit('hi'));
        notes.note(name, 'send', isItself(surface.send('hi')), isItself(surface.write('hi')));
        notes.note(name, 'use', isItself(surface.use((_socket, next) => next())));
        notes.note(name, 'join', surface.socketsJoin('a'), surface.socketsLeave(['a']));
        notes.note(name, 'disconnect', surface.disconnectSockets());
        // Of the server itself, socket.io gives the main namespace.
        notes.note(name, 'listening', typeof surface.on('connection', () => undefined).emit);
      }
    },
    async client(connect) {
      await connected(connect());
    },
  },
  {
    ...single,
    name: 'every flag in a chain, in any order',
    server(io) {
      io.on('connection', (socket) => {
        void socket.join('all');
        // One volatile event a turn: whether there is room for a second is the server's affair.
        socket.on('first', () => io.compress(false).volatile.local.to('all').emit('hi', 1));
        socket.on('second', () => io.of('/').to(['all', 'some']).volatile.emit('hi', 2));
        socket.on('third', () => socket.compress(true).volatile.emit('hi', 3));
        socket.on('fourth', () => {
          socket.volatile
            .compress(false)
            .timeout(5_000)
            .emit('asked', 4, () => undefined);
        });
        socket.on('fifth', () => {
          io.local.compress(true).except('nobody').in('all').emit('hi', 5);
          socket.local.emit('hi', 'not me');
          socket.volatile.broadcast.emit('hi', 'not me');
          socket.volatile.local.emit('hi', 'not me');
          socket.timeout(10).to('all').local.emit('hi', 'not me');
          socket.compress(false).send('hi');
        });
      });
    },
    async client(connect, stage) {
      const alice = connect();
      hear(alice, stage, 'alice', ['hi', 'asked', 'message']);
      await connected(alice);
      const turns = [
        ['first', 'hi', 1],
        ['second', 'hi', 2],
        ['third', 'hi', 3],
        ['fourth', 'asked', 1],
        ['fifth', 'message', 1],
      ] as const;
      for (const [turn, heard, times] of turns) {
        alice.emit(turn);
        await stage.notes.until('alice', heard, times);
      }
    },
  },
  {
    ...single,
    name: 'serverSideEmit: what it returns, and names that are refused',
    server(io, { notes }) {
      // With one server nobody hears it; socket.io says so on the console.
      const { warn } = console;
      console.warn = () => undefined;
      attempt(notes, 'server', 'hello', () => io.serverSideEmit('hello', 1));
      console.warn = warn;
      for (const name of ['connect', 'connection', 'new_namespace']) {
        attempt(notes, 'server', name, () => io.serverSideEmit(name));
        attempt(notes, 'server', `${name} of a namespace`, () => io.of('/a').serverSideEmit(name));
      }
    },
    async client(connect) {
      await connected(connect());
    },
  },
  {
    ...single,
    name: 'serverSideEmitWithAck: names that are refused reject',
    server(io, { notes }) {
      io.serverSideEmitWithAck('connect').catch((error: unknown) => notes.note('server', 'rejected', error));
    },
    async client(_connect, { notes }) {
      await notes.until('server', 'rejected');
    },
  },
  {
    ...single,
    name: 'fetchSockets gives the sockets themselves, with all their fields',
    server(io, { notes }) {
      io.on('connection', async (socket) => {
        socket.data = { name: 'alice' };
        await socket.join('red');
        const [found] = await io.fetchSockets();
        notes.note('server', 'itself', (found as unknown) === socket, found?.id === socket.id);
        notes.note('server', 'fields', found?.data, [...(found?.rooms ?? [])].at(-1));
        notes.note('server', 'handshake', found?.handshake === socket.handshake, found?.handshake.auth);
        const inRed = await io.in('red').fetchSockets();
        notes.note('server', 'in red', inRed.length, (await io.of('/other').fetchSockets()).length);
        // oxlint-disable-next-line typescript/no-deprecated -- still documented
        const [all, red] = [await io.allSockets(), await io.in('red').allSockets()];
        notes.note('server', 'allSockets', all instanceof Set, all.has(socket.id), red.size);
        notes.note('server', 'done');
      });
    },
    async client(connect, { notes }) {
      connect({ auth: { token: 1 } });
      await notes.until('server', 'done');
    },
  },
  {
    ...single,
    name: 'administration of another namespace leaves the main one alone',
    server(io) {
      io.of('/other').on('connection', () => undefined);
      io.on('connection', (socket) => {
        socket.on('rooms', (answer: (count: number) => void) => answer(socket.rooms.size));
      });
    },
    async client(connect, stage) {
      const { notes } = stage;
      const other = stage.io.of('/other');
      const main = connect();
      const guest = main.io.socket('/other');
      guest.on('disconnect', (reason) => notes.note('guest', 'disconnect', reason));
      await connected(main, guest);
      other.socketsJoin(['a', 'b']);
      notes.note('other', 'rooms', (await other.in('a').fetchSockets()).length, other.adapter.rooms.size);
      other.in('a').socketsLeave('b');
      notes.note('other', 'rooms', (await other.in('b').fetchSockets()).length);
      notes.note('main', 'rooms', await ask(main, 'rooms'));
      other.disconnectSockets();
      await notes.until('guest', 'disconnect');
      notes.note('main', 'rooms', await ask(main, 'rooms'), main.connected);
      notes.note('other', 'sockets', other.sockets.size);
    },
  },
  {
    ...single,
    name: 'the server is an emitter: on, once, off, listeners of the main namespace',
    server(io, { notes }) {
      const [first, second] = [() => notes.note('server', 'first'), () => notes.note('server', 'second')];
      io.once('connection', first);
      io.on('connection', second);
      io.prependListener('connection', () => notes.note('server', 'prepended'));
      notes.note('server', 'count', io.listenerCount('connection'), io.sockets.listenerCount('connection'));
      notes.note('server', 'names', io.eventNames(), io.listeners('connection').includes(second));
      io.on('connect', second);
      io.off('connect', second);
      notes.note('server', 'names', io.eventNames());
    },
    async client(connect, { notes }) {
      await connected(connect());
      await connected(connect());
      await notes.until('server', 'second', 2);
    },
  },
  {
    ...single,
    name: 'of(name, listener), and both names of the event',
    server(io, { notes }) {
      const named = io.of('/named', (socket) => notes.note('server', 'by of', socket.nsp.name));
      named.on('connect', (socket) => notes.note('server', 'connect', socket.connected));
      named.on('connection', (socket) => notes.note('server', 'connection', socket.connected));
    },
    async client(connect, { notes }) {
      await connected(connect({ namespace: '/named' }));
      await notes.until('server', 'connection');
    },
  },
  {
    ...single,
    name: 'a timeout without anybody who waits for the answer is an event like any other',
    server(io) {
      io.on('connection', (socket) => {
        io.timeout(10).emit('hi', 1);
        socket.timeout(10).emit('hi', 2);
        socket.timeout(10).send('end');
      });
    },
    async client(connect, stage) {
      hear(connect(), stage, 'alice', ['hi', 'message']);
      await stage.notes.until('alice', 'message');
    },
  },
  {
    ...single,
    name: 'reserved names reject where a promise was asked for',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        const asking: Record<string, () => Promise<unknown>> = {
          socket: () => socket.emitWithAck('disconnect'),
          timed: () => socket.timeout(10).emitWithAck('disconnecting'),
          io: () => io.timeout(10).emitWithAck('connect'),
          broadcast: () => socket.broadcast.emitWithAck('connect_error'),
        };
        for (const [party, ask] of Object.entries(asking)) {
          ask().catch((error: unknown) => notes.note(party, 'rejected', error));
        }
      });
    },
    async client(connect, { notes }) {
      connect();
      for (const party of ['socket', 'timed', 'io', 'broadcast']) await notes.until(party, 'rejected');
    },
  },
  {
    ...single,
    name: 'one acknowledgement of many: only the first argument counts, and undefined is an answer',
    server: seat,
    async client(connect, { io, notes }) {
      const [alice, bob] = [connect(), connect()];
      alice.on('question', (answer: (...words: unknown[]) => void) => answer(1, 'not this'));
      bob.on('question', (answer: (...words: unknown[]) => void) => answer());
      await connected(alice, bob);
      const answers: unknown[] = await io.timeout(5_000).emitWithAck('question');
      notes.note('server', 'answers', answers.length, answers.includes(1), answers.includes(undefined));
    },
  },
];
