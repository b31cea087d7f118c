import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { enter, type FakeClient, openNamespace, say, surfacing, turn } from '../../test/fake-client.ts';
import { Acks } from './acks.ts';
import type { Socket } from './socket.ts';

/** A callback that keeps each call's arguments. */
function recorder(): { calls: unknown[][]; call: (...args: unknown[]) => void } {
  const calls: unknown[][] = [];
  return { calls, call: (...args) => calls.push(args) };
}

function lastId(client: FakeClient): number {
  const packet = client.received.at(-1);
  assert.ok(packet?.type === 'event' && packet.id !== undefined);
  return packet.id;
}

function answer(socket: Socket, id: number, ...data: unknown[]): void {
  socket.onPacket({ type: 'ack', namespace: socket.nsp.name, id, data });
}

describe('Acks', () => {
  it('answers each question once', () => {
    const acks = new Acks();
    const { calls, call } = recorder();
    acks.set(7, call);
    assert.deepEqual([acks.answer(7, ['yes', 2]), acks.answer(7, ['again'])], [true, false]);
    assert.deepEqual(calls, [['yes', 2]]);
  });

  it('knows nothing of ids that nobody gave out', () => {
    const acks = new Acks();
    acks.set(7, () => assert.fail());
    for (const id of [6, -7, 7.5, NaN, Infinity, 2 ** 53, 1e300]) assert.equal(acks.answer(id, []), false);
  });
});

describe('an answer from a client', () => {
  it('of another socket does not count', () => {
    const namespace = openNamespace('/');
    const alice = enter(namespace);
    const bob = enter(namespace);
    const { calls, call } = recorder();
    alice.socket.emit('question', call);
    answer(bob.socket, lastId(alice.client), 'from bob');
    assert.deepEqual(calls, []);
    answer(alice.socket, lastId(alice.client), 'from alice');
    assert.deepEqual(calls, [['from alice']]);
  });

  it('that a callback throws at surfaces, and the next one is heard', async () => {
    const { client, socket } = enter(openNamespace('/'));
    const thrown = new Error('of the user');
    const { calls, call } = recorder();
    const errors = await surfacing(() => {
      socket.emit('question', () => {
        throw thrown;
      });
      answer(socket, lastId(client));
      socket.emit('question', call);
      answer(socket, lastId(client), 1);
    });
    assert.deepEqual(errors, [thrown]);
    assert.deepEqual(calls, [[1]]);
  });

  it('comes with the socket as `this`, as with Socket.IO', () => {
    const { client, socket } = enter(openNamespace('/'));
    let called = 0;
    socket.emit('question', function (this: unknown) {
      assert.equal(this, socket);
      called += 1;
    });
    answer(socket, lastId(client));
    assert.equal(called, 1);
  });

  it('carries binary', () => {
    const { client, socket } = enter(openNamespace('/'));
    socket.on('bytes', (bytes: Buffer, reply: (bytes: unknown) => void) => reply({ back: bytes }));
    say(socket, ['bytes', Buffer.from('ab')], 0);
    assert.deepEqual(client.received.at(-1), {
      type: 'ack',
      namespace: '/',
      id: 0,
      data: [{ back: Buffer.from('ab') }],
    });
  });
});

describe('timeout', () => {
  it('tells an error when nothing came in time, and a late answer is ignored', () => {
    const { client, socket } = enter(openNamespace('/'));
    const { calls, call } = recorder();
    socket.timeout(100).emit('question', call);
    client.clock.advance(99);
    assert.deepEqual(calls, []);
    client.clock.advance(1);
    assert.deepEqual(calls, [[new Error('operation has timed out')]]);
    answer(socket, lastId(client), 'late');
    assert.equal(calls.length, 1);
  });

  it('tells null and the answer, and leaves no alarm behind', () => {
    const { client, socket } = enter(openNamespace('/'));
    const { calls, call } = recorder();
    socket.timeout(100).emit('question', call);
    answer(socket, lastId(client), 'yes', 2);
    assert.deepEqual(calls, [[null, 'yes', 2]]);
    assert.equal(client.clock.pending, 0);
  });

  it('fires after the socket has left, too: before it or after it was asked', () => {
    const { client, socket } = enter(openNamespace('/'));
    const { calls, call } = recorder();
    socket.timeout(100).emit('question', call);
    client.lose();
    socket.timeout(100).emit('too late', call);
    client.clock.advance(100);
    assert.deepEqual(calls, [[new Error('operation has timed out')], [new Error('operation has timed out')]]);
  });

  it('whose callback throws does not stop the clock', async () => {
    const { client, socket } = enter(openNamespace('/'));
    const { calls, call } = recorder();
    const thrown = new Error('of the user');
    const errors = await surfacing(() => {
      socket.timeout(100).emit('question', () => {
        throw thrown;
      });
      socket.timeout(100).emit('question', call);
      client.clock.advance(100);
    });
    assert.deepEqual(errors, [thrown]);
    assert.equal(calls.length, 1);
  });

  it('refuses what is no number', () => {
    const { socket } = enter(openNamespace('/'));
    for (const ms of [NaN, '100', undefined]) {
      assert.throws(() => socket.timeout(ms as number), { name: 'TypeError', message: /milliseconds, got/ });
    }
  });

  it('of a promise rejects; in time it resolves', async () => {
    const { client, socket } = enter(openNamespace('/'));
    const late = socket.timeout(100).emitWithAck('question');
    const quick = socket.timeout(100).emitWithAck('question', 1);
    answer(socket, lastId(client), 'here');
    client.clock.advance(100);
    assert.equal(await quick, 'here');
    await assert.rejects(late, { message: 'operation has timed out' });
  });
});

describe('a question that cannot be sent', () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);

  it('throws to the caller and waits for nothing', () => {
    const { client, socket } = enter(openNamespace('/'));
    for (const bad of [cycle, { big: 1n }]) {
      assert.throws(() => socket.timeout(5).emit('question', bad, assert.fail), TypeError);
    }
    assert.equal(client.clock.pending, 0);
    assert.deepEqual(client.events, []);
  });

  it('rejects the promise', async () => {
    const { socket } = enter(openNamespace('/'));
    await assert.rejects(socket.emitWithAck('question', cycle), TypeError);
    await assert.rejects(socket.emitWithAck('disconnect'), /"disconnect" is a reserved event name/);
  });

  it('as an answer throws to the handler, which may answer something else, once', () => {
    const { client, socket } = enter(openNamespace('/'));
    socket.on('question', (reply: (data: unknown) => void) => {
      assert.throws(() => reply(cycle), TypeError);
      reply('sorry');
      reply('again');
    });
    say(socket, ['question'], 3);
    const answers = client.received.filter(({ type }) => type === 'ack');
    assert.deepEqual(answers, [{ type: 'ack', namespace: '/', id: 3, data: ['sorry'] }]);
  });
});

describe('a socket that has left', () => {
  it('releases the questions that nobody will answer', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { client, socket } = enter(openNamespace('/'));
    const ask = (): WeakRef<() => void> => {
      const callback = (): void => {};
      socket.emit('question', callback);
      return new WeakRef(callback);
    };
    const early = ask();
    client.lose();
    const late = ask();
    await turn(); // a WeakRef holds its target until the turn ends
    collectGarbage();
    assert.deepEqual([early.deref(), late.deref()], [undefined, undefined]);
    assert.equal(socket.connected, false);
  });

  it('answers nobody', () => {
    const { client, socket } = enter(openNamespace('/'));
    let reply: (() => void) | undefined;
    socket.on('question', (given: () => void) => (reply = given));
    say(socket, ['question'], 1);
    const before = client.received.length;
    client.conn.readyState = 'open';
    socket.onClose('client namespace disconnect');
    reply?.();
    assert.equal(client.received.length, before);
  });
});
