/**
 * `websockets.io/engine` beside `engine.io` from npm: the same requests, the same official client, the same answers,
 * headers and events.
 */
import type { AddressInfo } from 'node:net';
import { describe } from 'node:test';
import { Socket as ClientSocket } from 'engine.io-client';
import type * as ours from 'websockets.io/engine';
import { ask, libraries, noteErrors, openSession, POLLING, same, told, WEBSOCKET } from './engine-pair.ts';

describe('the engine beside engine.io', () => {
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']] as const) {
    same(
      `a client by ${transports.join(', then ')}`,
      { initialPacket: 'welcome' },
      async ({ engine, port, notes }) => {
        engine.on('connection', (socket: ours.Socket) => {
          const isUpgrading = transports.length === 2;
          notes.note('server', 'connection', socket.readyState, socket.protocol, socket.upgraded);
          notes.note('server', 'counts', engine.clientsCount, Object.keys(engine.clients).length);
          notes.note(
            'server',
            'same',
            engine.clients[socket.id] === socket,
            (socket.server as unknown) === engine,
          );
          for (const event of ['data', 'message']) {
            socket.on(event, (data: unknown) => notes.note('server', event, data));
          }
          for (const event of ['upgrading', 'upgrade']) {
            socket.on(event, (transport: ours.Transport) => notes.note('server', event, transport.name));
          }
          socket.on('close', (reason: string) => {
            notes.note('server', 'close', reason, socket.readyState, engine.clientsCount);
          });
          const greet = (): void => {
            socket.on('packetCreate', ({ type, data }: ours.Packet & { data?: unknown }) =>
              notes.note('server', 'packetCreate', type, data),
            );
            socket.send('text', { compress: false }, () => notes.note('callbacks', 'one'));
            socket.write(Buffer.from([1, 2, 3]), () => notes.note('callbacks', 'two'));
            socket.send(Buffer.from([4, 5]));
          };
          if (isUpgrading) socket.once('upgrade', greet);
          else greet();
        });
        const client = new ClientSocket(`ws://127.0.0.1:${port}`, { transports: [...transports] });
        client.on('message', (data) => notes.note('client', 'message', data));
        client.on('close', (reason) => notes.note('client', 'close', reason));
        await notes.until('client', 'message', 4);
        client.send('from the client');
        client.send(Buffer.from([7, 8]));
        await notes.until('server', 'message', 2);
        await notes.until('callbacks', 'two');
        client.close();
        await notes.until('server', 'close');
        await notes.until('client', 'close');
      },
    );
  }

  same('close() by the server', {}, async ({ engine, port, notes }) => {
    engine.on('connection', (socket: ours.Socket) => {
      socket.on('close', (reason: string) => notes.note('server', 'close', reason));
      socket.send('last');
      socket.close();
      notes.note('server', 'readyState', socket.readyState);
      socket.send('too late', () => notes.note('server', 'never'));
    });
    const client = new ClientSocket(`ws://127.0.0.1:${port}`, { transports: ['websocket'] });
    client.on('message', (data) => notes.note('client', 'message', data));
    client.on('close', (reason) => notes.note('client', 'close', reason));
    await notes.until('server', 'close');
    await notes.until('client', 'close');
  });

  same('requests that are refused', {}, async (stage) => {
    noteErrors(stage);
    const { notes } = stage;
    const sid = await openSession(stage);
    for (const [what, ...asked] of [
      ['no transport', '/engine.io/'],
      ['transport of the prototype', '/engine.io/?EIO=4&transport=__proto__'],
      ['session of the prototype', `${POLLING}&sid=__proto__`],
      ['session of the prototype', `${POLLING}&sid=constructor`],
      ['handshake by POST', POLLING, {}, 'POST', '4'],
      ['last of several', `${POLLING}&sid=${sid}&sid=nobody`],
      ['other revision', `/engine.io/?EIO=3&transport=polling`],
      ['upgrade of nobody', '/engine.io/?EIO=4&transport=websocket&sid=x', WEBSOCKET],
    ] as [string, string, Record<string, string>?, string?, string?][]) {
      const { status, body, headers } = await ask(stage, ...asked);
      notes.note('answers', what, status, body, status === 101 || headers['content-type']?.includes('json'));
    }
  });

  same(
    'allowRequest and _query',
    {
      allowRequest: (incoming, decide) => {
        const { _query } = incoming as ours.EngineRequest;
        decide(`you said ${_query?.['word']}`, _query?.['word'] === 'please');
      },
    },
    async (stage) => {
      noteErrors(stage);
      for (const query of ['&word=no', '&word=no&word=please', '&__proto__=x']) {
        const { status, body } = await ask(stage, POLLING + query);
        stage.notes.note('answers', query, status, status === 200 || body);
      }
    },
  );

  for (const [name, cookie] of Object.entries({
    true: true,
    name: { name: 'sid' },
    all: {
      name: 'a',
      path: '/x',
      domain: 'example.com',
      maxAge: 60.5,
      expires: new Date(0),
      secure: true,
      httpOnly: false,
      sameSite: 'none',
      partitioned: true,
      priority: 'high',
    },
    'same site': { name: 'b', sameSite: true, path: '' },
  } as Record<string, NonNullable<ours.ServerOptions['cookie']>>)) {
    same(`cookie: ${name}`, { cookie }, async (stage) => {
      stage.engine.generateId = () => 'id/1';
      const opened = await ask(stage, POLLING);
      stage.notes.note('client', 'told', opened.headers['set-cookie']);
      const later = await ask(stage, `${POLLING}&sid=id/1`, {}, 'POST', '4a');
      stage.notes.note('client', 'told later', later.headers['set-cookie']);
      stage.engine.generateId = () => 'id/2';
      const upgrade = await ask(stage, '/engine.io/?EIO=4&transport=websocket', WEBSOCKET);
      stage.notes.note('client', 'told by WebSocket', upgrade.status, upgrade.headers['set-cookie']);
    });
  }

  same('initial_headers and headers', { cookie: true }, async (stage) => {
    const { engine, notes } = stage;
    engine.generateId = () => 'id';
    engine.on('initial_headers', (headers: Record<string, unknown>, incoming: ours.EngineRequest) => {
      notes.note('server', 'initial_headers', Object.keys(headers).sort(), incoming._query?.['transport']);
      headers['x-first'] = 'yes';
    });
    engine.on('headers', (headers: Record<string, unknown>, incoming: ours.EngineRequest) => {
      notes.note('server', 'headers', incoming.method, headers['x-first']);
      headers['x-all'] = 1;
    });
    notes.note('client', 'open', told(await ask(stage, POLLING)));
    notes.note('client', 'post', told(await ask(stage, `${POLLING}&sid=id`, {}, 'POST', '4a')));
    engine.clients['id']?.send('x');
    notes.note('client', 'poll', told(await ask(stage, `${POLLING}&sid=id`)));
    notes.note(
      'client',
      'upgrade',
      told(await ask(stage, '/engine.io/?EIO=4&transport=websocket&sid=id', WEBSOCKET)),
    );
    engine.generateId = () => 'id2';
    notes.note('client', '101', told(await ask(stage, '/engine.io/?EIO=4&transport=websocket', WEBSOCKET)));
  });

  for (const httpCompression of [undefined, false, { threshold: 10 }] as const) {
    same(
      `httpCompression: ${JSON.stringify(httpCompression)}`,
      httpCompression === undefined ? {} : { httpCompression },
      async (stage) => {
        const sid = await openSession(stage);
        const socket = stage.engine.clients[sid];
        for (const accepted of [
          '',
          'gzip',
          'deflate',
          'gzip;q=0, deflate',
          'gzip;q=0.5, deflate',
          '*',
          'br',
          '*;q=0, gzip',
        ]) {
          for (const [size, compress] of [
            [2_000, true],
            [2_000, false],
            [20, true],
          ] as const) {
            socket?.send('é'.repeat(size), { compress });
            const headers: Record<string, string> = accepted === '' ? {} : { 'accept-encoding': accepted };
            const answer = await ask(stage, `${POLLING}&sid=${sid}`, headers);
            stage.notes.note(
              'client',
              accepted,
              size,
              compress,
              answer.headers['content-encoding'],
              answer.status,
            );
          }
        }
      },
    );
  }

  same('ids of the user', {}, async (stage) => {
    noteErrors(stage);
    const { engine, notes } = stage;
    let count = 0;
    const ways: Record<string, () => string | Promise<string>> = {
      'at once': () => `one-${(count += 1)}`,
      later: async () => `two-${(count += 1)}`,
      rejected: () => Promise.reject(new Error('no id')),
      thrown: () => {
        throw new Error('no id at all');
      },
    };
    for (const [what, generateId] of Object.entries(ways)) {
      engine.generateId = generateId;
      const { status, body } = await ask(stage, POLLING);
      notes.note(
        'client',
        what,
        status,
        status === 200 ? (JSON.parse(body.slice(1)) as { sid: string }).sid : body,
      );
    }
    notes.note('engine', 'clients', Object.keys(engine.clients));
  });

  same('addTrailingSlash: false', { addTrailingSlash: false, path: '/live' }, async (stage) => {
    for (const path of [
      '/live?EIO=4&transport=polling',
      '/live/?EIO=4&transport=polling',
      '/live',
      '/liv',
      '/',
    ]) {
      const { status, body } = await ask(stage, path);
      stage.notes.note('client', path, status, body === 'application');
    }
  });

  same('listen() and upgrades()', {}, async ({ notes }) => {
    for (const library of Object.values(libraries)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const engine = library.listen(0, resolve);
      await promise;
      const { port } = (engine.httpServer?.address() ?? {}) as AddressInfo;
      const { status, body } = await ask({ engine, port, notes }, '/other');
      notes.note('answers', 'other', status, body, library.protocol);
      notes.note('engine', 'upgrades', engine.upgrades('polling')[0], engine.upgrades('websocket'));
      engine.httpServer?.close();
    }
  });
});
