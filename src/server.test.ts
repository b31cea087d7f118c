import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { RawClient } from '../test/raw-client.ts';
import type { Namespace } from './namespaces/namespace.ts';
import type { Socket } from './namespaces/socket.ts';
import { MemoryAdapter } from './rooms/memory-adapter.ts';
import { HistoryAdapter } from './rooms/history-adapter.ts';
import { Server } from './server.ts';

const portOf = (http: HttpServer | undefined): number =>
  (http?.address() as AddressInfo | undefined)?.port ?? 0;

describe('attaching', () => {
  it('to an Express application, or what else cannot be attached to, is a clear TypeError', () => {
    const express = Object.assign(() => {}, { listen() {}, use() {} });
    const koa = Object.assign(new EventEmitter(), { listen() {}, use() {} });
    const fastify = { listen() {}, close() {}, server: {} };
    for (const app of [express, koa, fastify, 'port']) {
      assert.throws(() => new Server(app as unknown as HttpServer), {
        name: 'TypeError',
        message: /pass an http\.Server/,
      });
      assert.throws(() => new Server().attach(app as unknown as HttpServer), TypeError);
    }
  });

  it('may come later, or never; nothing, null and options alone are fine', async () => {
    for (const io of [
      new Server(),
      new Server(null),
      new Server({ path: '/x' }),
      new Server(undefined, {}),
    ]) {
      assert.equal(io.httpServer, undefined);
      await io.close();
    }
    const http = createServer();
    const io = new Server({ path: '/x' });
    assert.equal(io.listen(http), io);
    assert.deepEqual([io.httpServer, io.path()], [http, '/x']);
  });

  it('to a port makes an HTTP server, which closes with it', async () => {
    const io = new Server(0);
    assert.ok(io.httpServer);
    await once(io.httpServer, 'listening');
    const response = await fetch(`http://localhost:${portOf(io.httpServer)}/elsewhere`);
    assert.equal(response.status, 404);
    await io.close();
    assert.equal(io.httpServer.listening, false);
  });

  it('takes a port as a string, as it comes from the environment', async () => {
    const io = new Server().listen('0' as unknown as number);
    assert.ok(io.httpServer);
    await once(io.httpServer, 'listening');
    await io.close();
  });

  it('takes options, behind those of the constructor; not once it is attached', async () => {
    const io = new Server({ pingTimeout: 1_000 });
    io.attach(createServer(), { pingTimeout: 2_000, path: '/later' });
    assert.deepEqual([io.options.pingTimeoutMs, io.path()], [1_000, '/later']);
    assert.throws(() => io.attach(createServer(), {}), { name: 'StateError' });
    await io.close();
  });
});

describe('io', () => {
  it('listens on the main namespace, with all that Node’s emitters have', () => {
    const io = new Server();
    const listener = (): void => {};
    assert.equal(io.on('connection', listener), io);
    io.once('connection', listener).addListener('connection', listener);
    io.prependListener('connect', listener);
    assert.equal(io.sockets.listenerCount('connection'), 3);
    assert.equal(io.listenerCount('connection'), 3);
    assert.deepEqual(io.listeners('connection'), [listener, listener, listener]);
    assert.deepEqual(io.eventNames(), ['connection', 'connect']);
    assert.equal(io.off('connection', listener), io);
    assert.equal(io.sockets.listenerCount('connection'), 2);
    io.removeAllListeners();
    assert.deepEqual(io.sockets.eventNames(), []);
  });

  it('can be waited for with `once` of node:events', async () => {
    const io = new Server();
    const made = once(io, 'new_namespace');
    const namespace = io.of('chat');
    assert.deepEqual(await made, [namespace]);
    assert.equal(io.listenerCount('new_namespace'), 0);
  });

  it('of() finds a namespace with and without slash, and takes a listener', () => {
    const io = new Server();
    const listener = (): void => {};
    assert.equal(io.of('/'), io.sockets);
    assert.equal(io.of(''), io.sockets);
    assert.equal(io.of('/chat', listener), io.of('chat'));
    assert.equal(io.of(7 as unknown as string), io.of('/7'));
    assert.deepEqual(io.of('chat').listeners('connect'), [listener]);
  });

  it('of() makes a namespace that a pattern matches a child of it, with its door and listeners', () => {
    const io = new Server();
    const announced: string[] = [];
    io.on('new_namespace', ({ name }) => announced.push(name));
    const parent = io.of(/^\/room-\d+$/);
    const listener = (): void => {};
    parent.on('connection', listener);
    const child = io.of('/room-1');
    assert.deepEqual(child.listeners('connection'), [listener]);
    assert.equal(io.of('room-1'), child);
    assert.deepEqual([...io._nsps.keys()], ['/', '/room-1']);
    assert.deepEqual(announced, ['/room-1']);
    assert.throws(() => parent.fetchSockets(), /not supported on parent namespaces/);
    assert.throws(() => io.of(/^\/x/g), { message: 'stateful regular expressions are not supported' });
  });

  it('reads and changes what may be changed before it is attached', () => {
    const io = new Server();
    assert.deepEqual([io.path(), io.serveClient(), io.connectTimeout()], ['/socket.io', true, 45_000]);
    assert.equal(io.path('/live/').serveClient(false).connectTimeout(10), io);
    assert.deepEqual([io.path(), io.serveClient(), io.connectTimeout()], ['/live', false, 10]);
    assert.equal(io.adapter(), MemoryAdapter);
  });

  it('serves the path that was chosen before it was attached', async () => {
    const io = new Server().path('/live').attach(0);
    await once(io.httpServer as HttpServer, 'listening');
    const statuses = ['/live/', '/socket.io/'].map(
      async (path) => (await fetch(`http://localhost:${portOf(io.httpServer)}${path}`)).status,
    );
    assert.deepEqual(await Promise.all(statuses), [400, 404]);
    await io.close();
  });

  it('keeps the options of `attach` when one is changed later', () => {
    const io = new Server().attach(0, { pingInterval: 1_234 }).connectTimeout(10);
    assert.deepEqual([io.options.pingIntervalMs, io.options.connectTimeoutMs], [1_234, 10]);
    return io.close();
  });

  it('gives an adapter that can be extended, with recovery too', () => {
    const io = new Server({ connectionStateRecovery: true });
    const Given = io.adapter() as unknown as new (namespace: Namespace) => HistoryAdapter;
    assert.ok(new (class extends Given {})(io.of('/')) instanceof HistoryAdapter);
    assert.ok(io.of('/').adapter instanceof Given);
  });
});

describe('close', () => {
  it('tells its callback that the HTTP server was not listening, and resolves', async () => {
    const io = new Server(createServer());
    const errors: unknown[] = [];
    await io.close((error) => errors.push(error?.code));
    await io.close((error) => errors.push(error?.code));
    assert.deepEqual(errors, ['ERR_SERVER_NOT_RUNNING', 'ERR_SERVER_NOT_RUNNING']);
  });

  it('calls back without an error when there is no HTTP server, or it has closed', async () => {
    const calls: unknown[] = [];
    await new Server().close((error) => calls.push(error));
    const io = new Server(0);
    await io.close((error) => calls.push(error));
    assert.deepEqual(calls, [undefined, undefined]);
  });

  it('tells the sockets why, once, and twice is harmless', async () => {
    const io = new Server(0);
    await once(io.httpServer as HttpServer, 'listening');
    const connected = once(io, 'connection') as Promise<[Socket]>;
    await RawClient.enter(portOf(io.httpServer));
    const [socket] = await connected;
    const reasons: unknown[] = [];
    socket.on('disconnecting', (reason) => {
      reasons.push(reason);
      void io.close();
    });
    socket.on('disconnect', (reason) => reasons.push(reason));
    await io.close();
    assert.deepEqual(reasons, ['server shutting down', 'server shutting down']);
    assert.equal(io.engine.clientsCount, 0);
  });
});
