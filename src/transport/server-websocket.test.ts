/** What a review of the bare server found; its everyday use is tested in `test/websocket-server.test.ts`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { turn, uncaughtIn } from '../../test/engine-stage.ts';
import { RawClient } from '../../test/raw-client.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { FrameDecoder } from '../websocket/frame-decoder.ts';
import { Opcode } from '../websocket/frame.ts';
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

describe('two reasons to stand still', () => {
  /** Waits until everything that the client has said so far is in our kernel, and we had our turns to read it. */
  const settle = async ({ open }: Stage): Promise<void> => {
    const { client, socket } = await open();
    const heard = once(socket, 'message');
    client.say('a whole exchange later');
    await heard;
    await turn();
  };

  it('a loop that wants more does not read on while the user has paused', async (t) => {
    const stage = await start(t);
    const { client, socket } = await stage.open();
    const loop = socket[Symbol.asyncIterator]();
    socket.pause();
    const taken: unknown[] = [];
    const first = loop.next().then(({ value }) => taken.push(value as unknown));
    client.say('1');
    await settle(stage);
    assert.deepEqual(taken, []);
    socket.resume();
    await first;
    assert.deepEqual(taken, ['1']);
  });

  it('a loop that is left does not read on either', async (t) => {
    const stage = await start(t);
    const { client, socket } = await stage.open();
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(data));
    const loop = socket[Symbol.asyncIterator]();
    socket.pause();
    await loop.return?.();
    client.say('1');
    await settle(stage);
    assert.deepEqual(heard, []);
    const message = once(socket, 'message');
    socket.resume();
    assert.deepEqual(await message, ['1']);
  });

  it("the user's resume does not read on while a loop has not taken what there is", async (t) => {
    const stage = await start(t);
    const { client, socket } = await stage.open();
    const loop = socket[Symbol.asyncIterator]();
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(data));
    const first = once(socket, 'message');
    client.say('1');
    await first;
    client.say('2');
    socket.pause();
    socket.resume();
    await settle(stage);
    assert.deepEqual(heard, ['1']);
    assert.equal((await loop.next()).value, '1');
    assert.equal((await loop.next()).value, '2');
  });

  it('a loop that takes and takes gives a silent peer no more time for its pong', async (t) => {
    const clock = new ManualClock();
    const stage = await start(t, { clock, pingIntervalMs: 1_000, pingTimeoutMs: 500 });
    const { client, socket } = await stage.open();
    const loop = socket[Symbol.asyncIterator]();
    clock.advance(1_010);
    await client.until((event) => event.type === 'ping');
    clock.advance(400);
    const next = loop.next();
    client.say('busy, but no pong');
    await next;
    void loop.next();
    const closed = once(socket, 'close');
    clock.advance(110);
    assert.deepEqual(await closed, [1006, 'ping timeout']);
  });
});

describe('what waits for a client', () => {
  const KiB = 1024;
  const text = 'x'.repeat(4 * KiB);

  it('the kernel is asked before a client is judged: a loop may send more than the limit', async (t) => {
    const { client, socket } = await (await start(t, { maxOutboxBytes: 16 * KiB })).open();
    for (let number = 0; number < 50; number += 1) socket.send(`${number} ${text}`);
    for (let number = 0; number < 50; number += 1) {
      assert.equal(await client.hear(() => true), `${number} ${text}`);
    }
    assert.equal(socket.readyState, 1);
  });

  it('one message may be of any size, with others before and behind it', async (t) => {
    const { client, socket } = await (await start(t, { maxOutboxBytes: 16 * KiB })).open();
    const long = 'y'.repeat(20 * KiB * KiB);
    socket.send('before');
    const told = new Promise<Error | undefined>((resolve) => socket.send(long, resolve));
    socket.ping();
    socket.send('behind');
    await turn();
    socket.send('a turn later');
    assert.equal(await client.hear(() => true), 'before');
    assert.ok((await client.hear(() => true)) === long);
    assert.equal(await client.hear(() => true), 'behind');
    assert.equal(await client.hear(() => true), 'a turn later');
    assert.equal(await told, undefined);
  });

  it('a client that has stopped costs the limit and its largest message at most, in one turn too', async (t) => {
    const maxOutboxBytes = 64 * KiB;
    for (const manyTurns of [false, true]) {
      const { client, socket } = await (await start(t, { maxOutboxBytes })).open();
      client.tcp.pause();
      const isClosed = once(socket, 'close');
      let [sent, most] = [0, 0];
      const told: (Error | undefined)[] = [];
      while (socket.readyState === 1 && sent < 10_000) {
        socket.send(text, (error) => told.push(error));
        sent += 1;
        most = Math.max(most, socket.bufferedAmount);
        if (manyTurns) await turn();
        if (socket.bufferedAmount > maxOutboxBytes) break;
      }
      while (told.length < sent && sent < 10_000) {
        socket.send(text, (error) => told.push(error));
        sent += 1;
        most = Math.max(most, socket.bufferedAmount);
        await turn();
      }
      assert.deepEqual(await isClosed, [1006, 'slow reader']);
      await turn();
      assert.ok(most > maxOutboxBytes / 2, 'nothing waited');
      assert.ok(most <= maxOutboxBytes + 2 * (text.length + 8), `${most} bytes waited`);
      assert.equal(told.length, sent, 'each callback is called');
      assert.match(String(told.at(-1)), /StateError/);
    }
  });

  it('tells "drain" once all has gone, also when the kernel takes the last of it at once', async (t) => {
    const { client, socket } = await (await start(t)).open();
    let drains = 0;
    socket.on('drain', () => (drains += 1));
    client.tcp.pause();
    let sent = 0;
    do {
      socket.send(text);
      sent += 1;
      await turn();
    } while (socket.bufferedAmount < 256 * KiB);
    socket.send('last');
    sent += 1;
    assert.equal(drains, 0);
    const drained = once(socket, 'drain');
    client.tcp.resume();
    for (let heard = 0; heard < sent; heard += 1) await client.hear(() => true);
    await drained;
    assert.equal(socket.bufferedAmount, 0);
    await turn();
    assert.equal(drains, 1);
  });

  it('what waits is sent before the close frame when both ends close at once', async (t) => {
    const { client, socket } = await (await start(t, { clock: new ManualClock() })).open();
    client.tcp.pause();
    let sent = 0;
    do {
      socket.send(`${sent++} ${text}`);
      await turn();
    } while (socket.bufferedAmount < 256 * KiB);
    for (let more = 0; more < 50; more += 1) socket.send(`${sent++} ${text}`);
    socket.close(4000, 'done');
    const closed = once(socket, 'close');
    client.tcp.write(client.websocket.close(4001) ?? '');
    assert.deepEqual(await closed, [4001, '']);
    // Heard as frames: the client's own machine, which is closing, would not look at messages.
    const frames = new FrameDecoder({ role: 'client', maxPayloadBytes: Infinity });
    let heard = 0;
    client.tcp
      .removeAllListeners('data')
      .on('data', (chunk: Buffer) => frames.push(chunk))
      .resume();
    await once(client.tcp, 'end');
    for (let frame = frames.next(); frame !== undefined; frame = frames.next()) {
      if (frame.opcode === Opcode.close) {
        assert.equal(frame.payload.readUInt16BE(0), 4000);
        assert.equal(heard, sent);
        return;
      }
      assert.equal(frame.payload.toString(), `${heard++} ${text}`);
    }
    assert.fail('no close frame');
  });
});
