/** How a server comes to be and to its end: constructor, attach, listen, its settings, close. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask, attempt, connected } from '../clients.ts';
import type { Connect, Scenario, ServerUnderTest, Stage } from '../scenario.ts';

const single: Pick<Scenario, 'modes'> = { modes: ['websocket'] };

function echo(io: ServerUnderTest): void {
  io.on('connection', (socket) => {
    socket.on('echo', (word: unknown, answer: (word: unknown) => void) => answer(word));
  });
}

async function urlOf(http: Pick<HttpServer, 'listening' | 'once' | 'address'>): Promise<string> {
  if (!http.listening) await once(http as HttpServer, 'listening');
  return `http://localhost:${(http.address() as AddressInfo).port}`;
}

/** A server made in one of the documented ways takes a client at the given path. */
function made(
  name: string,
  make: (stage: Stage, http: HttpServer) => ServerUnderTest,
  path = '/socket.io',
): Scenario {
  return {
    ...single,
    name,
    server() {},
    async client(connect, stage) {
      const { notes, cleanUp } = stage;
      const http = createServer((_request, response) => response.end('application')).listen(0);
      const io = make(stage, http);
      cleanUp(() => io.close());
      cleanUp(() => http.close());
      echo(io);
      const url = await urlOf(io.httpServer as HttpServer);
      const alice = connect({ url, path });
      await connected(alice);
      notes.note('alice', 'echo', await ask(alice, 'echo', 'here'));
      notes.note('server', 'facts', io.httpServer === http, io.path(), io.serveClient(), io.connectTimeout());
      notes.note('server', 'clients', io.engine.clientsCount, io.sockets.sockets.size);
      const page = await fetch(`${url}/other`);
      notes.note('page', 'answer', page.status, await page.text());
      alice.disconnect();
    },
  };
}

/** A server of its own that a scenario may close. */
async function openServer({ Server, cleanUp }: Stage): Promise<{ io: ServerUnderTest; url: string }> {
  const http = createServer().listen(0);
  const io = new Server(http);
  cleanUp(() => http.close());
  echo(io);
  return { io, url: await urlOf(http) };
}

async function enter(connect: Connect, { notes }: Stage, url: string): Promise<void> {
  const alice = connect({ url });
  alice.on('disconnect', (reason) => notes.note('alice', 'disconnect', reason));
  await connected(alice);
}

export const serverConstructionScenarios: readonly Scenario[] = [
  made('new Server(httpServer)', ({ Server }, http) => new Server(http)),
  made('new Server(httpServer, options)', ({ Server }, http) => new Server(http, { path: '/live' }), '/live'),
  made('new Server(port)', ({ Server }) => new Server(0)),
  made('new Server(port, options)', ({ Server }) => new Server(0, { serveClient: false })),
  made('new Server("port")', ({ Server }) => new Server('0' as unknown as number)),
  made('new Server(), attach(httpServer)', ({ Server }, http) => new Server().attach(http)),
  made(
    'new Server(options), attach(httpServer)',
    ({ Server }, http) => new Server({ path: '/live/' }).attach(http),
    '/live',
  ),
  made('new Server(), listen(httpServer)', ({ Server }, http) => new Server().listen(http)),
  made('new Server(), listen(port)', ({ Server }) => new Server().listen(0)),
  made('new Server(), attach(httpServer, options)', ({ Server }, http) =>
    new Server().attach(http, { pingInterval: 12_000 }),
  ),
  made('new Server(undefined, options)', ({ Server }, http) =>
    new Server(undefined, { connectTimeout: 1_000 }).attach(http),
  ),
  made('path() before attach', ({ Server }, http) => new Server().path('/moved/').attach(http), '/moved'),
  made('serveClient(), connectTimeout() before attach', ({ Server }, http) =>
    new Server().serveClient(false).connectTimeout(2_000).attach(http),
  ),
  {
    ...single,
    name: 'options of attach() stand behind those of the constructor',
    server() {},
    async client(connect, { notes, Server, cleanUp }) {
      const http = createServer().listen(0);
      const io = new Server({ pingInterval: 11_000 }).attach(http, {
        pingInterval: 12_000,
        pingTimeout: 13_000,
      });
      cleanUp(() => io.close());
      const opened = await fetch(`${await urlOf(http)}/socket.io/?EIO=4&transport=polling`);
      const { pingInterval, pingTimeout } = JSON.parse((await opened.text()).slice(1)) as object as {
        pingInterval: number;
        pingTimeout: number;
      };
      notes.note('offer', 'heartbeat', pingInterval, pingTimeout);
      const alice = connect({ url: await urlOf(http) });
      await connected(alice);
    },
  },
  {
    ...single,
    name: 'an Express application is refused',
    server() {},
    async client(_connect, { notes, Server }) {
      const app = (): void => undefined;
      for (const make of [() => new Server(app as never), () => new Server().attach(app as never)]) {
        try {
          make();
          notes.note('server', 'took it');
        } catch (error) {
          // In words of their own: both say to pass an http.Server.
          notes.note('server', 'threw', error instanceof Error && /http\.Server/.test(error.message));
        }
      }
    },
  },
  {
    ...single,
    name: 'path, serveClient and connectTimeout tell and change',
    server(io, { notes }) {
      for (const tell of [() => io.path(), () => io.serveClient(), () => io.connectTimeout()]) {
        attempt(notes, 'server', 'default', tell);
      }
      notes.note('server', 'chains', io.path('/x/') === io, io.serveClient(false) === io);
      notes.note('server', 'chains', io.connectTimeout(1_234) === io);
      notes.note('server', 'changed', io.path(), io.serveClient(), io.connectTimeout());
    },
    async client(connect, { notes }) {
      // What was attached before stays where it was.
      await connected(connect());
      notes.note('alice', 'connected');
    },
  },
  {
    ...single,
    name: 'io.sockets, io.of("/"), io.httpServer, io.engine',
    server(io, { notes, http }) {
      notes.note('server', 'sockets', io.sockets === io.of('/'), io.sockets.name, io.sockets.sockets.size);
      notes.note('server', 'server', io.sockets.server === io, io.httpServer === http);
      notes.note('server', 'engine', typeof io.engine.on, io.engine.clientsCount, typeof io.adapter());
    },
    async client(connect, { notes, http }) {
      await connected(connect());
      notes.note('server', 'listening', http.listening);
    },
  },
  {
    ...single,
    name: 'one engine bound by hand: bind()',
    server() {},
    async client(connect, { notes, Server, attachEngine, cleanUp }) {
      const http = createServer().listen(0);
      const engine = attachEngine(http, { path: '/by-hand/' });
      const io = new Server();
      notes.note('server', 'chains', io.bind(engine) === io, io.engine === engine);
      cleanUp(() => http.close());
      cleanUp(() => io.close());
      echo(io);
      const alice = connect({ url: await urlOf(http), path: '/by-hand/' });
      notes.note('alice', 'echo', await ask(alice, 'echo', 1));
      alice.disconnect();
    },
  },
  {
    ...single,
    name: 'one connection handed over by hand: onconnection()',
    server() {},
    async client(connect, { notes, Server, attachEngine, cleanUp }) {
      const http = createServer().listen(0);
      const engine = attachEngine(http, { path: '/by-hand/' });
      const io = new Server();
      // Documented, though the original's types hide it.
      const { onconnection } = io as unknown as { onconnection: (conn: unknown) => unknown };
      engine.on('connection', (conn: unknown) => {
        notes.note('server', 'chains', Reflect.apply(onconnection, io, [conn]) === io);
      });
      cleanUp(() => http.close());
      cleanUp(() => engine.close());
      echo(io);
      const alice = connect({ url: await urlOf(http), path: '/by-hand/' });
      notes.note('alice', 'echo', await ask(alice, 'echo', 1));
      alice.disconnect();
    },
  },
  {
    ...single,
    name: 'close() resolves, calls back, and ends clients and the HTTP server',
    server() {},
    async client(connect, stage) {
      const { notes } = stage;
      const { io, url } = await openServer(stage);
      io.on('connection', (socket) => {
        socket.on('disconnecting', (reason) => notes.note('server', 'disconnecting', reason));
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
      await enter(connect, stage, url);
      const closed = io.close((error) => notes.note('server', 'callback', error));
      notes.note('server', 'a promise', closed instanceof Promise);
      notes.note('server', 'resolved', await closed);
      await notes.until('alice', 'disconnect');
      const httpServer = io.httpServer as HttpServer;
      notes.note('server', 'state', httpServer.listening, io.engine.clientsCount, io.sockets.sockets.size);
    },
  },
  {
    ...single,
    name: 'close() twice: the second callback gets the error of the HTTP server',
    server() {},
    async client(connect, stage) {
      const { notes } = stage;
      const { io, url } = await openServer(stage);
      await enter(connect, stage, url);
      await io.close();
      await notes.until('alice', 'disconnect');
      await io.close((error) => notes.note('server', 'callback', error, (error as { code?: string }).code));
    },
  },
  {
    ...single,
    name: 'a server that was attached to nothing',
    server() {},
    async client(_connect, { notes, Server }) {
      const io = new Server();
      notes.note('server', 'facts', io.httpServer, io.path(), io.sockets.name);
      notes.note('server', 'emit', io.emit('to nobody'), (await io.fetchSockets()).length);
    },
  },
  {
    modes: ['upgrade'],
    name: 'io.engine.clientsCount follows clients',
    server() {},
    async client(connect, stage) {
      const { notes } = stage;
      const { io, url } = await openServer(stage);
      stage.cleanUp(() => io.close());
      io.engine.on('connection', (conn: { on: (event: string, heard: () => void) => void }) => {
        notes.note('engine', 'connection', io.engine.clientsCount);
        conn.on('close', () => notes.note('engine', 'close'));
      });
      const [alice, bob] = [connect({ url }), connect({ url })];
      await connected(alice, bob);
      alice.disconnect();
      await notes.until('engine', 'close', 1);
      notes.note('engine', 'left', io.engine.clientsCount);
      bob.disconnect();
      await notes.until('engine', 'close', 2);
      notes.note('engine', 'left', io.engine.clientsCount);
    },
  },
  {
    ...single,
    name: 'one server on two HTTP servers',
    server(io, { notes }) {
      echo(io);
      io.on('connection', () => notes.note('server', 'connection', io.sockets.sockets.size));
      io.on('connection', (socket) => socket.on('to all', () => io.emit('heard')));
    },
    async client(connect, { io, notes, cleanUp }) {
      const second = createServer().listen(0);
      cleanUp(() => {
        second.close();
        second.closeAllConnections();
      });
      io.attach(second);
      notes.note('server', 'httpServer', io.httpServer === second);
      const alice = connect();
      await connected(alice);
      const bob = connect({ url: await urlOf(second) });
      await connected(bob);
      notes.note('alice', 'echo', await ask(alice, 'echo', 1));
      notes.note('bob', 'echo', await ask(bob, 'echo', 2));
      alice.on('heard', () => notes.note('alice', 'heard'));
      bob.emit('to all');
      await notes.until('alice', 'heard');
      alice.disconnect();
      bob.disconnect();
    },
  },
  {
    ...single,
    name: 'a server that was closed listens again',
    server() {},
    async client(connect, stage) {
      const { notes } = stage;
      const { io, url } = await openServer(stage);
      await enter(connect, stage, url);
      await io.close();
      await notes.until('alice', 'disconnect');
      const http = createServer().listen(0);
      stage.cleanUp(() => io.close());
      io.attach(http);
      const bob = connect({ url: await urlOf(http) });
      notes.note('bob', 'echo', await ask(bob, 'echo', 'again'), io.engine.clientsCount);
      bob.disconnect();
    },
  },
];
