/** One client's messages, from hand-made frames to the user's handlers and back. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { turn, uncaughtIn } from '../test/engine-stage.ts';
import { RawClient } from '../test/raw-client.ts';
import type { Socket } from './namespaces/socket.ts';
import { Server } from './server.ts';
import { ManualClock } from './testing/manual-clock.ts';

interface Stage {
  io: Server;
  port: number;
  clock: ManualClock;
}

async function start(t: TestContext): Promise<Stage> {
  const clock = new ManualClock();
  const http = createServer();
  const io = new Server(http, { clock });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(async () => {
    const closed = io.close();
    await turn();
    clock.advance(10_000);
    await closed;
  });
  return { io, port: (http.address() as AddressInfo).port, clock };
}

function sayAll(client: RawClient, ...texts: string[]): void {
  client.tcp.write(Buffer.concat(texts.map((text) => client.websocket.text(text))));
}

describe('Connection', () => {
  it('handles the rest of a chunk when a handler, a middleware or a "connection" listener throws', async (t) => {
    const thrown = uncaughtIn(t);
    const { io, port } = await start(t);
    const heard: string[] = [];
    io.of('/guarded').use(() => {
      throw new Error('middleware');
    });
    io.on('connection', (socket: Socket) => {
      socket.on('word', (word: string) => {
        heard.push(word);
        throw new Error(word);
      });
      throw new Error('connection');
    });
    const client = await RawClient.open(port);
    sayAll(client, '40', '42["word","a"]', '40/guarded,', '42["word","b"]', '420["word","c"]');
    const other = await RawClient.enter(port);
    sayAll(other, '42["word","d"]');
    while (heard.length < 4) await turn();
    await turn();
    assert.deepEqual(heard.toSorted(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(new Set(thrown), new Set(['connection', 'middleware', 'a', 'b', 'c', 'd']));
    for (const { tcp } of [client, other]) tcp.destroy();
  });

  it('handles nothing more of a chunk whose handler ended the connection', async (t) => {
    const { io, port } = await start(t);
    const heard: string[] = [];
    io.on('connection', (socket: Socket) => {
      socket.on('word', (word: string) => {
        heard.push(word);
        socket.emit('bye');
        socket.disconnect(true);
        socket.emit('too late');
      });
      socket.on('disconnect', (reason) => heard.push(reason));
    });
    const client = await RawClient.enter(port);
    sayAll(client, '42["word","a"]', '42["word","b"]', '40/other,');
    assert.equal(await client.hear(() => true), '42["bye"]');
    assert.equal(await client.hear(() => true), '41');
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(heard, ['a', 'server namespace disconnect']);
  });

  it('lets a handler end others in the middle of a chunk, and of a broadcast', async (t) => {
    const { io, port } = await start(t);
    io.on('connection', (socket: Socket) => {
      socket.on('all out', () => {
        io.emit('bye');
        io.disconnectSockets(true);
      });
    });
    const clients = await Promise.all(Array.from({ length: 3 }, () => RawClient.enter(port)));
    const [first] = clients as [RawClient];
    sayAll(first, '42["all out"]', '42["all out"]');
    for (const client of clients) {
      assert.equal(await client.hear(() => true), '42["bye"]');
      await client.until((event) => event.type === 'closing');
    }
    assert.equal(io.engine.clientsCount, 0);
    assert.equal(io.sockets.sockets.size, 0);
  });

  it('tells all namespaces of the end, and keeps no timer', async (t) => {
    const { io, port, clock } = await start(t);
    io.of('/other');
    const left: string[] = [];
    for (const name of ['/', '/other']) {
      io.of(name).on('connection', (socket: Socket) => {
        socket.on('disconnect', (reason) => left.push(`${name} ${reason}`));
      });
    }
    const client = await RawClient.enter(port);
    sayAll(client, '40/other,');
    await client.hear((text) => text.startsWith('40/other,'));
    client.tcp.destroy();
    while (left.length < 2) await turn();
    await turn();
    assert.deepEqual(left, ['/ transport close', '/other transport close']);
    assert.deepEqual([io.engine.clientsCount, io.sockets.sockets.size, clock.pending], [0, 0, 0]);
  });

  it('lets a timeout callback throw without harm to the heartbeats of others', async (t) => {
    const thrown = uncaughtIn(t);
    const { io, port, clock } = await start(t);
    const client = await RawClient.enter(port);
    const [socket] = [...io.sockets.sockets.values()] as [Socket];
    socket.timeout(25_000).emit('question', () => {
      throw new Error('mine');
    });
    await client.hear((text) => text.includes('question'));
    clock.advance(25_010);
    assert.equal(await client.hear(() => true), '2');
    assert.deepEqual(thrown, ['mine']);
    client.tcp.destroy();
  });

  it('ends a connection that asks for what it has not joined', async (t) => {
    const { io, port } = await start(t);
    const reasons: string[] = [];
    io.on('connection', (socket: Socket) => socket.on('disconnect', (reason) => reasons.push(reason)));
    const client = await RawClient.enter(port);
    sayAll(client, '42/other,["word"]');
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(reasons, ['forced close']);
  });
});
