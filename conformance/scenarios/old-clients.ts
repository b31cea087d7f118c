/** What the official clients 1.7 and 2.5 see in a way of their own: ids, queries for `auth`, errors that are strings. */
import type { Socket as ClientSocket } from 'socket.io-client';
import { ask, connected, settled } from '../clients.ts';
import type { Notebook } from '../notebook.ts';
import type { ClientVersion, Mode, Scenario } from '../scenario.ts';

const old: { versions: readonly ClientVersion[]; modes: readonly Mode[] } = {
  versions: ['2', '1.7'],
  modes: ['polling', 'websocket'],
};

/** Clients before 3 are told of a refusal by an `error` event of the socket, with what the server sent as it is. */
function noteRefusals(client: ClientSocket, notes: Notebook, party: string): void {
  // The newest client's type knows no such event.
  const listen = client.on.bind(client) as (event: string, heard: (...details: unknown[]) => void) => unknown;
  listen('error', (...details) => notes.note(party, 'error', ...details));
  listen('connect', () => notes.note(party, 'connect'));
  listen('disconnect', (reason) => notes.note(party, 'disconnect', reason));
}

export const oldClientScenarios: readonly Scenario[] = [
  {
    ...old,
    name: 'ids: in the main namespace that of the connection, in others with their name before it',
    server(io, { notes }) {
      for (const name of ['/', '/admin']) {
        io.of(name).on('connection', (socket) => {
          notes.note(`server ${name}`, 'revision', socket.conn.protocol);
          const connectionId = (socket.conn as unknown as { id: string }).id;
          notes.note(
            `server ${name}`,
            'id',
            socket.id.replace(connectionId, '…'),
            socket.rooms.has(socket.id),
          );
          socket.on('is mine', (id: unknown, answer: (yes: boolean) => void) => answer(id === socket.id));
        });
      }
    },
    async client(connect, { notes }) {
      const main = connect();
      const admin = main.io.socket('/admin');
      await connected(main, admin);
      notes.note('main', 'is mine', await ask(main, 'is mine', main.id));
      notes.note('admin', 'is mine', await ask(admin, 'is mine', admin.id));
    },
  },
  {
    ...old,
    name: 'a namespace with a query: it is the `auth` of that socket',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server /', 'connection', socket.handshake.auth, socket.handshake.query['a']);
      });
      io.of('/admin').use((socket, next) => {
        notes.note('middleware', 'auth', { ...socket.handshake.auth });
        next();
      });
      io.of('/admin').on('connection', (socket) => {
        notes.note('server /admin', 'connection', { ...socket.handshake.auth }, socket.handshake.query['b']);
        socket.on('fence', (answer: (name: string) => void) => answer(socket.nsp.name));
      });
    },
    async client(connect, { notes }) {
      const main = connect({ query: { a: 'for the connection' } });
      await connected(main);
      const admin = main.io.socket('/admin', { query: { b: 'é &=?', c: '' } } as object);
      await connected(admin);
      notes.note('admin', 'fence', await ask(admin, 'fence'));
    },
  },
  {
    ...old,
    name: 'the address of the first namespace with a query',
    server(io, { notes }) {
      io.of('/asked').on('connection', (socket) => {
        notes.note('server', 'connection', { ...socket.handshake.auth }, socket.handshake.query['a']);
        socket.on('fence', (answer: () => void) => answer());
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(connect, { notes }) {
      const asked = connect({ namespace: '/asked?a=b&c=d' });
      await connected(asked);
      await ask(asked, 'fence');
      asked.disconnect();
      await notes.until('server', 'disconnect');
    },
  },
  {
    ...old,
    name: 'an unknown namespace is refused by a string',
    server(io) {
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, { notes }) {
      const main = connect();
      await connected(main);
      const unknown = main.io.socket('/nowhere');
      noteRefusals(unknown, notes, 'unknown');
      await notes.until('unknown', 'error');
      await ask(main, 'fence');
    },
  },
  {
    ...old,
    name: 'middleware refuses: with its message, or with its data',
    server(io, { notes }) {
      for (const name of ['/plain', '/data', '/falsy']) {
        io.of(name).use((_socket, next) => {
          const data = { '/plain': undefined, '/data': { code: 401, hint: ['again'] }, '/falsy': 0 }[name];
          next(Object.assign(new Error(`not into ${name}`), data !== undefined && { data }));
        });
        io.of(name).on('connection', () => notes.note('server', 'connection', name));
      }
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, { notes }) {
      const main = connect();
      await connected(main);
      for (const name of ['/plain', '/data', '/falsy']) {
        noteRefusals(main.io.socket(name), notes, name);
        await notes.until(name, 'error');
      }
      await ask(main, 'fence');
    },
  },
  {
    ...old,
    name: 'middleware of the main namespace refuses',
    server(io, { notes }) {
      io.use((socket, next) => {
        notes.note('server', 'middleware', socket.handshake.auth, socket.handshake.query['token']);
        next(socket.handshake.query['token'] === 'right' ? undefined : new Error('wrong token'));
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes }) {
      noteRefusals(connect({ query: { token: 'wrong' } }), notes, 'wrong');
      await notes.until('wrong', 'error');
      noteRefusals(connect({ query: { token: 'right' } }), notes, 'right');
      await notes.until('right', 'connect');
      await notes.until('server', 'connection');
    },
  },
  {
    ...old,
    name: 'leaving a namespace and entering it again',
    server(io, { notes }) {
      io.of('/admin').on('connection', (socket) => {
        notes.note('server', 'connection', { ...socket.handshake.auth });
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
        socket.on('kick me', () => socket.disconnect());
      });
      io.on('connection', (socket) => socket.on('fence', (answer: () => void) => answer()));
    },
    async client(connect, { notes }) {
      const main = connect();
      const admin = main.io.socket('/admin', { query: { name: 'a' } } as object);
      admin.on('disconnect', (reason) => notes.note('admin', 'disconnect', reason));
      await connected(main, admin);
      admin.disconnect();
      await notes.until('server', 'disconnect', 1);
      admin.connect();
      await connected(admin);
      admin.emit('kick me');
      await notes.until('server', 'disconnect', 2);
      await notes.until('admin', 'disconnect', 2);
      await ask(main, 'fence');
    },
  },
  {
    ...old,
    name: 'pings keep a quiet client alive',
    options: { pingInterval: 30, pingTimeout: 5_000 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
        socket.on('fence', (answer: () => void) => answer());
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      let pongs = 0;
      // They ask, the server answers.
      const listen = alice.on.bind(alice) as (event: string, heard: () => void) => unknown;
      listen('pong', () => {
        pongs += 1;
        if (pongs === 3) notes.note('alice', 'three pongs');
      });
      await notes.until('alice', 'three pongs');
      await ask(alice, 'fence');
      notes.note('alice', 'still connected', alice.connected);
    },
  },
  {
    versions: ['3', '2', '1.7'],
    modes: ['upgrade'],
    name: 'upgrade while messages are on their way',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'starts on', socket.conn.transport.name);
        socket.conn.once('upgrade', () => notes.note('server', 'upgrade', socket.conn.transport.name));
        socket.on('number', (number: unknown, bytes: unknown) => socket.emit('number', number, bytes));
      });
    },
    async client(connect, stage) {
      const { notes } = stage;
      const alice = connect();
      let last = 0;
      alice.on('number', (number: number, bytes: Uint8Array) => {
        if (number !== last || bytes.length !== 1) notes.note('alice', 'out of order', number, last);
        last += 1;
        alice.emit('number', last, Buffer.from([last]));
      });
      alice.emit('number', 0, Buffer.from([0]));
      await settled(stage, alice);
      await notes.until('server', 'upgrade');
    },
  },
  {
    versions: ['4', '3'],
    modes: ['websocket'],
    name: 'allowEIO3 changes nothing for clients of revision 4',
    options: { allowEIO3: true },
    server(io, { notes }) {
      io.on('connection', (socket) => notes.note('server', 'revision', socket.conn.protocol));
    },
    async client(connect, { notes }) {
      await connected(connect());
      await notes.until('server', 'revision');
    },
  },
  {
    ...old,
    name: 'without allowEIO3 they do not get in',
    options: { allowEIO3: false },
    server(io, { notes }) {
      io.engine.on('connection_error', (error: { code: number; message: string; context: unknown }) => {
        notes.note('engine', 'connection_error', error.code, error.message, error.context);
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('connect_error', (error) => notes.note('alice', 'connect_error', error));
      await notes.until('alice', 'connect_error');
      await notes.until('engine', 'connection_error');
    },
  },
];
