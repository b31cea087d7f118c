/** What plain HTTP requests are answered: the client's bundle, refusals, the application's own pages. */
import { createHash } from 'node:crypto';
import type { Notebook } from '../notebook.ts';
import type { Scenario, ServerUnderTest, Stage } from '../scenario.ts';

const ENDPOINT = '/socket.io/?EIO=4&transport=polling';

interface Answer {
  status: number;
  body: string;
  headers: Headers;
}

async function request(url: string, options: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, options);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Notes status, type and body of an answer, which must be the same on both servers to the letter. */
async function noteAnswer(notes: Notebook, what: string, url: string, options?: RequestInit): Promise<void> {
  const { status, body, headers } = await request(url, options);
  notes.note('answers', what, status, headers.get('content-type'), body);
}

/** Opens a polling session by hand and returns the address of its requests. */
async function openSession({ url }: Stage): Promise<string> {
  const { body } = await request(url + ENDPOINT);
  const { sid } = JSON.parse(body.slice(1)) as { sid: string };
  return `${url}${ENDPOINT}&sid=${sid}`;
}

function noteConnectionErrors(io: ServerUnderTest, { notes }: Stage): void {
  io.engine.on(
    'connection_error',
    (error: { code: number; message: string; context: object; req: object }) => {
      notes.note('engine', 'connection_error', error.code, error.message, Object.keys(error.context).sort());
    },
  );
}

const once: Pick<Scenario, 'modes'> = { modes: ['polling'] };

export const httpScenarios: readonly Scenario[] = [
  {
    ...once,
    name: 'the client bundles are served',
    server() {},
    async client(_connect, { notes, url }) {
      const files = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js'];
      for (const file of [...files, ...files.map((name) => `${name}.map`)]) {
        const { status, body, headers } = await request(`${url}/socket.io/${file}`);
        const digest = createHash('sha256').update(body).digest('hex');
        notes.note(
          'browser',
          file,
          status,
          headers.get('content-type'),
          headers.get('cache-control'),
          digest,
        );
        notes.note('browser', 'says its version', body.includes('Socket.IO v4.8'));
      }
      const etag = (await request(`${url}/socket.io/socket.io.js`)).headers.get('etag');
      notes.note('browser', 'etag', /^(W\/)?".+"$/.test(etag ?? ''));
      for (const condition of [etag ?? '', `W/${etag}`, '"other"']) {
        const { status, body } = await request(`${url}/socket.io/socket.io.js`, {
          headers: { 'if-none-match': condition },
        });
        notes.note('browser', 'if-none-match', status, body.length > 0);
      }
      const query = await request(`${url}/socket.io/socket.io.js?v=1`);
      notes.note('browser', 'with a query', query.status, query.body.length > 0);
      const packed = await request(`${url}/socket.io/socket.io.js`, {
        headers: { 'accept-encoding': 'gzip' },
      });
      notes.note('browser', 'gzip', packed.headers.get('content-encoding'), packed.body.length > 0);
      const plain = await request(`${url}/socket.io/socket.io.js`, {
        headers: { 'accept-encoding': 'identity' },
      });
      notes.note('browser', 'identity', plain.headers.get('content-encoding'), plain.body.length > 0);
      await noteAnswer(notes, 'no such file', `${url}/socket.io/other.js`);
    },
  },
  {
    ...once,
    name: 'serveClient: false serves none',
    options: { serveClient: false },
    server() {},
    async client(_connect, { notes, url }) {
      await noteAnswer(notes, 'bundle', `${url}/socket.io/socket.io.js`);
    },
  },
  {
    ...once,
    name: 'everything else goes to the application',
    page(incoming, response) {
      response.writeHead(incoming.url === '/' ? 200 : 404, {
        'content-type': 'text/plain',
        'x-by': 'application',
      });
      response.end(`${incoming.method} ${incoming.url}`);
    },
    server() {},
    async client(_connect, { notes, url }) {
      for (const path of ['/', '/other?a=b', '/socket.iox', '/socket.io', '/other/socket.io/socket.io.js']) {
        await noteAnswer(notes, path, url + path);
      }
      await noteAnswer(notes, 'POST', `${url}/`, { method: 'POST', body: 'x' });
      const { status, headers } = await request(`${url}/socket.io/socket.io.js`);
      notes.note('answers', 'bundle', status, headers.get('x-by'));
    },
  },
  {
    ...once,
    name: 'bad handshakes are answered with a code and a message',
    server: noteConnectionErrors,
    async client(_connect, { notes, url }) {
      const bad: Record<string, string> = {
        'no query': '/socket.io/',
        'unknown transport': '/socket.io/?EIO=4&transport=carrier-pigeon',
        'transport of the prototype': '/socket.io/?EIO=4&transport=constructor',
        'unknown sid': `${ENDPOINT}&sid=nobody`,
        'sid of the prototype': `${ENDPOINT}&sid=__proto__`,
        'websocket without upgrade': '/socket.io/?EIO=4&transport=websocket',
        'old protocol': '/socket.io/?EIO=3&transport=polling',
        'no protocol': '/socket.io/?transport=polling',
      };
      for (const [what, path] of Object.entries(bad)) await noteAnswer(notes, what, url + path);
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        await noteAnswer(notes, `handshake by ${method}`, url + ENDPOINT, { method });
      }
    },
  },
  {
    ...once,
    name: 'allowRequest: a refusal by HTTP',
    options: { allowRequest: (_incoming, decide) => decide('not today', false) },
    server: noteConnectionErrors,
    async client(_connect, { notes, url }) {
      await noteAnswer(notes, 'refused', url + ENDPOINT);
    },
  },
  {
    ...once,
    name: 'a polling session by hand: open, connect, say, hear, close',
    options: { pingInterval: 20_000, pingTimeout: 15_000, maxHttpBufferSize: 12_345 },
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('echo', (...details: unknown[]) => socket.emit('echo', ...details));
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(_connect, { notes, url }) {
      const opened = await request(url + ENDPOINT);
      const { sid, ...offer } = JSON.parse(opened.body.slice(1)) as { sid: string };
      const { status, headers, body } = opened;
      notes.note(
        'hand',
        'open',
        status,
        headers.get('content-type'),
        headers.get('cache-control'),
        body[0],
        offer,
      );
      notes.note('hand', 'sid', sid.length, /^[\w-]+$/.test(sid));
      const session = `${url}${ENDPOINT}&sid=${sid}`;
      await noteAnswer(notes, 'say', session, { method: 'POST', body: '40' });
      const joined = await request(session);
      notes.note('hand', 'joined', joined.body.replace(/"sid":"[^"]+"/, '"sid":"…"'));
      await noteAnswer(notes, 'two at once', session, {
        method: 'POST',
        body: '42["echo",1]\u001e42["echo","é\u2028"]',
      });
      await noteAnswer(notes, 'hear', session);
      await noteAnswer(notes, 'binary', session, {
        method: 'POST',
        body: '451-["echo",{"_placeholder":true,"num":0}]\u001ebAQID',
      });
      await noteAnswer(notes, 'hear binary', session);
      await noteAnswer(notes, 'close', session, { method: 'POST', body: '1' });
      await notes.until('server', 'disconnect');
      await noteAnswer(notes, 'gone', session);
    },
  },
  {
    ...once,
    name: 'a session refuses what does not belong to polling',
    options: { maxHttpBufferSize: 1_000 },
    server(io, { notes }) {
      io.engine.on('connection', (conn: { on: (event: string, heard: (reason: string) => void) => void }) => {
        conn.on('close', (reason) => notes.note('engine', 'close', reason));
      });
      io.httpServer.on('request', ({ method, url }: { method: string; url: string }) => {
        if (url.includes('&sid=')) notes.note('http', method);
      });
    },
    async client(_connect, stage) {
      const { notes } = stage;
      const fatal: [string, RequestInit][] = [
        ['octet-stream', { body: '40', headers: { 'content-type': 'application/octet-stream' } }],
        ['unknown engine packet', { body: 'x' }],
        ['nothing', { body: '' }],
      ];
      for (const [index, [what, post]] of fatal.entries()) {
        const session = await openSession(stage);
        // With a poll waiting, as real clients have. (Without one, socket.io waits 30 s for it before it lets go.)
        const poll = request(session);
        await notes.until('http', 'GET', 2 * index + 1);
        // What the fatal request itself is told varies: socket.io says 200 "ok" to a body it could not read.
        await request(session, { method: 'POST', ...post });
        await notes.until('engine', 'close', index + 1);
        notes.note('waiting poll', what, (await poll).status);
        await noteAnswer(notes, `after ${what}`, session);
      }
      // 500 by socket.io, which blames itself for it.
      const put = await request(await openSession(stage), { method: 'PUT', body: '40' });
      notes.note('answers', 'PUT', put.status >= 400);
      await noteAnswer(notes, 'too large', await openSession(stage), {
        method: 'POST',
        body: '4'.repeat(1_001),
      });
      const other = (await openSession(stage)).replace('transport=polling', 'transport=websocket');
      await noteAnswer(notes, 'other transport', other);
    },
  },
  {
    ...once,
    name: 'two polls at once end the session',
    server(io, { notes }) {
      io.on('connection', (socket) => {
        socket.on('disconnect', (reason) => notes.note('server', 'disconnect', reason));
      });
    },
    async client(_connect, stage) {
      const { notes } = stage;
      const session = await openSession(stage);
      await request(session, { method: 'POST', body: '40' });
      await request(session);
      const answers = await Promise.all([request(session), request(session)]);
      // Which of the two came first is for the network to say.
      notes.note(
        'hand',
        'statuses',
        answers.map(({ status }) => status).sort((one, other) => one - other),
      );
      await notes.until('server', 'disconnect');
      await noteAnswer(notes, 'gone', session);
    },
  },
];
