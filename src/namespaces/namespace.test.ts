import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enter, FakeClient, openNamespace, surfacing, turn } from '../../test/fake-client.ts';
import type { MiddlewareError } from './middleware.ts';

describe('the door of a namespace', () => {
  it('lets in at once without middleware: told first, then heard of', () => {
    const namespace = openNamespace('/');
    const heard: string[] = [];
    const client = new FakeClient();
    namespace.on('connect', (socket) => heard.push(`connect ${socket.connected} ${client.received.length}`));
    namespace.on('connection', () => heard.push('connection'));
    const socket = client.enter(namespace);
    assert.deepEqual(heard, ['connect true 1', 'connection']);
    assert.deepEqual([...(socket?.rooms ?? [])], [socket?.id]);
  });

  it('a connection listener sees what middleware wrote behind next()', () => {
    const namespace = openNamespace('/');
    namespace.use((socket, next) => {
      next();
      socket.data.user = 'alice';
    });
    let user: unknown;
    namespace.on('connection', (socket) => (user = socket.data.user));
    enter(namespace);
    assert.equal(user, 'alice');
  });

  it('a connection listener that throws surfaces: no middleware can take it for a refusal', async () => {
    const namespace = openNamespace('/');
    namespace.use((_socket, next) => {
      try {
        next();
      } catch {
        assert.fail();
      }
    });
    namespace.on('connection', () => {
      throw new Error('of the user');
    });
    const errors = await surfacing(() => enter(namespace));
    assert.equal(errors.length, 1);
    assert.equal(namespace.sockets.size, 1);
  });

  it('a refused client is told why, with `data`, and has left its rooms', () => {
    const namespace = openNamespace('/x');
    namespace.use((socket, next) => {
      socket.join(['lobby', socket.id]);
      const error: MiddlewareError = new Error('not you');
      error.data = { code: 401 };
      next(error);
    });
    const client = new FakeClient();
    assert.equal(client.enter(namespace), undefined);
    assert.deepEqual(client.received, [
      { type: 'connect error', namespace: '/x', data: { message: 'not you', data: { code: 401 } } },
    ]);
    assert.equal(client.refusals, 1);
    assert.deepEqual([namespace.adapter.rooms.size, namespace.adapter.sids.size], [0, 0]);
  });

  it('`data` that cannot be serialised surfaces, and the client is told the rest', async () => {
    const namespace = openNamespace('/');
    namespace.use((_socket, next) => next(Object.assign(new Error('not you'), { data: 1n })));
    const client = new FakeClient();
    const errors = await surfacing(() => client.enter(namespace));
    assert.ok(errors[0] instanceof TypeError);
    assert.deepEqual(client.received, [
      { type: 'connect error', namespace: '/', data: { message: 'not you' } },
    ]);
    assert.equal(client.refusals, 1);
  });

  it('a client that leaves while it waits does not enter, and its rooms are forgotten', async () => {
    const namespace = openNamespace('/');
    namespace.use((socket, next) => {
      socket.join('lobby');
      queueMicrotask(next);
    });
    namespace.on('connection', () => assert.fail());
    const client = new FakeClient();
    client.enter(namespace);
    client.lose();
    await turn();
    assert.deepEqual([namespace.sockets.size, namespace.adapter.rooms.size, client.refusals], [0, 0, 1]);
    assert.deepEqual(client.received, []);
  });

  it('a broadcast does not reach who is still at the door, in whatever room', async () => {
    const namespace = openNamespace('/');
    namespace.use((socket, next) => {
      socket.join('lobby');
      setImmediate(next);
    });
    const client = new FakeClient();
    client.enter(namespace);
    namespace.emit('to all');
    namespace.to('lobby').emit('to the lobby');
    assert.deepEqual(await namespace.fetchSockets(), []);
    await turn();
    namespace.to('lobby').emit('now');
    assert.deepEqual(client.events, [['now']]);
  });

  it('middleware that is added while one waits applies to the next client', async () => {
    const namespace = openNamespace('/');
    namespace.use((_socket, next) => setImmediate(next));
    const client = new FakeClient();
    client.enter(namespace);
    namespace.use((_socket, next) => next(new Error('closed')));
    await turn();
    assert.equal(namespace.sockets.size, 1);
  });

  it('async middleware that rejects ends as an unhandled rejection, and the client waits, as with Socket.IO', async () => {
    const namespace = openNamespace('/');
    const thrown = new Error('of the user');
    namespace.use(async () => {
      await Promise.reject(thrown);
    });
    const client = new FakeClient();
    const listeners = process.rawListeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    try {
      assert.deepEqual(await surfacing(() => client.enter(namespace)), [thrown]);
    } finally {
      for (const listener of listeners) process.on('unhandledRejection', listener as () => void);
    }
    assert.deepEqual(client.received, []);
  });
});

describe('Node’s emitter methods on a namespace', () => {
  it('count, list, stop', () => {
    const namespace = openNamespace('/');
    const listener = (): void => assert.fail();
    namespace.on('connection', listener).once('connection', listener);
    assert.equal(namespace.listenerCount('connection'), 2);
    assert.deepEqual(namespace.listeners('connection'), [listener, listener]);
    namespace.off('connection', listener).removeAllListeners();
    enter(namespace);
  });
});
