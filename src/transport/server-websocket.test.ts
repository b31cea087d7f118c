/** What a review of the bare server found; its everyday use is tested in `test/websocket-server.test.ts`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { turn, uncaughtIn } from '../../test/engine-stage.ts';
import { RawClient } from '../../test/raw-client.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MessageQueue } from './message-queue.ts';
import type { ServerWebSocket } from './server-websocket.ts';
import { WebSocketServer } from './websocket-server.ts';
import type { WebSocketServerOptions } from './websocket-server-options.ts';

interface Stage {
  server: WebSocketServer;
  http: HttpServer;
  port: number;
  open: () => Promise<{ client: RawClient; socket: ServerWebSocket }>;
}

async function start(t: TestContext, options: WebSocketServerOptions = {}): Promise<Stage> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, ...options });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  t.after(async () => {
    for (const socket of server.clients) socket.terminate();
    await server.close();
    http.closeAllConnections();
    http.close();
  });
  const open: Stage['open'] = async () => {
    const connected = once(server, 'connection') as Promise<[ServerWebSocket]>;
    const client = await RawClient.open(port, '/');
    t.after(() => client.tcp.destroy());
    const [socket] = await connected;
    return { client, socket };
  };
  return { server, http, port, open };
}

describe('ServerWebSocket', () => {
  it('a message that was cut off is not reported as taken', async (t) => {
    const { socket } = await (await start(t)).open();
    const told = new Promise<Error | undefined>((resolve) => socket.send('lost', resolve));
    socket.terminate();
    assert.match(String(await told), /closed before the message left/);
  });

  it('a pause in the connection listener holds', async (t) => {
    const stage = await start(t);
    stage.server.on('connection', (socket) => socket.pause());
    const { client, socket } = await stage.open();
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(data));
    client.say('early');
    await turn();
    await stage.open(); // a whole exchange later
    assert.deepEqual(heard, []);
    const message = once(socket, 'message');
    socket.resume();
    assert.deepEqual(await message, ['early']);
  });

  it('closing a paused connection reads the answer', async (t) => {
    const { client, socket } = await (await start(t, { clock: new ManualClock() })).open();
    socket.pause();
    const closed = once(socket, 'close');
    socket.close(4000, 'done');
    await client.until((event) => event.type === 'closing');
    assert.equal((await closed)[0], 4000);
  });

  it('a ping whose pong we do not read is no timeout', async (t) => {
    const clock = new ManualClock();
    const stage = await start(t, { clock, pingIntervalMs: 1_000, pingTimeoutMs: 500 });
    const { client, socket } = await stage.open();
    socket.pause();
    clock.advance(1_010);
    await client.until((event) => event.type === 'ping');
    clock.advance(5_000);
    assert.equal(stage.server.clients.size, 1);
    socket.resume();
    clock.advance(400);
    assert.equal(stage.server.clients.size, 1);
    const closed = once(socket, 'close');
    clock.advance(200);
    assert.deepEqual(await closed, [1006, 'ping timeout']);
  });

  it('a throwing listener of "refused" does not keep others from being refused', async (t) => {
    const uncaught = uncaughtIn(t);
    const asked: (() => void)[] = [];
    const { server, port } = await start(t, { allowRequest: () => asked.shift()?.() });
    server.on('refused', () => {
      throw new Error('no log');
    });
    const answers = [];
    for (let count = 0; count < 2; count += 1) {
      const isAsked = new Promise<void>((resolve) => asked.push(resolve));
      answers.push(assert.rejects(RawClient.open(port, '/'), /503/));
      await isAsked;
    }
    await server.close();
    await Promise.all(answers);
    assert.deepEqual(uncaught, ['no log', 'no log']);
  });

  it('a wrong subprotocol or header of ours is 500, and the error surfaces', async (t) => {
    const uncaught = uncaughtIn(t);
    const { port } = await start(t, { headers: () => ({ 'X-A': 'a\r\nX-B: b' }) });
    await assert.rejects(RawClient.open(port, '/'), /HTTP\/1\.1 500/);
    assert.match(uncaught.join(''), /Cannot send header/);
  });

  it('a path without its slash is refused at once', () => {
    assert.throws(() => new WebSocketServer({ path: 'chat' }), /"path" must start with "\/"/);
  });
});

describe('MessageQueue', () => {
  const queue = (): MessageQueue =>
    new MessageQueue(
      () => {},
      () => {},
    ).enter();

  it('serves several takers in order, and ends all', async () => {
    const messages = queue();
    const taken = [messages.next(), messages.next(), messages.next()];
    messages.push('a');
    messages.push('b');
    messages.end();
    const values = await Promise.all(taken);
    assert.deepEqual(
      values.map(({ value }) => value as unknown),
      ['a', 'b', undefined],
    );
  });

  it('keeps for the next loop what the last one left', async () => {
    const messages = queue();
    messages.push('a');
    messages.push('b');
    for await (const message of messages) {
      assert.equal(message, 'a');
      break;
    }
    assert.equal((await messages.enter().next()).value, 'b');
    await messages.return();
    messages.push('nobody waits');
    messages.push('still nobody');
    messages.end();
    assert.equal((await messages.enter().next()).done, true);
  });
});
