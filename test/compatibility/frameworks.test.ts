/** The server beside Express, Fastify, Koa and bare HTTP and HTTPS; Socket.IO's msgpack parser and its admin interface. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { createServer, get, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { instrument } from '@socket.io/admin-ui';
import express from 'express';
import fastify from 'fastify';
import { Server, type Parser, type Socket } from 'websockets.io';
import { selfSigned } from '../certificate.ts';
import { enter, heard, openStage } from './stage.ts';

const require = createRequire(import.meta.url);
const msgpack = require('socket.io-msgpack-parser') as Parser;
// It comes without types.
const { default: Koa } = require('koa') as {
  default: new () => {
    use(middleware: (context: { body: string }) => void): void;
    callback(): RequestListener;
  };
};

async function read(url: string): Promise<string> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [AsyncIterable<Buffer>];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  return body;
}

/** The page answers, the client's bundle is served, and a client on each transport is echoed. */
async function check(t: TestContext, url: string): Promise<void> {
  assert.equal(await read(`${url}/`), 'page');
  assert.match(await read(`${url}/socket.io/socket.io.js`), /Socket\.IO v4/);
  for (const transport of ['polling', 'websocket'] as const) {
    const client = await enter(t, url, { transports: [transport] });
    assert.equal(await client.emitWithAck('echo', transport), transport);
  }
}

function echo(io: Server): void {
  io.on('connection', (socket) => {
    socket.on('echo', (what: unknown, answer: (what: unknown) => void) => answer(what));
  });
}

function urlOf(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('beside a framework', () => {
  it('Express 5', async (t) => {
    const app = express();
    app.get('/', (_request, response) => void response.send('page'));
    const http = createServer(app).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const io = new Server(http);
    t.after(() => io.close());
    echo(io);
    await check(t, urlOf(http));
  });

  it('Fastify 5', async (t) => {
    const app = fastify();
    app.get('/', () => 'page');
    const io = new Server(app.server);
    echo(io);
    await app.listen({ port: 0, host: '127.0.0.1' });
    t.after(() => io.close());
    await check(t, urlOf(app.server));
  });

  it('Koa 3', async (t) => {
    const app = new Koa();
    app.use((context) => {
      context.body = 'page';
    });
    const http = createServer(app.callback()).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const io = new Server(http);
    t.after(() => io.close());
    echo(io);
    await check(t, urlOf(http));
  });
});

describe('on an HTTPS server', () => {
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    it(`a client by ${transports.join(', then ')}`, async (t) => {
      const certificate = selfSigned();
      if (certificate === undefined) {
        t.skip('there is no openssl');
        return;
      }
      const https = createHttpsServer(certificate).listen(0, '127.0.0.1');
      await once(https, 'listening');
      const io = new Server(https);
      t.after(() => io.close());
      echo(io);
      const connected = heard(io, 'connection');
      const url = urlOf(https).replace('http:', 'https:');
      const client = await enter(t, url, { transports, rejectUnauthorized: false });
      assert.equal(await client.emitWithAck('echo', 'é'), 'é');
      const [socket] = (await connected) as [Socket];
      assert.equal(socket.handshake.secure, true);
    });
  }
});

describe('a parser of Socket.IO', () => {
  it('msgpack, on both sides: events, binary, acks, broadcasts, malformed packets', async (t) => {
    const { io, enter: join } = await openStage(t, { parser: msgpack });
    echo(io);
    const arrived = heard(io, 'connection');
    const client = await join('/', { parser: msgpack });
    const what = { bytes: Buffer.from([0, 255]), deep: [1.5, null, 'é'] };
    assert.deepEqual(await client.emitWithAck('echo', what), what);
    const news = heard(client, 'news');
    io.emit('news', Buffer.from('x'));
    assert.deepEqual(await news, [Buffer.from('x')]);
    const [socket] = (await arrived) as [Socket];
    const closed = heard(socket, 'disconnect');
    client.io.engine.write(Buffer.from([0xc1]));
    assert.equal((await closed)[0], 'forced close');
  });
});

describe('@socket.io/admin-ui', () => {
  it('sees sockets, rooms and events, and can act on them', async (t) => {
    const { io, enter: join } = await openStage(t);
    instrument(io as never, { auth: false, mode: 'development' });
    io.on('connection', (socket) => {
      socket.on('join', (room: string, done: () => void) => {
        void socket.join(room);
        done();
      });
    });
    const admin = await join('/admin');
    const connected = heard(admin, 'socket_connected');
    const client = await join();
    const [details] = (await connected) as [{ id: string; nsp: string; rooms: string[] }];
    assert.deepEqual([details.id, details.nsp], [client.id, '/']);
    const joined = heard(admin, 'room_joined');
    await client.emitWithAck('join', 'lobby');
    assert.deepEqual((await joined).slice(0, 3), ['/', 'lobby', client.id]);
    const told = heard(client, 'hello');
    admin.emit('emit', '/', 'lobby', 'hello', 1);
    assert.deepEqual(await told, [1]);
    const gone = heard(client, 'disconnect');
    admin.emit('_disconnect', '/', true, client.id);
    assert.deepEqual((await gone)[0], 'io server disconnect');
  });
});
