import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import { FakeClient, openNamespace } from '../../test/fake-client.ts';
import type { Namespace } from '../namespaces/namespace.ts';
import { RecoveryAdapter } from './recovery-adapter.ts';

interface Stage {
  namespace: Namespace;
  clock: ManualClock;
}

function open(options: { maxPackets?: number; skipMiddlewares?: boolean } = {}): Stage {
  const { maxPackets = Infinity, skipMiddlewares = true } = options;
  const clock = new ManualClock();
  const namespace = openNamespace('/', {
    recovery: { skipMiddlewares },
    openAdapter: (scope) => new RecoveryAdapter(scope, { maxDisconnectionMs: 1_000, maxPackets }),
    now: () => clock.now(),
    after: (ms, callback) => clock.wake(ms, callback),
  });
  return { namespace, clock };
}

/** What a client must say to come back: its private id, and the last offset that it has seen. */
function ticketOf(client: FakeClient): { pid: string; offset: string } {
  const connect = client.received.find(({ type }) => type === 'connect');
  assert.ok(connect?.type === 'connect');
  const { pid } = connect.data as { pid: string };
  return { pid, offset: String(client.events.at(-1)?.at(-1)) };
}

/** The events after the connect packet's neighbours, without their offsets. */
function heard(client: FakeClient): unknown[][] {
  return client.events.map((event) => event.slice(0, -1));
}

describe('RecoveryAdapter', () => {
  it('gives back the id, the rooms, the data and each missed event once, in order, before the rest', () => {
    const { namespace } = open();
    const first = new FakeClient();
    const socket = first.enter(namespace);
    assert.ok(socket !== undefined && !socket.recovered);
    socket.join('room');
    socket.data.name = 'alice';
    socket.emit('seen');
    const ticket = ticketOf(first);
    first.lose();
    namespace.emit('to all', 1);
    namespace.to('room').emit('to the room', Buffer.from('x'));
    namespace.to('other').emit('to others');
    namespace.except('room').emit('not to the room');
    namespace.to(socket.id).emit('to it');
    namespace.volatile.emit('volatile');
    namespace.timeout(10).emit('asked', () => {});

    const second = new FakeClient();
    const back = second.enter(namespace, ticket);
    assert.ok(back?.recovered);
    assert.deepEqual(
      [back.id, back.data, [...back.rooms].toSorted()],
      [socket.id, { name: 'alice' }, ['room', socket.id].toSorted()],
    );
    assert.deepEqual(heard(second), [['to all', 1], ['to the room', Buffer.from('x')], ['to it']]);
    assert.deepEqual(second.received.map(({ type }) => type).at(-1), 'connect');
    assert.equal(ticketOf(second).pid, ticket.pid);

    // And again, from where it stands now.
    const next = ticketOf(second);
    second.lose();
    namespace.emit('later');
    const third = new FakeClient();
    assert.equal(third.enter(namespace, next)?.recovered, true);
    assert.deepEqual(heard(third), [['later']]);
  });

  it('lets nobody come back twice, with an invented id, a wrong offset, or after a good-bye', () => {
    const { namespace } = open();
    const client = new FakeClient();
    client.enter(namespace)?.emit('seen');
    const ticket = ticketOf(client);
    client.lose();
    const tryWith = (auth: Record<string, unknown>): boolean | undefined =>
      new FakeClient().enter(namespace, auth)?.recovered;
    assert.equal(tryWith({ ...ticket, pid: 'invented' }), false);
    assert.equal(tryWith({ ...ticket, offset: 'invented' }), false);
    assert.equal(tryWith({ ...ticket, pid: 7 }), false);
    assert.equal(tryWith({ ...ticket, pid: '__proto__' }), false);
    assert.equal(tryWith(ticket), true);
    assert.equal(tryWith(ticket), false);

    const polite = new FakeClient();
    const socket = polite.enter(namespace);
    socket?.emit('seen');
    socket?.disconnect();
    assert.equal(tryWith(ticketOf(polite)), false);
  });

  it('forgets in time, and keeps no timer when there is nothing to forget', () => {
    const { namespace, clock } = open();
    const client = new FakeClient();
    client.enter(namespace)?.emit('seen');
    const ticket = ticketOf(client);
    client.lose();
    clock.advance(1_001);
    assert.equal(new FakeClient().enter(namespace, ticket)?.recovered, false);
    clock.advance(10_000);
    assert.equal(clock.pending, 0);
  });

  it('limit: maxPackets', () => {
    const { namespace } = open({ maxPackets: 3 });
    const client = new FakeClient();
    client.enter(namespace)?.emit('seen');
    const ticket = ticketOf(client);
    client.lose();
    for (let at = 0; at < 3; at += 1) namespace.emit('missed', at);
    assert.equal(new FakeClient().enter(namespace, ticket)?.recovered, false);
    // As many clients, too: the oldest is not remembered any more.
    const tickets = [0, 1, 2, 3].map(() => {
      const other = new FakeClient();
      other.enter(namespace)?.emit('seen');
      const kept = ticketOf(other);
      other.lose();
      return kept;
    });
    const known = tickets.map(({ pid }) => {
      const offset = ticketOf(client).offset;
      return namespace.adapter.restoreSession(pid, tickets.at(-1)?.offset ?? offset) !== null;
    });
    assert.deepEqual(known, [false, true, true, true]);
  });

  it('asks the middleware of who comes back, or not', () => {
    for (const skipMiddlewares of [true, false]) {
      const { namespace } = open({ skipMiddlewares });
      let asked = 0;
      namespace.use((_socket, next) => {
        asked += 1;
        next();
      });
      const client = new FakeClient();
      client.enter(namespace)?.emit('seen');
      const ticket = ticketOf(client);
      client.lose();
      assert.equal(new FakeClient().enter(namespace, ticket)?.recovered, true);
      assert.equal(asked, skipMiddlewares ? 1 : 2);
    }
  });

  it('an adapter that fails or takes its time', async () => {
    for (const restoreSession of [
      () => Promise.reject(new Error('of the adapter')),
      () => {
        throw new Error('of the adapter');
      },
      () => Promise.resolve(null),
    ]) {
      const { namespace } = open();
      Object.assign(namespace.adapter, { restoreSession });
      const entered = new Promise((resolve) => namespace.on('connection', resolve));
      new FakeClient().enter(namespace, { pid: 'a', offset: 'b' });
      assert.equal(((await entered) as { recovered: boolean }).recovered, false);
    }
  });
});
