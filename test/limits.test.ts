/** One test for each limit of `src/options.ts`, named after it; and a test that none is missing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { Server, type ServerOptions, type Socket } from 'websockets.io';
import { ManualClock } from 'websockets.io/testing';
import { resolveOptions } from '../src/options.ts';
import { RawClient } from './raw-client.ts';

interface Running {
  io: Server;
  http: HttpServer;
  port: number;
  clock: ServerOptions['clock'];
}

const running: Running[] = [];

async function start(options: ServerOptions = {}): Promise<Running> {
  const http = createServer((_request, response) => response.writeHead(404).end());
  const io = new Server(http, options);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server = { io, http, port: (http.address() as AddressInfo).port, clock: options.clock };
  running.push(server);
  return server;
}

after(async () => {
  for (const { io, http, clock } of running) {
    const closed = io.close();
    http.closeAllConnections();
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (clock instanceof ManualClock) clock.advance(10_000); // for peers that do not answer our close frame
    await closed;
  }
});

/** The reason for which the next client of a server leaves. */
function nextReason({ io }: Running): Promise<string> {
  return new Promise((resolve) => {
    io.once('connection', (socket: Socket) => socket.once('disconnect', resolve));
  });
}

async function post(port: number, sid: string, body: string): Promise<number> {
  const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
  const sent = request({
    port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
  });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

async function openPolling(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
  return (JSON.parse((await response.text()).slice(1)) as { sid: string }).sid;
}

describe('limits', () => {
  it('limit: maxHttpBufferSize (a WebSocket message)', async () => {
    const server = await start({ maxHttpBufferSize: 1_000 });
    const reason = nextReason(server);
    const client = await RawClient.enter(server.port);
    const other = await RawClient.enter(server.port);
    client.say(`42["x","${'a'.repeat(1_000)}"]`);
    const closing = await client.until((event) => event.type === 'closing');
    assert.equal(closing.type === 'closing' && closing.code, 1009);
    assert.equal(await reason, 'transport error');
    assert.equal(server.io.engine.clientsCount, 1);
    other.tcp.destroy();
  });

  it('limit: maxHttpBufferSize (a polling body, with and without Content-Length)', async () => {
    const { port } = await start({ maxHttpBufferSize: 1_000 });
    assert.equal(await post(port, await openPolling(port), `4${'a'.repeat(1_000)}`), 413);
    const path = `/socket.io/?EIO=4&transport=polling&sid=${await openPolling(port)}`;
    const chunked = request({ port, host: '127.0.0.1', path, method: 'POST' });
    chunked.on('error', () => {});
    chunked.write(`4${'a'.repeat(600)}`);
    chunked.write('a'.repeat(600));
    const [response] = (await once(chunked, 'response')) as [{ statusCode: number }];
    assert.equal(response.statusCode, 413);
    chunked.destroy();
  });

  it('limit: maxFragments', async () => {
    const server = await start({ maxFragments: 100 });
    const reason = nextReason(server);
    const client = await RawClient.enter(server.port);
    // A text frame without FIN, then empty continuations, masked with zeros.
    client.tcp.write(Buffer.from([0x01, 0x80, 0, 0, 0, 0]));
    client.tcp.write(Buffer.concat(Array.from({ length: 200 }, () => Buffer.from([0x00, 0x80, 0, 0, 0, 0]))));
    await client.until((event) => event.type === 'closing');
    assert.equal(await reason, 'transport error');
  });

  it('limit: maxAttachments', async () => {
    const server = await start({ maxAttachments: 2 });
    const reason = nextReason(server);
    const client = await RawClient.enter(server.port);
    client.say('453-["x",{"_placeholder":true,"num":0}]');
    assert.equal(await reason, 'forced close');
    await client.until((event) => event.type === 'closing');
  });

  it('limit: maxNamespaces', async () => {
    const server = await start({ maxNamespaces: 2 });
    server.io.of(/./);
    const client = await RawClient.enter(server.port);
    client.say('40/one,');
    assert.match(await client.hear((text) => text.includes('/one')), /^40\/one,\{"sid"/);
    client.say('40/two,');
    assert.equal(
      await client.hear((text) => text.includes('/two')),
      '44/two,{"message":"Too many namespaces"}',
    );
    client.say('41/one,');
    client.say('40/two,');
    assert.match(await client.hear((text) => text.includes('/two')), /^40\/two,\{"sid"/);
  });

  it('limit: maxPayloadPackets', async () => {
    const { port } = await start({ maxPayloadPackets: 10 });
    assert.equal(
      await post(port, await openPolling(port), Array.from({ length: 11 }, () => '3').join('\x1e')),
      400,
    );
  });

  it('limit: maxOutboxBytes', async () => {
    const maxOutboxBytes = 64 * 1024;
    const server = await start({ maxOutboxBytes });
    const reason = nextReason(server);
    const slow = await RawClient.enter(server.port);
    const fast = await RawClient.enter(server.port);
    slow.tcp.pause();
    const text = 'a'.repeat(16 * 1024);
    let worst = 0;
    const left: { reason?: string } = {};
    void reason.then((why) => (left.reason = why));
    for (let round = 0; round < 10_000 && left.reason === undefined; round += 1) {
      server.io.emit('x', text);
      await fast.hear((heard) => heard.startsWith('42["x"'));
      for (const conn of Object.values(server.io.engine.clients))
        worst = Math.max(worst, conn.bufferedAmount);
    }
    assert.equal(left.reason, 'slow reader');
    // An outbox up to the limit, and one that was handed over and not taken; the kernel's own buffers come on top.
    assert.ok(worst <= 2 * (maxOutboxBytes + text.length + 100), `${worst} bytes waited`);
    assert.equal(server.io.engine.clientsCount, 1);
  });

  it('limit: maxOutboxBytes with slowReaderPolicy "drop-volatile": who reads later gets all but the volatile', async () => {
    const server = await start({ maxOutboxBytes: 64 * 1024, slowReaderPolicy: 'drop-volatile' });
    const slow = await RawClient.enter(server.port);
    const fast = await RawClient.enter(server.port);
    slow.tcp.pause();
    const [conn] = Object.values(server.io.engine.clients);
    assert.ok(conn !== undefined);
    const text = 'a'.repeat(16 * 1024);
    let sent = 0;
    // Far over the limit: with the other policy it would have been closed at twice of it.
    for (; conn.bufferedAmount < 1024 * 1024; sent += 1) {
      server.io.emit('x', sent, text);
      await fast.hear((heard) => heard.startsWith('42["x"'));
    }
    server.io.volatile.emit('volatile');
    server.io.emit('last');
    await fast.hear((heard) => heard === '42["volatile"]');
    slow.tcp.resume();
    for (let at = 0; at < sent; at += 1) assert.ok((await slow.hear(() => true)).startsWith(`42["x",${at},`));
    assert.equal(await slow.hear(() => true), '42["last"]');
  });

  it('limit: maxOutboxBytes is for those who do not read: one turn may send more', async () => {
    const server = await start({ maxOutboxBytes: 64 * 1024 });
    const text = 'a'.repeat(512 * 1024);
    const reason = nextReason(server);
    server.io.on('connection', (socket: Socket) => {
      socket.on('all', () => {
        for (let at = 0; at < 40; at += 1) socket.emit(`${at}`, text);
      });
    });
    const client = await RawClient.enter(server.port);
    client.say('42["all"]');
    for (let at = 0; at < 40; at += 1) {
      assert.equal((await client.hear(() => true)).length, text.length + 9 + `${at}`.length);
    }
    client.tcp.destroy();
    assert.equal(await reason, 'transport close');
    const sid = await openPolling(server.port);
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const poll = async (): Promise<string> => (await fetch(`http://127.0.0.1:${server.port}${path}`)).text();
    await post(server.port, sid, '40');
    await poll();
    await post(server.port, sid, '42["all"]');
    assert.equal((await poll()).split('\x1e').length, 40);
  });

  it('limit: pingInterval and pingTimeout', async () => {
    const clock = new ManualClock();
    const server = await start({ clock });
    const reason = nextReason(server);
    const client = await RawClient.enter(server.port);
    clock.advance(25_000);
    await client.hear((text) => text === '2');
    client.say('3');
    client.say('42["fence"]');
    await new Promise<void>((resolve) => {
      for (const socket of server.io.sockets.sockets.values()) socket.once('fence', resolve);
    });
    clock.advance(25_000);
    await client.hear((text) => text === '2');
    clock.advance(19_989);
    assert.equal(server.io.engine.clientsCount, 1);
    clock.advance(11);
    assert.equal(await reason, 'ping timeout');
  });

  it('limit: upgradeTimeout', async () => {
    const clock = new ManualClock();
    const { port, io } = await start({ clock });
    const sid = await openPolling(port);
    const candidate = await RawClient.open(port, `/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
    candidate.say('2probe');
    await candidate.hear((text) => text === '3probe');
    clock.advance(10_010);
    await candidate.until((event) => event.type === 'closing');
    assert.equal(io.engine.clientsCount, 1); // still there, by polling
  });

  it('limit: connectTimeout', async () => {
    const clock = new ManualClock();
    const { port, io } = await start({ clock, pingInterval: 100_000 });
    const idle = await RawClient.open(port);
    await idle.hear((text) => text.startsWith('0'));
    clock.advance(45_010);
    await idle.until((event) => event.type === 'closing');
    assert.equal(io.engine.clientsCount, 0);
  });

  it('limit: closeTimeout', async () => {
    const clock = new ManualClock();
    const { port, io } = await start({ clock });
    const client = await RawClient.enter(port);
    client.tcp.removeAllListeners('data').pause(); // will not answer the close frame
    io.disconnectSockets(true);
    await new Promise<void>((resolve) => setImmediate(resolve)); // the flush
    assert.equal(io.engine.clientsCount, 0);
    clock.advance(3_010);
    client.tcp.resume();
    await once(client.tcp, 'close');
  });

  it('limit: destroyUpgradeTimeout', async () => {
    const clock = new ManualClock();
    const { port, http } = await start({ clock });
    const tcp = connect(port, '127.0.0.1');
    const seen = once(http, 'upgrade');
    tcp.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await seen;
    clock.advance(1_010);
    tcp.resume();
    await once(tcp, 'end');
    tcp.destroy();
  });

  it('limit: maxFramesPerTurn', async () => {
    const server = await start({ maxFramesPerTurn: 10, transports: ['websocket'] });
    const heard: number[] = [];
    const turns: number[] = [];
    let turn = 0;
    const count = (): void => {
      turn += 1;
      if (heard.length < 95) setImmediate(count);
    };
    const all = new Promise<void>((resolve) => {
      server.io.on('connection', (socket) => {
        socket.on('x', (number: number) => {
          if (heard.length === 0) setImmediate(count);
          heard.push(number);
          turns.push(turn);
          if (heard.length === 95) resolve();
        });
      });
    });
    const client = await RawClient.enter(server.port);
    const frames = Array.from({ length: 95 }, (_, number) => client.websocket.text(`42["x",${number}]`));
    client.tcp.write(Buffer.concat(frames));
    await all;
    assert.deepEqual(
      heard,
      Array.from({ length: 95 }, (_, number) => number),
    );
    // Others had their turns in between: no turn took more than its share.
    const most = Math.max(...turns.map((one) => turns.filter((other) => other === one).length));
    assert.ok(most <= 20, `${most} frames in one turn`);
  });

  it('limit: maxHeaderBytes', async () => {
    const { port, io } = await start({ maxHeaderBytes: 1_000 });
    const path = `/socket.io/?EIO=4&transport=websocket&padding=${'a'.repeat(1_000)}`;
    await assert.rejects(RawClient.open(port, path), /^Error: HTTP\/1\.1 431 /);
    assert.equal(io.engine.refusals.get('status 431'), 1);
  });

  it('limit: maxConnections', async () => {
    const { port, io } = await start({ maxConnections: 2 });
    const [first] = [await RawClient.enter(port), await openPolling(port)];
    await assert.rejects(RawClient.open(port), /^Error: HTTP\/1\.1 503 /);
    const response = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
    assert.equal(response.status, 503);
    const left = new Promise<void>((resolve) => {
      for (const socket of io.sockets.sockets.values()) socket.once('disconnect', () => resolve());
    });
    first.tcp.destroy();
    await left;
    await RawClient.enter(port); // there is room again
  });

  it('limit: maxConnectionsPerAddress and trustProxies', async () => {
    const { port } = await start({ maxConnectionsPerAddress: 1, trustProxies: 1 });
    const from = async (forwarded: string): Promise<number> => {
      const headers = { 'x-forwarded-for': forwarded };
      const response = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`, {
        headers,
      });
      await response.text();
      return response.status;
    };
    assert.equal(await from('203.0.113.1'), 200);
    assert.equal(await from('203.0.113.1'), 429);
    assert.equal(await from('203.0.113.2'), 200);
    // What stands left of the trusted proxy's own entry is the client's to invent.
    assert.equal(await from('198.51.100.7, 203.0.113.1'), 429);
  });

  it('limit: presence.maxLost and presence.maxNamed', async () => {
    const { port, io } = await start({ presence: { maxLost: 1, maxNamed: 1 } });
    io.on('connection', (socket) => socket.join(['red', socket.id]));
    const clients = [await RawClient.enter(port), await RawClient.enter(port)];
    assert.deepEqual(await io.in('red').presence(), { count: 2, people: undefined });
    const lost = Promise.all([...io.sockets.sockets.values()].map((socket) => once(socket, 'disconnect')));
    for (const { tcp } of clients) tcp.destroy();
    await lost;
    assert.equal((await io.in('red').presence()).count, 1); // for whom it waits
  });

  it('limit: receiveOnce.maxAge, receiveOnce.maxIds and receiveOnce.maxAnswerBytes', async () => {
    const clock = new ManualClock();
    const receiveOnce = { maxAge: 1_000, maxIds: 2, maxAnswerBytes: 20 };
    const { port, io } = await start({ history: true, receiveOnce, clock });
    const handled: string[] = [];
    io.on('connection', (socket) => {
      socket.onAny((_say, { messageId }, reply) => reply(handled.push(messageId) && messageId));
    });
    const client = await RawClient.enter(port);
    for (const messageId of 'a a older a bb ccc ccc a longer-answer longer-answer'.split(' ')) {
      if (messageId === 'older') clock.advance(1_001);
      client.say(`421["say",{"messageId":"${messageId}"}]`);
      await client.hear((text) => text.startsWith('431['));
      clock.advance(10);
    }
    assert.deepEqual(handled, ['a', 'older', 'a', 'bb', 'ccc', 'a', 'longer-answer', 'longer-answer']);
  });

  it('every option that is a number has its test here', () => {
    const text = readFileSync(import.meta.filename, 'utf8');
    const names = [...text.matchAll(/it\('limit: (.+?)'/g)].map(([, name]) => name ?? '').join(' ');
    const numbers = Object.entries(resolveOptions()).filter(([, value]) => typeof value === 'number');
    assert.ok(numbers.length >= 10);
    for (const [resolved] of numbers) {
      const name = resolved === 'maxMessageBytes' ? 'maxHttpBufferSize' : resolved.replace(/Ms$/, '');
      assert.ok(names.includes(name), `no test "limit: ${name}"`);
    }
  });

  it('an option that cannot be is refused with its name', () => {
    const make = (options: unknown) => (): Server => new Server(options as ServerOptions);
    assert.throws(make({ pingInterval: '25' }), /"pingInterval" must be a number, got string/);
    assert.throws(make({ maxHttpBufferSize: 0 }), /"maxHttpBufferSize" must be greater than 0/);
    assert.throws(make({ maxHttpBufferSize: NaN }), RangeError);
    assert.throws(make({ transports: ['carrier pigeon'] }), /carrier pigeon/);
    assert.throws(make({ serveClient: 1 }), TypeError);
  });
});
