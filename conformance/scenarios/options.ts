/** What options change for clients: transports, heartbeats, cookies, first packets, parsers, engine middleware. */
import type { IncomingMessage } from 'node:http';
import type { Socket as ClientSocket } from 'socket.io-client';
import * as msgpack from 'socket.io-msgpack-parser';
import { ask, connected, settled } from '../clients.ts';
import type { Notebook } from '../notebook.ts';
import { ALL_VERSIONS, type Scenario, type ServerUnderTest } from '../scenario.ts';

function noteOutcome(client: ClientSocket, notes: Notebook, party: string): void {
  client.on('connect', () => notes.note(party, 'connect', client.io.engine.transport.name));
  client.on('connect_error', (error) => notes.note(party, 'connect_error', error));
}

function echo(io: ServerUnderTest): void {
  io.on('connection', (socket) => {
    socket.on('echo', (...details: unknown[]) => {
      const last = details.pop() as (...words: unknown[]) => void;
      last(...details);
    });
    socket.on('to all', (...details: unknown[]) => io.emit('to all', ...details));
  });
}

interface ConnectionError {
  code: number;
  message: string;
  context: unknown;
}

export const optionScenarios: readonly Scenario[] = [
  ...(['polling', 'websocket'] as const).map((transport): Scenario => ({
    name: `transports: ${transport} alone`,
    options: { transports: [transport] },
    server(io, { notes }) {
      io.engine.on('connection_error', ({ code, message, context }: ConnectionError) => {
        notes.note('engine', 'connection_error', code, message, context);
      });
      io.on('connection', (socket) => notes.note('server', 'connection', socket.conn.transport.name));
    },
    async client(connect, { notes, mode }) {
      const alice = connect();
      noteOutcome(alice, notes, 'alice');
      const getsIn = transport === (mode === 'upgrade' ? 'polling' : mode);
      await notes.until('alice', getsIn ? 'connect' : 'connect_error');
      await notes.until(getsIn ? 'server' : 'engine', getsIn ? 'connection' : 'connection_error');
    },
  })),
  {
    name: 'pingInterval and pingTimeout reach the client, maxHttpBufferSize too',
    modes: ['polling', 'websocket'],
    options: { pingInterval: 12_345, pingTimeout: 6_789, maxHttpBufferSize: 54_321 },
    server() {},
    async client(connect, { notes }) {
      const alice = connect();
      alice.io.engine.once('handshake', ({ sid: _sid, ...offer }) => notes.note('alice', 'offer', offer));
      await connected(alice);
    },
  },
  {
    name: 'the defaults reach the client',
    server() {},
    async client(connect, { notes }) {
      const alice = connect();
      alice.io.engine.once('handshake', ({ sid: _sid, ...offer }) => notes.note('alice', 'offer', offer));
      await connected(alice);
    },
  },
  {
    name: 'a client by polling that answers no pings',
    modes: ['polling'],
    options: { pingInterval: 40, pingTimeout: 40 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      await connected(alice);
      alice.io.engine.transport.send = () => undefined;
      await notes.until('server', 'disconnect');
    },
  },
  {
    name: 'cookie: the defaults, and all its options',
    modes: ['polling'],
    server() {},
    async client(_connect, { notes, Server, cleanUp }) {
      const cookies: unknown[] = [
        true,
        { name: 'sid' },
        { name: 'sid', httpOnly: false },
        { name: 'sid', path: '/live', domain: 'example.org', maxAge: 60, secure: true, sameSite: 'strict' },
        { name: 'sid', sameSite: 'none', path: false, expires: new Date(0) },
        false,
      ];
      for (const cookie of cookies) {
        const io = new Server(0, { cookie: cookie as boolean });
        cleanUp(() => io.close());
        const { port } = io.httpServer.address() as { port: number };
        const answer = await fetch(`http://localhost:${port}/socket.io/?EIO=4&transport=polling`);
        const { sid } = JSON.parse((await answer.text()).slice(1)) as { sid: string };
        const set = answer.headers.getSetCookie().map((line) => line.replace(sid, '…'));
        notes.note('answer', 'set-cookie', ...set);
      }
    },
  },
  {
    name: 'cookie is set once, on the handshake',
    options: { cookie: { name: 'io-test' } },
    modes: ['polling', 'websocket'],
    server(io, { notes }) {
      io.engine.on('initial_headers', (headers: Record<string, unknown>) => {
        notes.note('server', 'initial_headers', Object.keys(headers).includes('Set-Cookie'));
        headers['x-initial'] = 'yes';
      });
      io.engine.on('headers', (headers: Record<string, unknown>, request: IncomingMessage) => {
        if (/[?&]sid=/.test(request.url ?? '')) return;
        notes.note('server', 'headers', headers['x-initial'], 'Set-Cookie' in headers);
      });
      echo(io);
    },
    async client(connect, { notes }) {
      notes.note('alice', 'echo', await ask(connect(), 'echo', 1));
    },
  },
  {
    name: 'initialPacket comes first',
    modes: ['polling', 'websocket'],
    server(_io, { notes }) {
      notes.note('server', 'starts');
    },
    async client(connect, { notes, Server, cleanUp }) {
      // A Socket.IO client takes an event before its connect packet, and keeps it until then.
      const io = new Server(0, { initialPacket: '2["hello","first"]' });
      cleanUp(() => io.close());
      const { port } = io.httpServer.address() as { port: number };
      const alice = connect({ url: `http://localhost:${port}` });
      alice.on('connect', () => notes.note('alice', 'connect'));
      alice.on('hello', (word: unknown) => notes.note('alice', 'hello', word));
      await notes.until('alice', 'hello');
    },
  },
  {
    name: 'perMessageDeflate: small and large, text and bytes',
    modes: ['websocket'],
    options: { perMessageDeflate: { threshold: 100 } },
    server: echo,
    async client(connect, { notes }) {
      const alice = connect();
      notes.note('alice', 'small', await ask(alice, 'echo', 'x'));
      notes.note('alice', 'large', await ask(alice, 'echo', 'x'.repeat(5_000)));
      notes.note('alice', 'bytes', await ask(alice, 'echo', Buffer.alloc(2_000, 7)));
    },
  },
  {
    name: 'httpCompression: large answers to polls, with and without',
    modes: ['polling'],
    options: { httpCompression: { threshold: 100 } },
    server: echo,
    async client(connect, { notes }) {
      const alice = connect();
      notes.note('alice', 'large', await ask(alice, 'echo', 'é'.repeat(5_000)));
      notes.note('alice', 'bytes', await ask(alice, 'echo', Buffer.alloc(2_000, 7)));
    },
  },
  {
    name: 'addTrailingSlash: false',
    modes: ['polling', 'websocket'],
    options: { addTrailingSlash: false },
    server: echo,
    async client(connect, { notes }) {
      const alice = connect({ addTrailingSlash: false });
      notes.note('alice', 'echo', await ask(alice, 'echo', 1));
    },
  },
  {
    name: 'a parser of the user’s: msgpack on both sides',
    modes: ['polling', 'websocket'],
    options: { parser: msgpack },
    server(io, { notes }) {
      echo(io);
      io.of('/guarded').use((_socket, next) => next(Object.assign(new Error('no'), { data: { code: 1 } })));
      io.on('connection', (socket) => {
        notes.note('server', 'auth', socket.handshake.auth);
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const alice = connect({ parser: msgpack, auth: { token: 'é' } });
      alice.on('to all', (...details: unknown[]) => notes.note('alice', 'to all', ...details));
      for (const value of [1, 'é', null, { deep: [Buffer.from('b'), 1.5] }, Buffer.from([0, 255])]) {
        notes.note('alice', 'echo', await ask(alice, 'echo', value));
        alice.emit('to all', value, 'and more');
      }
      await notes.until('alice', 'to all', 5);
      for (const name of ['/guarded', '/nowhere']) {
        const other = alice.io.socket(name);
        other.on('connect_error', (error: Error & { data?: unknown }) =>
          notes.note(name, 'connect_error', error, error.data),
        );
        await notes.until(name, 'connect_error');
      }
      alice.disconnect();
      await notes.until('server', 'disconnect');
    },
  },
  {
    name: 'allowRequest that waits',
    modes: ['polling', 'websocket'],
    versions: ALL_VERSIONS,
    options: { allowRequest: (_request, decide) => setImmediate(decide, null, true) },
    server: echo,
    async client(connect, { notes }) {
      notes.note('alice', 'echo', await ask(connect(), 'echo', 1));
    },
  },
  {
    name: 'io.engine.generateId: session ids of the user’s',
    modes: ['polling', 'websocket'],
    server(io, { notes }) {
      let count = 0;
      io.engine.generateId = () => `session-${count++}`;
      io.on('connection', (socket) => {
        const { id } = socket.conn as unknown as { id: string };
        notes.note(
          'server',
          'session',
          id,
          socket.id === id,
          id in (io.engine as unknown as { clients: object }).clients,
        );
      });
    },
    async client(connect, stage) {
      for (let round = 0; round < 2; round += 1) {
        const client = connect();
        await settled(stage, client);
        stage.notes.note('client', 'session', client.io.engine.id);
      }
    },
  },
  {
    name: 'io.engine.use: functions before every request',
    modes: ['upgrade'],
    server(io, { notes }) {
      io.engine.use((request: IncomingMessage, _response: unknown, next: () => void) => {
        if (!/[?&]sid=/.test(request.url ?? '')) notes.note('middleware', 'opening', request.method);
        Object.assign(request, { stamp: 'stamped' });
        next();
      });
      io.on('connection', (socket) => {
        notes.note('server', 'stamp', (socket.request as unknown as { stamp: unknown }).stamp);
      });
    },
    async client(connect, stage) {
      await settled(stage, connect());
    },
  },
];
