/** `io.close({ drain })` as official clients see it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { io as openClient, type Socket as ClientSocket } from 'socket.io-client';
import { Server, type ServerOptions, type Socket } from 'websockets.io';
import { ManualClock } from 'websockets.io/testing';
import { RawClient } from './raw-client.ts';

interface Stage {
  io: Server;
  http: HttpServer;
  port: number;
  clock: ManualClock;
}

async function serve(t: TestContext, options: ServerOptions = {}, port = 0): Promise<Stage> {
  const clock = new ManualClock();
  const http = createServer();
  const io = new Server(http, { clock, ...options });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  t.after(async () => {
    const closed = io.close();
    http.closeAllConnections();
    clock.advance(10_000);
    await closed;
  });
  return { io, http, port: (http.address() as AddressInfo).port, clock };
}

async function connect(
  t: TestContext,
  { io, port, clock }: Stage,
  transports: string[] = ['websocket'],
): Promise<{ client: ClientSocket; socket: Socket }> {
  const client = openClient(`http://127.0.0.1:${port}`, {
    forceNew: true,
    transports,
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
  });
  t.after(() => client.disconnect());
  const [[socket]] = (await Promise.all([once(io, 'connection'), next(client, 'connect')])) as [
    [Socket],
    unknown,
  ];
  if (transports.length > 1 && socket.conn.transport.name === 'polling') {
    await within(clock, once(socket.conn as never, 'upgrade'));
  }
  return { client, socket };
}

function next(client: ClientSocket, event: 'connect' | 'disconnect'): Promise<unknown> {
  return new Promise((resolve) => client.once(event, resolve));
}

/** Turns the clock on until what is waited for has come. */
async function within<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  const waiting = Symbol('waiting');
  for (;;) {
    clock.advance(10);
    const turn = new Promise<typeof waiting>((resolve) => setImmediate(resolve, waiting));
    const outcome = await Promise.race([promise, turn]);
    if (outcome !== waiting) return outcome;
  }
}

describe('close({ drain })', () => {
  for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
    it(`official clients see "transport close", and come back by themselves (${transports.join(', ')})`, async (t) => {
      const stage = await serve(t);
      const { client, socket } = await connect(t, stage, transports);
      const heard: unknown[] = [];
      client.on('last', (word) => heard.push(word));
      const [left, lost] = [once(socket, 'disconnect'), next(client, 'disconnect')];
      socket.on('disconnecting', () => socket.emit('last', 'word'));
      socket.emit('last', 'but one');
      await within(stage.clock, stage.io.close({ drain: true }));
      assert.equal((await left)[0], 'server shutting down');
      assert.equal(await lost, 'transport close');
      assert.deepEqual(heard, ['but one', 'word']);
      const second = await serve(t, {}, stage.port);
      await once(second.io, 'connection');
    });
  }

  it('new sessions are refused with 503 and Retry-After, while those that run go on', async (t) => {
    const stage = await serve(t);
    const { client, socket } = await connect(t, stage, ['polling']);
    let answer: (word: string) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      socket.on('ask', (reply: (word: string) => void) => {
        answer = reply;
        resolve();
      });
    });
    socket.on('ping me', (reply: (word: string) => void) => reply('pong'));
    const answered = client.emitWithAck('ask');
    await asked;
    const closed = stage.io.close({ drain: { timeout: 60_000 } });

    const url = `http://127.0.0.1:${stage.port}/socket.io/?EIO=4&transport=polling`;
    const refused = await fetch(url);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
    assert.deepEqual(await refused.json(), { code: 4, message: 'server is closing' });
    await assert.rejects(RawClient.open(stage.port), /^Error: HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n/);

    stage.clock.advance(20_000);
    assert.equal(await client.emitWithAck('ping me'), 'pong');
    assert.equal(client.connected, true);
    const lost = next(client, 'disconnect');
    answer('at last');
    assert.equal(await answered, 'at last');
    await within(stage.clock, closed);
    assert.equal(await lost, 'transport close');
  });

  it('answers that clients owe are waited for, and no longer than the timeout', async (t) => {
    const stage = await serve(t);
    const { client, socket } = await connect(t, stage);
    const silent = await connect(t, stage);
    const silentLost = next(silent.client, 'disconnect');
    let reply: (word: string) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      client.on('ask', (answer: (word: string) => void) => {
        reply = answer;
        resolve();
      });
    });
    const answered = socket.emitWithAck('ask');
    silent.socket.emit('ask', () => {});
    await asked;
    const lost = next(client, 'disconnect');
    const closed = stage.io.close({ drain: { timeout: 1_000 } });
    stage.clock.advance(500);
    reply('yes');
    assert.equal(await answered, 'yes');
    stage.clock.advance(200);
    assert.equal(await lost, 'transport close');
    assert.deepEqual([silent.socket.connected, stage.io.engine.clientsCount], [true, 1]);
    stage.clock.advance(310);
    assert.equal(await silentLost, 'transport close');
    await within(stage.clock, closed);
  });

  it('twice is harmless, and a close without it ends it', async (t) => {
    const stage = await serve(t);
    const { socket } = await connect(t, stage);
    socket.emit('never answered', () => {});
    const errors: unknown[] = [];
    const first = stage.io.close({ drain: true }, (error) => errors.push(error?.code));
    const second = stage.io.close({ drain: { timeout: 1 } });
    stage.clock.advance(5_000);
    assert.equal(socket.connected, true);
    const third = stage.io.close(() => errors.push('third'));
    assert.equal(socket.connected, false);
    await Promise.all([first, second, third]);
    assert.equal(errors.length, 2);
    await stage.io.close({ drain: true });
  });

  it('serves again when its HTTP server listens again', async (t) => {
    const stage = await serve(t);
    await connect(t, stage);
    await within(stage.clock, stage.io.close({ drain: true }));
    stage.http.listen(stage.port, '127.0.0.1');
    await once(stage.http, 'listening');
    const { client } = await connect(t, stage);
    const lost = next(client, 'disconnect');
    await within(stage.clock, stage.io.close({ drain: true }));
    assert.equal(await lost, 'transport close');
  });
});
