/** What the server knows of a client when it comes in, and how it comes in. */
import { connected, settled } from '../clients.ts';
import { ALL_VERSIONS, type Scenario } from '../scenario.ts';
import { PollingHand } from '../wire.ts';

export const handshakeScenarios: readonly Scenario[] = [
  {
    name: 'handshake carries auth, query, headers and the plain facts',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        const { auth, query, headers, xdomain, secure, time, issued, url, address } = socket.handshake;
        notes.note('server', 'auth', auth);
        notes.note('server', 'query', query['room'], query['EIO'], query['empty'], query['sign']);
        notes.note('server', 'first transport', query['transport'], typeof socket.conn.transport.name);
        notes.note('server', 'headers', headers['x-color'], typeof headers.host);
        notes.note('server', 'facts', { xdomain, secure, time: typeof time, issued: typeof issued });
        notes.note('server', 'url', url.split('?')[0]);
        notes.note('server', 'address is of this machine', /127\.0\.0\.1|::1/.test(address));
        notes.note('server', 'request', socket.request.method, socket.client.request === socket.request);
        notes.note('server', 'connection protocol', socket.conn.protocol);
      });
    },
    async client(connect, { notes }) {
      connect({
        auth: { token: 'abc', nested: { list: [1, null, 'ü'] } },
        query: { room: 'blue', empty: '', sign: 'a&b=c +é' },
        extraHeaders: { 'x-color': 'blue' },
      });
      await notes.until('server', 'connection protocol');
    },
  },
  {
    name: 'auth given as a function, and no auth at all',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'auth', socket.handshake.auth);
      });
    },
    async client(connect, { notes }) {
      connect({ auth: (send) => send({ late: true }) });
      await notes.until('server', 'auth', 1);
      connect();
      await notes.until('server', 'auth', 2);
    },
  },
  {
    name: 'socket and its ids on both sides',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'id', typeof socket.id, socket.id.length);
        notes.note('server', 'state', socket.connected, socket.disconnected, socket.recovered, socket.data);
        notes.note('server', 'own room', socket.rooms.size, socket.rooms.has(socket.id));
        notes.note(
          'server',
          'namespace',
          socket.nsp.name,
          socket.nsp === io.of('/'),
          io.sockets === socket.nsp,
        );
        notes.note('server', 'known', io.sockets.sockets.get(socket.id) === socket, io.engine.clientsCount);
        socket.emit('your id', socket.id);
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('your id', (id: unknown) => {
        notes.note('alice', 'id', alice.id === id, alice.id !== alice.io.engine.id, alice.connected);
      });
      await notes.until('alice', 'id');
    },
  },
  {
    name: 'connection event fires on the server, `io.on("connect")` too',
    versions: ALL_VERSIONS,
    server(io, { notes }) {
      io.on('connect', (socket) => notes.note('server', 'connect', socket.connected));
      io.on('connection', (socket) => notes.note('server', 'connection', socket.connected));
      io.engine.on('connection', (conn: { transport: { name: string } }) => {
        notes.note('engine', 'connection', conn.transport.name);
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      alice.on('connect', () => notes.note('alice', 'connect'));
      await notes.until('alice', 'connect');
      await notes.until('server', 'connection');
    },
  },
  {
    name: 'upgrade is seen on both sides, and messages cross it',
    versions: ALL_VERSIONS,
    modes: ['upgrade'],
    server(io, { notes }) {
      io.on('connection', (socket) => {
        notes.note('server', 'starts on', socket.conn.transport.name);
        socket.conn.once('upgrade', (transport) => {
          notes.note('server', 'upgrade', transport.name, socket.conn.transport.name);
        });
        socket.on('number', (number: unknown) => socket.emit('number', number));
      });
    },
    async client(connect, stage) {
      const { notes } = stage;
      const alice = connect();
      alice.io.engine.once('upgrade', (transport) => notes.note('alice', 'upgrade', transport.name));
      let last = 0;
      // One in flight all the time, so that some are sent before, during and after the upgrade.
      alice.on('number', (number: number) => {
        if (number !== last) notes.note('alice', 'out of order', number, last);
        last += 1;
        alice.emit('number', last);
      });
      alice.emit('number', 0);
      await settled(stage, alice);
      await notes.until('server', 'upgrade');
      await notes.until('alice', 'upgrade');
    },
  },
  {
    name: '`allowUpgrades: false` keeps clients on polling',
    modes: ['upgrade'],
    options: { allowUpgrades: false },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.conn.once('upgrade', () => notes.note('server', 'upgrade'));
        socket.on('echo', (text: unknown, answer: (text: unknown) => void) => {
          notes.note('server', 'on', socket.conn.transport.name);
          answer(text);
        });
      });
    },
    async client(connect, { notes }) {
      const alice = connect();
      for (let round = 1; round <= 5; round += 1) {
        notes.note('alice', 'answer', await alice.timeout(5_000).emitWithAck('echo', round));
      }
      notes.note('alice', 'on', alice.io.engine.transport.name);
    },
  },
  {
    name: '`path` moves the endpoint',
    versions: ALL_VERSIONS,
    // Upgrade requests for other paths are ended after a while.
    options: { path: '/live/', destroyUpgradeTimeout: 20 },
    server(io, { notes }) {
      io.on('connection', () => notes.note('server', 'connection', io.path()));
    },
    async client(connect, { notes }) {
      const lost = connect();
      lost.on('connect_error', (error) => notes.note('lost', 'connect_error', error.message));
      lost.on('connect', () => notes.note('lost', 'connect'));
      const alice = connect({ path: '/live' });
      alice.on('connect', () => notes.note('alice', 'connect'));
      await notes.until('alice', 'connect');
    },
  },
  {
    name: '`allowRequest` lets in and refuses',
    versions: ['4', '3'],
    options: {
      allowRequest: (request, decide) => {
        const isRefused = request.headers['x-color'] === 'red';
        decide(isRefused ? 'no red today' : null, !isRefused);
      },
    },
    server(io, { notes }) {
      io.engine.on('connection_error', (error: { code: number; message: string; context: unknown }) => {
        notes.note('engine', 'connection_error', error.code, error.message, error.context);
      });
      io.on('connection', () => notes.note('server', 'connection'));
    },
    async client(connect, { notes, mode }) {
      const red = connect({ extraHeaders: { 'x-color': 'red' } });
      red.on('connect_error', (error) => {
        const { type, description } = error as Error & { type?: string; description?: unknown };
        // What the WebSocket client says of a refused handshake is its own business.
        notes.note('red', 'connect_error', error.message, type, mode === 'websocket' || description);
      });
      await notes.until('red', 'connect_error');
      connect({ extraHeaders: { 'x-color': 'blue' } });
      await notes.until('server', 'connection');
    },
  },
  {
    name: 'query: repeated, empty, encoded and odd names',
    modes: ['polling'],
    server(io, { notes }) {
      io.on('connection', ({ handshake }) => {
        const { transport: _transport, sid: _sid, ...query } = handshake.query;
        notes.note('server', 'query', query);
        notes.note('server', 'toString', typeof handshake.query['toString']);
      });
    },
    async client(_connect, stage) {
      const query = '&a=1&a=2&b=&c&c%20d=%C3%A9+%2B&e[]=x&f[g]=y&h=%zz&=none&__proto__=p';
      const hand = await PollingHand.open(stage, 4, query);
      await hand.say('40');
      await stage.notes.until('server', 'toString');
    },
  },
  {
    name: 'a request with an Origin is cross-domain',
    modes: ['polling', 'websocket'],
    server(io, { notes }) {
      io.on('connection', ({ handshake: { xdomain, headers } }) => {
        notes.note('server', 'cross-domain', xdomain, headers.origin);
      });
    },
    async client(connect, { notes }) {
      connect({ extraHeaders: { Origin: 'http://example.org' } });
      await notes.until('server', 'cross-domain', 1);
      connect();
      await notes.until('server', 'cross-domain', 2);
    },
  },
  {
    name: 'a second namespace: the same connection, its own auth and data',
    modes: ['polling', 'websocket'],
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.data = { of: 'main' };
      });
      io.of('/second').on('connection', (socket) => {
        const { auth, query, headers, url } = socket.handshake;
        notes.note('server', 'handshake', auth, query['a'], headers['x-color'], url.split('?')[0]);
        notes.note('server', 'data', socket.data, socket.rooms.size, socket.nsp.name);
        const [main] = io.sockets.sockets.values();
        notes.note('server', 'main', main?.conn === socket.conn, main?.client === socket.client);
        notes.note('server', 'ids differ', main?.id !== socket.id, main?.request === socket.request);
      });
    },
    async client(connect, { notes }) {
      const main = connect({ auth: { of: 'main' }, query: { a: 'b' }, extraHeaders: { 'x-color': 'blue' } });
      await connected(main);
      await connected(main.io.socket('/second', { auth: { of: 'second' } }));
      await notes.until('server', 'ids differ');
    },
  },
  {
    name: 'auth of every kind of value, deep, and with a name of the prototype',
    modes: ['websocket'],
    server(io, { notes }) {
      io.on('connection', ({ handshake: { auth } }) => {
        notes.note('server', 'auth', JSON.stringify(auth), Object.hasOwn(auth, '__proto__'));
      });
    },
    async client(connect, { notes }) {
      const auths = [
        { text: 'é😀', number: -1.5, none: null, gone: undefined, list: [[], {}], date: new Date(0) },
        JSON.parse('{"__proto__":{"admin":true}}') as object,
        {},
      ];
      for (const [index, auth] of auths.entries()) {
        connect({ auth });
        await notes.until('server', 'auth', index + 1);
      }
    },
  },
];
