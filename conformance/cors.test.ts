/** The CORS headers of all answers, beside those of `socket.io` (and so of the `cors` package) for the same options. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Server as ReferenceServer, type ServerOptions } from 'socket.io';
import { Server } from 'websockets.io';

type Cors = ServerOptions['cors'];

const options: Record<string, Cors | undefined> = {
  none: undefined,
  'all defaults': {},
  'origin: *': { origin: '*' },
  'origin: true': { origin: true },
  'origin: false': { origin: false },
  'origin: empty': { origin: '' },
  'origin: fixed': { origin: 'https://a.example' },
  'origin: pattern': { origin: /\.example$/ },
  'origin: list': { origin: ['https://c.example', /^https:\/\/a\./] },
  'origin: list that lets nobody in': { origin: ['https://c.example'] },
  'origin: function': { origin: (origin, decide) => decide(null, origin === 'https://a.example') },
  'origin: function, later': {
    origin: (origin, decide) => void setImmediate(() => decide(null, origin ?? '*')),
  },
  'origin: function, error': { origin: (_origin, decide) => decide(new Error('no')) },
  'origin: function, throws': {
    origin: () => {
      throw new Error('no');
    },
  },
  methods: { methods: ['GET', 'POST'], origin: 'https://a.example' },
  'methods as text': { methods: 'GET' },
  headers: { allowedHeaders: ['X-One', 'X-Two'], exposedHeaders: ['X-Three', 'X-Four'] },
  'headers as text': { allowedHeaders: 'X-One', exposedHeaders: 'X-Three' },
  credentials: { credentials: true, origin: true },
  'credentials: false': { credentials: false },
  maxAge: { maxAge: 600 },
  'maxAge: 0': { maxAge: 0 },
  preflightContinue: { preflightContinue: true },
  optionsSuccessStatus: { optionsSuccessStatus: 200 },
  'by request': (incoming, decide) =>
    decide(null, { origin: incoming.headers.origin === 'https://a.example' }),
};

const polling = '/socket.io/?EIO=4&transport=polling';
const preflight = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'x-one,content-type',
};
const requests: Record<
  string,
  [method: string, path: string, headers?: Record<string, string>, body?: string]
> = {
  open: ['GET', polling],
  preflight: ['OPTIONS', polling, preflight],
  'plain preflight': ['OPTIONS', polling],
  'bad request': ['GET', '/socket.io/'],
  'unknown session': ['POST', `${polling}&sid=nobody`, {}, '40'],
  bundle: ['GET', '/socket.io/socket.io.min.js'],
  'preflight of the bundle': ['OPTIONS', '/socket.io/socket.io.min.js', preflight],
  elsewhere: ['GET', '/elsewhere'],
};

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
}

async function ask(
  port: number,
  ...[method, path, headers = {}, body]: (typeof requests)[string]
): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  const relevant = Object.entries(response.headers).filter(
    ([name]) => name.startsWith('access-control-') || name === 'vary',
  );
  return { status: response.statusCode, headers: Object.fromEntries(relevant) };
}

for (const [name, cors] of Object.entries(options)) {
  describe(`cors, ${name}`, () => {
    const fails = /error|throws/.test(name);
    const answersPreflights = !fails && !/none|false$|empty$|function$|request|Continue/.test(name);
    const servers = [createServer(notFound), createServer(notFound)] as const;
    const given = cors === undefined ? {} : { cors };
    const theirs = new ReferenceServer(servers[0], { ...given });
    const ours = new Server(servers[1], given as ConstructorParameters<typeof Server>[1]);

    before(async () => {
      for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
    });
    after(async () => {
      for (const server of servers) server.closeAllConnections();
      await Promise.all([theirs.close(), ours.close()]);
    });

    for (const [what, [method, path, headers, body]] of Object.entries(requests)) {
      // Here socket.io answers OPTIONS with the bundle, or serves it though `origin` has failed, or never answers.
      if (what.includes('bundle') && (what.includes('preflight') ? !answersPreflights : fails)) continue;
      it(what, async () => {
        for (const origin of ['https://a.example', 'https://b.example', 'null', undefined]) {
          const all = origin === undefined ? { ...headers } : { ...headers, origin };
          const [expected, actual] = await Promise.all(
            servers.map((server) => ask((server.address() as AddressInfo).port, method, path, all, body)),
          );
          // Ours says that the bundle's coding depends on the request.
          if (path.endsWith('.js') && actual?.headers['vary'] !== undefined) {
            const { vary, ...rest } = actual.headers as { vary: string };
            const others = vary.split(', ').filter((field) => field !== 'Accept-Encoding');
            actual.headers = others.length === 0 ? rest : { ...rest, vary: others.join(', ') };
          }
          assert.deepEqual(actual, expected, `origin ${origin}`);
        }
      });
    }
  });
}

function notFound(_request: unknown, response: { writeHead(status: number): { end(): unknown } }): void {
  response.writeHead(404).end();
}
