/** One test for each limit of the bare WebSocket server, here or in websocket-server.test.ts; and that none is missing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import { type ServerWebSocket, WebSocketServer, type WebSocketServerOptions } from 'websockets.io/websocket';
import { RawClient } from './raw-client.ts';

describe('limits of WebSocketServer', () => {
  async function bare(
    t: TestContext,
    options: WebSocketServerOptions,
  ): Promise<{ server: WebSocketServer; http: HttpServer; port: number }> {
    const http = createServer();
    const server = new WebSocketServer({ server: http, ...options });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    t.after(async () => {
      for (const socket of server.clients) socket.terminate();
      await server.close();
      http.closeAllConnections();
      http.close();
    });
    return { server, http, port: (http.address() as AddressInfo).port };
  }

  it('limit: maxFragments', async (t) => {
    const { port } = await bare(t, { maxFragments: 100 });
    const client = await RawClient.open(port, '/');
    client.tcp.write(Buffer.from([0x01, 0x80, 0, 0, 0, 0]));
    client.tcp.write(Buffer.concat(Array.from({ length: 200 }, () => Buffer.from([0x00, 0x80, 0, 0, 0, 0]))));
    const closing = await client.until((event) => event.type === 'closing');
    assert.equal(closing.type === 'closing' && closing.code, 1009);
  });

  it('limit: maxMessageBytes holds for a message that never ends', async (t) => {
    const { port } = await bare(t, { maxMessageBytes: 1_000 });
    const client = await RawClient.open(port, '/');
    const fragment = Buffer.concat([Buffer.from([0x02, 0xfe, 0x01, 0x90, 0, 0, 0, 0]), Buffer.alloc(400)]);
    const next = Buffer.from(fragment).fill(0x00, 0, 1);
    client.tcp.write(Buffer.concat([fragment, next, next]));
    const closing = await client.until((event) => event.type === 'closing');
    assert.equal(closing.type === 'closing' && closing.code, 1009);
  });

  it('limit: maxFramesPerTurn', async (t) => {
    const { server, port } = await bare(t, { maxFramesPerTurn: 10 });
    const heard: string[] = [];
    let turn = 0;
    const turns = new Map<number, number>();
    const all = new Promise<void>((resolve) => {
      server.once('connection', (socket: ServerWebSocket) => {
        socket.on('message', (data) => {
          // Marks the end of this turn, for as long as messages come.
          if (turns.get(turn) === undefined) setImmediate(() => (turn += 1));
          turns.set(turn, (turns.get(turn) ?? 0) + 1);
          if (heard.push(String(data)) === 95) resolve();
        });
      });
    });
    const client = await RawClient.open(port, '/');
    const numbers = Array.from({ length: 95 }, (_, number) => String(number));
    client.tcp.write(Buffer.concat(numbers.map((number) => client.websocket.text(number))));
    await all;
    assert.deepEqual(heard, numbers);
    assert.ok(Math.max(...turns.values()) <= 20, 'one turn took more than its share');
  });

  it('limit: maxHeaderBytes', async (t) => {
    const { server, port } = await bare(t, { maxHeaderBytes: 500 });
    await assert.rejects(RawClient.open(port, `/?${'a'.repeat(500)}`), /^Error: HTTP\/1\.1 431 /);
    assert.equal(server.refusals.get('status 431'), 1);
  });

  for (const [trustProxies, forwarded, expected] of [
    [0, ['192.0.2.1', '192.0.2.2'], 429], // anybody can write a header: TCP's address counts
    [1, ['forged, 192.0.2.1', 'other, 192.0.2.1'], 429],
    [1, ['192.0.2.1', '192.0.2.2'], 101],
    [2, ['forged, 192.0.2.1, 192.0.2.9', 'other, 192.0.2.1, 192.0.2.8'], 429],
    [2, ['192.0.2.1, 192.0.2.9', '192.0.2.2, 192.0.2.9'], 101],
  ] as const) {
    it(`limit: maxConnectionsPerAddress with trustProxies ${trustProxies}: ${forwarded.join(' and ')}`, async (t) => {
      const { port } = await bare(t, { maxConnectionsPerAddress: 1, trustProxies });
      const statuses = [];
      for (const header of forwarded) {
        const headers = {
          connection: 'upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          'x-forwarded-for': header,
        };
        const sent = request({ port, host: '127.0.0.1', headers, agent: false });
        const answered = Promise.withResolvers<number | undefined>();
        sent.on('upgrade', (response, tcp) => {
          t.after(() => tcp.destroy());
          answered.resolve(response.statusCode);
        });
        sent.on('response', (response) => answered.resolve(response.resume().statusCode));
        sent.end();
        statuses.push(await answered.promise);
      }
      assert.deepEqual(statuses, [101, expected]);
    });
  }

  it('limit: foreignUpgradeTimeoutMs', async (t) => {
    const clock = new ManualClock();
    const { port, http } = await bare(t, { clock, path: '/live', foreignUpgradeTimeoutMs: 1_000 });
    const tcp = connect(port, '127.0.0.1');
    const seen = once(http, 'upgrade');
    tcp.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await seen;
    clock.advance(1_010);
    tcp.resume();
    await once(tcp, 'end');
    tcp.destroy();
  });

  it('limit: closeTimeoutMs', async (t) => {
    const clock = new ManualClock();
    const { server, port } = await bare(t, { clock, closeTimeoutMs: 500 });
    const connected = once(server, 'connection') as Promise<[ServerWebSocket]>;
    const silent = await RawClient.open(port, '/');
    silent.tcp.removeAllListeners('data').pause();
    const [socket] = await connected;
    const closed = once(socket, 'close') as Promise<[number]>;
    socket.close(1000);
    clock.advance(510);
    assert.equal((await closed)[0], 1006);
    silent.tcp.destroy();
  });

  it('every option that is a number has its test', async (t) => {
    const { server } = await bare(t, {});
    const text = ['websocket-limits.test.ts', 'websocket-server.test.ts']
      .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
      .join(' ');
    const numbers = Object.entries(server.options).filter(([, value]) => typeof value === 'number');
    assert.ok(numbers.length >= 13);
    for (const [name] of numbers) {
      assert.match(text, new RegExp(`it\\(['\`]limit: [^\n]*\\b${name}\\b`), `no test "limit: ${name}"`);
    }
  });
});
