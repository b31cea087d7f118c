/** The bare WebSocket server as its user sees it: Node's own WebSocket client, and a raw one where that is too polite. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import {
  ReadyState,
  type ServerWebSocket,
  WebSocketServer,
  type WebSocketServerOptions,
} from 'websockets.io/websocket';
import { RawClient } from './raw-client.ts';

interface Running {
  server: WebSocketServer;
  http: HttpServer;
  port: number;
}

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function listen(http: HttpServer): Promise<number> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
}

async function start(options: WebSocketServerOptions = {}): Promise<Running> {
  const http = createServer((_request, response) => response.end('page'));
  const server = new WebSocketServer({ server: http, ...options });
  const port = await listen(http);
  cleanUps.push(async () => {
    for (const socket of server.clients) socket.terminate();
    await server.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return { server, http, port };
}

/** A connected pair: the browser's kind of client, and the server's socket. */
async function pair(
  running: Running,
  protocols: string[] = [],
): Promise<{ client: WebSocket; socket: ServerWebSocket }> {
  const connected = once(running.server, 'connection') as Promise<[ServerWebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${running.port}/`, protocols);
  client.binaryType = 'arraybuffer';
  const [[socket]] = await Promise.all([connected, once(client, 'open')]);
  return { client, socket };
}

async function message(client: WebSocket): Promise<unknown> {
  const [event] = (await once(client, 'message')) as [{ data: unknown }];
  return event.data;
}

async function closed(client: WebSocket): Promise<[number, string]> {
  const [event] = (await once(client, 'close')) as [CloseEvent];
  return [event.code, event.reason];
}

describe('WebSocketServer: messages', () => {
  it('text is a string, binary a Buffer, both ways', async () => {
    const { client, socket } = await pair(await start());
    client.send('héllo');
    assert.deepEqual(await once(socket, 'message'), ['héllo']);
    client.send(new Uint8Array([1, 2, 3]));
    assert.deepEqual(await once(socket, 'message'), [Buffer.from([1, 2, 3])]);
    socket.send('wörld');
    assert.equal(await message(client), 'wörld');
    socket.send(new Uint8Array([4, 5]).buffer);
    assert.deepEqual(await message(client), new Uint8Array([4, 5]).buffer);
  });

  it('keeps the order of compressed, prepared and plain messages and pings', async () => {
    const running = await start({ perMessageDeflate: { threshold: 100, serverNoContextTakeover: false } });
    const { client, socket } = await pair(running);
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      client.addEventListener('message', ({ data }) => heard.push(data) === 60 && resolve());
    });
    const long = 'x'.repeat(500);
    for (let number = 0; number < 20; number += 1) {
      socket.send(`plain ${number}`);
      socket.send(`${long} ${number}`);
      running.server.publish(`${long} to all ${number}`);
      socket.ping();
    }
    await all;
    const expected = Array.from({ length: 20 }, (_, n) => [
      `plain ${n}`,
      `${long} ${n}`,
      `${long} to all ${n}`,
    ]);
    assert.deepEqual(heard, expected.flat());
  });

  it('publish frames a message once for all', async () => {
    const running = await start();
    const pairs = [await pair(running), await pair(running), await pair(running)];
    const prepared = running.server.prepare('to all');
    assert.equal(prepared.framesFor(undefined), prepared.framesFor(undefined));
    const heard = Promise.all(pairs.map(({ client }) => message(client)));
    running.server.publish('to all');
    assert.deepEqual(await heard, ['to all', 'to all', 'to all']);
  });

  it('publishes compressed frames to those who can read them, once per window', async () => {
    const running = await start({ perMessageDeflate: { threshold: 10 } });
    const { client } = await pair(running);
    const raw = await RawClient.open(running.port, '/'); // offers no compression
    const text = 'again and '.repeat(100);
    const heard = message(client);
    running.server.publish(text);
    assert.equal(await heard, text);
    assert.equal(await raw.hear(() => true), text);
    const prepared = running.server.prepare(text);
    assert.equal(prepared.framesFor(15), prepared.framesFor(15));
    assert.ok(prepared.framesFor(15).frames.length < prepared.framesFor(undefined).frames.length / 5);
    raw.tcp.destroy();
  });

  it('tells when a message has left, and when it never will', async () => {
    const { client, socket } = await pair(await start());
    const left = new Promise<Error | undefined>((resolve) => socket.send('a', resolve));
    assert.equal(await left, undefined);
    socket.close();
    assert.equal(socket.readyState, ReadyState.closing);
    const refused = await new Promise<Error | undefined>((resolve) => socket.send('b', resolve));
    assert.match(String(refused), /StateError: Cannot send: the connection is "closing"/);
    await closed(client);
  });

  it('a callback or listener that throws is an uncaught exception, and stops nobody else', async () => {
    const running = await start();
    const { client, socket } = await pair(running);
    const uncaught: string[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error.message));
    try {
      socket.on('message', (data) => {
        socket.send(data);
        throw new Error(`no ${String(data)}`);
      });
      socket.send('hello', () => {
        throw new Error('in the callback');
      });
      const heard: unknown[] = [];
      const all = new Promise<void>((resolve) => {
        client.addEventListener('message', ({ data }) => heard.push(data) === 3 && resolve());
      });
      client.send('1');
      client.send('2');
      await all;
      assert.deepEqual(heard, ['hello', '1', '2']);
      assert.deepEqual(
        uncaught.sort((a, b) => (a < b ? -1 : 1)),
        ['in the callback', 'no 1', 'no 2'],
      );
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});

describe('WebSocketServer: for await', () => {
  it('gives the messages in order and ends with the connection', async () => {
    const { client, socket } = await pair(await start());
    for (let number = 0; number < 50; number += 1) client.send(String(number));
    const heard: unknown[] = [];
    for await (const data of socket) {
      heard.push(data);
      if (heard.length === 50) client.close();
    }
    assert.deepEqual(
      heard,
      Array.from({ length: 50 }, (_, number) => String(number)),
    );
  });

  it('does not read on while the loop is busy', async () => {
    const { client, socket } = await pair(await start());
    const iterator = socket[Symbol.asyncIterator]();
    const megabyte = new Uint8Array(1024 * 1024 - 100);
    for (let number = 0; number < 40; number += 1) client.send(megabyte);
    await iterator.next();
    // Whatever fits into the kernel's buffers has gone; the rest waits at the sender, not in our memory.
    assert.ok(client.bufferedAmount > 0, 'nothing waits at the sender');
    for (let number = 1; number < 40; number += 1) await iterator.next();
    await iterator.return?.();
  });
});

describe('WebSocketServer: pause', () => {
  it('stops in the middle of a chunk, and goes on there', async () => {
    const running = await start();
    const connected = once(running.server, 'connection') as Promise<[ServerWebSocket]>;
    const raw = await RawClient.open(running.port, '/');
    const [socket] = await connected;
    const heard: unknown[] = [];
    socket.on('message', (data) => {
      heard.push(data);
      socket.pause();
    });
    const frames = ['1', '2', '3'].map((text) => raw.websocket.text(text));
    const first = once(socket, 'message');
    raw.tcp.write(Buffer.concat(frames));
    await first;
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(heard, ['1']);
    const second = once(socket, 'message');
    socket.resume();
    await second;
    assert.deepEqual(heard, ['1', '2']);
    raw.tcp.destroy();
  });
});

describe('WebSocketServer: closing', () => {
  it('carries code and reason both ways', async () => {
    const running = await start();
    const first = await pair(running);
    const heard = once(first.socket, 'close');
    first.client.close(4001, 'enough');
    assert.deepEqual(await heard, [4001, 'enough']);
    assert.equal(first.socket.readyState, ReadyState.closed);
    const second = await pair(running);
    second.socket.close(4002, 'go');
    second.socket.close(4003, 'harmless');
    assert.deepEqual(await closed(second.client), [4002, 'go']);
  });

  it('sends what waits before the close frame', async () => {
    const { client, socket } = await pair(await start());
    const heard: unknown[] = [];
    client.addEventListener('message', ({ data }) => heard.push(data));
    for (let number = 0; number < 100; number += 1) socket.send(`${number} ${'x'.repeat(10_000)}`);
    socket.close(1000);
    await closed(client);
    assert.equal(heard.length, 100);
  });

  it('refuses codes and reasons that may not be sent', async () => {
    const { socket } = await pair(await start());
    assert.throws(() => socket.close(1006), RangeError);
    assert.throws(() => socket.close(1000, 'x'.repeat(124)), RangeError);
    assert.equal(socket.readyState, ReadyState.open);
  });

  it('terminate is 1006 for both', async () => {
    const { client, socket } = await pair(await start());
    const both = Promise.all([closed(client), once(socket, 'close')]);
    socket.terminate();
    const [[code], [reason]] = await both;
    assert.deepEqual([code, reason], [1006, 1006]);
  });

  it('a client that breaks the protocol is closed with the code, and told why', async () => {
    const running = await start();
    const connected = once(running.server, 'connection') as Promise<[ServerWebSocket]>;
    const raw = await RawClient.open(running.port, '/');
    const [socket] = await connected;
    const heard = once(socket, 'close') as Promise<[number, string]>;
    raw.tcp.write(Buffer.from([0x81, 0x01, 0x61])); // not masked
    const closing = await raw.until((event) => event.type === 'closing');
    assert.equal(closing.type === 'closing' && closing.code, 1002);
    const [code, reason] = await heard;
    assert.equal(code, 1002);
    assert.match(reason, /§5\.1/);
    assert.equal(running.server.refusals.get('close 1002'), 1);
  });

  it('server.close() says 1001, refuses newcomers, and ends in bounded time with a peer that is silent', async () => {
    const clock = new ManualClock();
    const running = await start({ clock });
    const { client } = await pair(running);
    const silent = await RawClient.open(running.port, '/');
    silent.tcp.removeAllListeners('data').pause();
    const gone = closed(client);
    const done = running.server.close();
    assert.deepEqual(await gone, [1001, '']);
    await assert.rejects(RawClient.open(running.port, '/'), /503/);
    clock.advance(3_010);
    await done;
    silent.tcp.destroy();
  });
});

describe('WebSocketServer: limits', () => {
  it('limit: maxMessageBytes, also after inflating', async () => {
    const running = await start({ maxMessageBytes: 1_000, perMessageDeflate: true });
    const { client } = await pair(running);
    client.send('x'.repeat(100_000)); // compressed it is about a hundred bytes
    assert.equal((await closed(client))[0], 1009);
  });

  it('limit: maxOutboxBytes cuts off who does not read, and nobody else', async () => {
    const maxOutboxBytes = 64 * 1024;
    const running = await start({ maxOutboxBytes });
    const connected = once(running.server, 'connection') as Promise<[ServerWebSocket]>;
    const slow = await RawClient.open(running.port, '/');
    const [socket] = await connected;
    slow.tcp.pause();
    const { client } = await pair(running);
    const left: { reason?: string } = {};
    socket.once('close', (_code, reason) => (left.reason = reason));
    for (let round = 0; round < 10_000 && left.reason === undefined; round += 1) {
      const heard = message(client);
      running.server.publish('x'.repeat(16 * 1024));
      await heard;
    }
    assert.equal(left.reason, 'slow reader');
    assert.equal(running.server.refusals.get('slow reader'), 1);
    assert.equal(running.server.clients.size, 1);
    slow.tcp.destroy();
  });

  it('limit: pingIntervalMs and pingTimeoutMs', async () => {
    const clock = new ManualClock();
    const running = await start({ clock, pingIntervalMs: 1_000, pingTimeoutMs: 500 });
    const polite = await pair(running);
    const ponged = once(polite.socket, 'pong');
    clock.advance(1_010);
    await ponged;
    const connected = once(running.server, 'connection') as Promise<[ServerWebSocket]>;
    const silent = await RawClient.open(running.port, '/');
    const [socket] = await connected;
    const heard = once(socket, 'close');
    clock.advance(1_010);
    clock.advance(510);
    assert.deepEqual(await heard, [1006, 'ping timeout']);
    silent.tcp.destroy();
  });

  it('limit: maxConnections', async () => {
    const running = await start({ maxConnections: 1 });
    await pair(running);
    await assert.rejects(RawClient.open(running.port, '/'), /^Error: HTTP\/1\.1 503 /);
  });

  it('limit: handshakeTimeoutMs', async () => {
    const clock = new ManualClock();
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const running = await start({ clock, handshakeTimeoutMs: 1_000, allowRequest: () => asked() });
    const refused = assert.rejects(RawClient.open(running.port, '/'), /503/);
    await isAsked;
    clock.advance(1_010);
    await refused;
  });
});
