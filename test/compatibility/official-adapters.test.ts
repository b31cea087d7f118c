/** Socket.IO's own adapters, as they come from npm, handed to `io.adapter()`. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { createAdapter as createRedisAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { Adapter, ClusterAdapter, type ClusterMessage, type ClusterResponse } from 'socket.io-adapter';
import type { AdapterFactory } from 'websockets.io';
import { startRedis, type RedisServer } from './redis.ts';
import { heard, openStage, type Stage } from './stage.ts';

describe('a subclass of the official Adapter', () => {
  it('knows the rooms, sends to them, and is asked first', async (t) => {
    const broadcasts: unknown[] = [];
    class Counting extends Adapter {
      override broadcast(packet: { data: unknown[] }, opts: never): void {
        broadcasts.push([...packet.data]);
        super.broadcast(packet, opts);
      }
    }
    const { io, enter } = await openStage(t, { adapter: Counting });
    io.on('connection', (socket) => void socket.join('lobby'));
    const clients = [await enter(), await enter('/', { transports: ['polling'] })];
    const all = Promise.all(clients.map((client) => heard(client, 'news')));
    io.to('lobby').emit('news', 1, Buffer.from('bytes'));
    assert.deepEqual(await all, [
      [1, Buffer.from('bytes')],
      [1, Buffer.from('bytes')],
    ]);
    assert.deepEqual(broadcasts, [['news', 1, Buffer.from('bytes')]]);
    assert.ok(io.of('/').adapter instanceof Counting);
    assert.deepEqual([...(io.of('/').adapter.rooms.get('lobby') ?? [])], [...io.of('/').sockets.keys()]);
    const outgoing: unknown[] = [];
    for (const socket of io.of('/').sockets.values()) socket.onAnyOutgoing((...args) => outgoing.push(args));
    io.volatile.emit('seen', 2);
    assert.deepEqual(outgoing, [
      ['seen', 2],
      ['seen', 2],
    ]);
  });

  it('gathers acknowledgements', async (t) => {
    const { io, enter } = await openStage(t, { adapter: Adapter });
    for (const name of ['a', 'b']) {
      const client = await enter();
      client.on('who', (answer: (name: string) => void) => answer(name));
    }
    const answers = (await io.timeout(5_000).emitWithAck('who')) as string[];
    assert.deepEqual(answers.toSorted(), ['a', 'b']);
  });
});

/** Servers that hear each other through one emitter. */
function clusterOf(bus: EventEmitter): AdapterFactory {
  return class extends ClusterAdapter {
    constructor(nsp: never) {
      super(nsp);
      bus.on('message', (message: ClusterMessage) => this.onMessage(message));
      bus.on('response', (uid: string, response: ClusterResponse) => {
        if (uid === this.uid) this.onResponse(response);
      });
    }

    override serverCount(): Promise<number> {
      return Promise.resolve(bus.listenerCount('message'));
    }

    override doPublish(message: ClusterMessage): Promise<string> {
      bus.emit('message', message);
      return Promise.resolve('');
    }

    override doPublishResponse(uid: string, response: ClusterResponse): Promise<void> {
      bus.emit('response', uid, response);
      return Promise.resolve();
    }
  };
}

/** What two servers with a common adapter must do, whichever it is. */
async function playTwoServers(one: Stage, two: Stage): Promise<void> {
  for (const { io } of [one, two]) {
    io.on('connection', (socket) => {
      socket.data.name = socket.handshake.auth['name'];
      void socket.join('lobby');
    });
  }
  const [alice, bob] = [
    await one.enter('/', { auth: { name: 'alice' } }),
    await two.enter('/', { auth: { name: 'bob' } }),
  ];
  const both = Promise.all([heard(alice, 'news'), heard(bob, 'news')]);
  one.io.to('lobby').emit('news', { at: 1 }, Buffer.from([1, 2]));
  assert.deepEqual(await both, [
    [{ at: 1 }, Buffer.from([1, 2])],
    [{ at: 1 }, Buffer.from([1, 2])],
  ]);

  const found = await one.io.fetchSockets();
  const names = found.map(({ data }) => (data as { name: string }).name);
  assert.deepEqual(names.toSorted(), ['alice', 'bob']);
  const remote = found.find(({ id }) => id === bob.id);
  assert.ok(remote !== undefined && remote.rooms.has('lobby'));
  const greeted = heard(bob, 'greeting');
  remote.emit('greeting', 'hello');
  assert.deepEqual(await greeted, ['hello']);

  for (const [client, name] of [[alice, 'alice'] as const, [bob, 'bob'] as const]) {
    client.on('who', (answer: (name: string) => void) => answer(name));
  }
  const answers = (await two.io.timeout(5_000).emitWithAck('who')) as string[];
  assert.deepEqual(answers.toSorted(), ['alice', 'bob']);

  two.io.on('ask', (what: string, answer: (reply: string) => void) => answer(`${what}!`));
  assert.deepEqual(await one.io.serverSideEmitWithAck('ask', 'ready'), ['ready!']);

  one.io.in(bob.id ?? '').socketsJoin('late');
  const late = heard(bob, 'late');
  while (two.io.of('/').adapter.rooms.get('late')?.size !== 1) await new Promise(setImmediate);
  one.io.to('late').emit('late', 1);
  assert.deepEqual(await late, [1]);

  const gone = heard(bob, 'disconnect');
  one.io.in('late').disconnectSockets(true);
  assert.deepEqual((await gone)[0], 'io server disconnect');
}

describe('a subclass of the official ClusterAdapter', () => {
  it('joins two servers', async (t) => {
    const bus = new EventEmitter();
    const adapter = clusterOf(bus);
    await playTwoServers(await openStage(t, { adapter }), await openStage(t, { adapter }));
  });
});

describe('the official Redis adapters, on a real redis-server', () => {
  let redis: RedisServer | undefined;
  const clients: Redis[] = [];
  before(async () => {
    redis = await startRedis();
  });
  after(async () => {
    for (const client of clients) client.disconnect();
    await redis?.stop();
  });
  const open = (): Redis => {
    // An adapter makes duplicates that nobody else can end: they must not try again when the server is gone.
    const client = new Redis(redis?.port ?? 0, '127.0.0.1', { retryStrategy: () => null });
    clients.push(client);
    return client;
  };

  const kinds: Readonly<Record<string, () => AdapterFactory>> = {
    'redis-adapter': () => createRedisAdapter(open(), open()),
    'redis-adapter, sharded': () => createShardedAdapter(open(), open()),
    'redis-streams-adapter': () => createStreamsAdapter(open()),
  };
  for (const [name, create] of Object.entries(kinds)) {
    it(name, async (t) => {
      if (redis === undefined) {
        t.skip('SKIPPED: no redis-server on this machine (set REDIS_SERVER or install it)');
        return;
      }
      const [one, two] = [
        await openStage(t, { adapter: create() }),
        await openStage(t, { adapter: create() }),
      ];
      while ((await one.io.of('/').adapter.serverCount()) < 2) await new Promise(setImmediate);
      while ((await two.io.of('/').adapter.serverCount()) < 2) await new Promise(setImmediate);
      await playTwoServers(one, two);
    });
  }
});
