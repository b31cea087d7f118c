import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import { enter, FakeClient, openNamespace, surfacing, turn } from '../../test/fake-client.ts';
import { historyOf, recoveryOf } from '../history-options.ts';
import { MemoryLog } from '../history/memory-log.ts';
import type { Namespace, NamespaceHost } from '../namespaces/namespace.ts';
import type { Socket } from '../namespaces/socket.ts';
import { presenceOf, type PresenceOptions } from '../presence-options.ts';
import { Flush } from '../transport/flush.ts';
import { HistoryAdapter } from './history-adapter.ts';
import type { PresenceChange } from './presence.ts';

interface Stage {
  namespace: Namespace;
  clock: ManualClock;
  /** The changes since this was asked last, in short: `room: +ann -bob 2`. */
  readonly told: () => Promise<string[]>;
}

const byName: PresenceOptions = { identity: (socket) => socket.handshake.auth['name'] };

function open(options: PresenceOptions = byName, host: Partial<NamespaceHost> = {}): Stage {
  const clock = new ManualClock();
  const flush = new Flush();
  const namespace = openNamespace('/', {
    presenceSettings: presenceOf(options),
    now: () => clock.now(),
    wallNow: () => 1_000_000 + clock.now(),
    after: (ms, callback) => clock.wake(ms, callback),
    beforeFlush: (callback) => flush.before(callback),
    ...host,
  });
  const changes: string[] = [];
  namespace.presence.on('change', (room, change) => changes.push(`${room}: ${inShort(change)}`));
  const told = async (): Promise<string[]> => {
    await turn();
    return changes.splice(0);
  };
  return { namespace, clock, told };
}

function inShort({ joined = [], left = [], count }: PresenceChange): string {
  return [...joined.map((name) => `+${name}`), ...left.map((name) => `-${name}`), count].join(' ');
}

function enterAs(namespace: Namespace, name: string | undefined, ...rooms: string[]): Visit {
  const client = new FakeClient();
  const socket = client.enter(namespace, { name });
  assert.ok(socket !== undefined);
  void socket.join(rooms);
  return { client, socket };
}

interface Visit {
  client: FakeClient;
  socket: Socket;
}

describe('presence in rooms', () => {
  it('tells once per room and turn, of people', async () => {
    const { namespace, told, clock } = open();
    clock.advance(7);
    enterAs(namespace, 'ann', 'red');
    enterAs(namespace, 'ann', 'red', 'blue');
    const bob = enterAs(namespace, 'bob', 'red');
    assert.deepEqual(await told(), ['red: +ann +bob 2', 'blue: +ann 1']);
    assert.deepEqual(await namespace.in('red').presence(), {
      count: 2,
      people: [
        { identity: 'ann', sockets: 2, since: 1_000_007 },
        { identity: 'bob', sockets: 1, since: 1_000_007 },
      ],
    });
    void bob.socket.leave('red');
    void bob.socket.join('red');
    assert.deepEqual(await told(), []);
    assert.deepEqual(await namespace.in('empty').presence(), { count: 0, people: [] });
  });

  it('1,000 sockets that join in a turn are one change', async () => {
    const { namespace, told } = open({ ...byName, maxNamed: 1_000 });
    let events = 0;
    namespace.presence.on('change', () => (events += 1));
    for (let at = 0; at < 1_000; at += 1) enterAs(namespace, `person ${at}`, 'red');
    const [change] = await told();
    assert.equal(events, 1);
    assert.match(change ?? '', /^red: \+person 0 .* \+person 999 1000$/);
  });

  it('who leaves the room or the namespace is gone at once, from either side', async () => {
    const { namespace, told } = open();
    const [ann, bob, cat] = ['ann', 'bob', 'cat'].map((name) => enterAs(namespace, name, 'red'));
    await told();
    void ann?.socket.leave('red');
    assert.deepEqual(await told(), ['red: -ann 2']);
    bob?.socket.disconnect();
    assert.deepEqual(await told(), ['red: -bob 1']);
    cat?.socket.onPacket({ type: 'disconnect', namespace: '/' });
    assert.deepEqual(await told(), ['red: -cat 0']);
    namespace.socketsLeave('red');
    assert.deepEqual(await told(), []);
  });

  it('who is lost has not left within the time of grace', async () => {
    const { namespace, told, clock } = open();
    const ann = enterAs(namespace, 'ann', 'red', 'blue');
    await told();
    ann.client.lose();
    clock.advance(4_999);
    assert.deepEqual(await told(), []);
    assert.equal((await namespace.in('red').presence()).people?.[0]?.sockets, 0);
    const again = enterAs(namespace, 'ann', 'red');
    clock.advance(1);
    assert.deepEqual(await told(), ['blue: -ann 0']);
    clock.advance(10_000);
    assert.deepEqual(await told(), []);
    again.client.lose();
    clock.advance(5_000);
    assert.deepEqual(await told(), ['red: -ann 0']);
    assert.equal(clock.pending, 0);
  });

  it('many are lost at different times, with one timer', async () => {
    const { namespace, told, clock } = open({ ...byName, grace: 100 });
    for (const name of ['ann', 'bob', 'cat']) {
      enterAs(namespace, name, 'red').client.lose();
      clock.advance(40);
      assert.equal(clock.pending, 1);
    }
    await told();
    assert.equal((await namespace.in('red').presence()).count, 2);
    clock.advance(40);
    assert.deepEqual(await told(), ['red: -bob 1']);
    clock.advance(40);
    assert.deepEqual(await told(), ['red: -cat 0']);
  });

  it('without an identity of their own, sockets are told apart by their ids', async () => {
    const { namespace, told } = open({});
    const { socket } = enter(namespace);
    void socket.join('red');
    assert.deepEqual(await told(), [`red: +${socket.id} 1`]);
  });

  it('who has no identity is not counted, until it joins again with one', async () => {
    const { namespace, told } = open({ identity: (socket) => socket.data.name });
    const { socket } = enterAs(namespace, undefined, 'red');
    assert.deepEqual(await told(), []);
    socket.data.name = 'ann';
    void socket.join('blue');
    void socket.join('red');
    assert.deepEqual(await told(), ['blue: +ann 1']);
    void socket.leave('red');
    void socket.join('red');
    assert.deepEqual(await told(), ['red: +ann 1']);
  });

  it('rooms joined at the door count once the socket is in', async () => {
    const { namespace, told } = open({ identity: (socket) => socket.data.name });
    namespace.use((socket, next) => {
      void socket.join('red');
      socket.data.name = 'ann';
      next(socket.handshake.auth['name'] === 'ann' ? undefined : new Error('not you'));
    });
    new FakeClient().enter(namespace, { name: 'eve' });
    assert.deepEqual(await told(), []);
    enterAs(namespace, 'ann');
    assert.deepEqual(await told(), ['red: +ann 1']);
  });

  it('only watched rooms; the sockets’ own never', async () => {
    const { namespace, told } = open({ ...byName, rooms: (room, nsp) => nsp === '/' && room !== 'dark' });
    const { socket } = enterAs(namespace, 'ann', 'red', 'dark');
    assert.deepEqual(await told(), ['red: +ann 1']);
    await assert.rejects(namespace.in('dark').presence(), /"dark" is not watched/);
    await assert.rejects(namespace.in(socket.id).presence(), /is not watched/);
  });

  it('is of exactly one room', async () => {
    const { namespace } = open();
    await assert.rejects(namespace.in(['red', 'blue']).presence(), TypeError);
    await assert.rejects(namespace.local.presence(), TypeError);
    await assert.rejects(namespace.in('red').except('blue').presence(), TypeError);
  });

  it('is off by default, costs no listener then, and says so', async () => {
    const namespace = openNamespace('/');
    assert.throws(() => namespace.presence, /the option "presence" is off/);
    await assert.rejects(namespace.in('red').presence(), /the option "presence" is off/);
    const { adapter } = namespace;
    assert.ok('listenerCount' in adapter);
    assert.equal((adapter.listenerCount as (event: string) => number)('join-room'), 0);
  });

  it('large rooms are told of once a second, with the count alone', async () => {
    const { namespace, told, clock } = open({ ...byName, maxNamed: 2 });
    const visits = ['ann', 'bob', 'cat'].map((name) => enterAs(namespace, name, 'red'));
    assert.deepEqual(await told(), ['red: 3']);
    assert.deepEqual(await namespace.in('red').presence(), { count: 3, people: undefined });
    for (const name of ['dan', 'eve']) {
      visits.push(enterAs(namespace, name, 'red'));
      assert.deepEqual(await told(), []);
    }
    clock.advance(999);
    assert.deepEqual(await told(), []);
    clock.advance(1);
    assert.deepEqual(await told(), ['red: 5']);
    clock.advance(1_000);
    assert.deepEqual(await told(), []);
    visits.pop()?.socket.disconnect();
    assert.deepEqual(await told(), ['red: 4']);
    // Names again, at once; and that there are none any more, too.
    for (const { socket } of visits.splice(1)) socket.disconnect();
    assert.deepEqual(await told(), ['red: +ann 1']);
    for (const name of ['fay', 'gus']) enterAs(namespace, name, 'red');
    assert.deepEqual(await told(), ['red: 3']);
    clock.advance(2_000);
    assert.deepEqual(await told(), []);
    assert.equal(clock.pending, 0);
  });

  it('what is the user’s surfaces as elsewhere, and ends nothing of ours', async () => {
    const { namespace, told } = open({
      identity: ({ handshake }) => {
        if (handshake.auth['name'] === 'throw') throw new Error('of the identity');
        return handshake.auth['name'];
      },
    });
    namespace.presence.on('change', (room) => {
      if (room === 'red') throw new Error('of the listener');
    });
    const errors = await surfacing(async () => {
      enterAs(namespace, 'throw', 'red');
      enterAs(namespace, 7 as never, 'red');
      enterAs(namespace, 'ann', 'red', 'blue');
      await turn();
    });
    assert.deepEqual(errors.map((error) => (error as Error).message).toSorted(), [
      'Option "presence.identity" must return a string or nothing, got number',
      'of the identity',
      'of the listener',
    ]);
    assert.deepEqual(await told(), ['red: +ann 1', 'blue: +ann 1']);
  });

  it('tells nothing any more when it is closed', async () => {
    const { namespace, told, clock } = open({ ...byName, maxNamed: 2 });
    const visits = ['ann', 'bob', 'cat'].map((name) => enterAs(namespace, name, 'red'));
    await told();
    for (const { client } of visits) client.lose();
    await namespace.closeRooms();
    assert.equal(clock.pending, 0);
    assert.deepEqual(await told(), []);
  });
});

describe('presence and recovery', () => {
  function openWithRecovery(): Stage {
    const recovery = recoveryOf({ maxDisconnectionDuration: 60_000 });
    const settings = historyOf(true, recovery, 0);
    assert.ok(settings !== undefined);
    // Their ids: what a recovered socket keeps.
    return open(
      {},
      { recovery, openAdapter: (scope) => new HistoryAdapter(scope, { ...settings, log: new MemoryLog() }) },
    );
  }

  function ticketOf({ received }: FakeClient): { pid: string } {
    const connect = received.find(({ type }) => type === 'connect');
    assert.ok(connect?.type === 'connect');
    return connect.data as { pid: string };
  }

  it('a recovered socket never left', async () => {
    const { namespace, told, clock } = openWithRecovery();
    const { client, socket } = enterAs(namespace, undefined, 'red');
    assert.deepEqual(await told(), [`red: +${socket.id} 1`]);
    client.lose();
    clock.advance(4_000);
    const back = new FakeClient().enter(namespace, ticketOf(client));
    assert.ok(back?.recovered === true && back.rooms.has('red'));
    clock.advance(20_000);
    assert.deepEqual(await told(), []);
    assert.equal((await namespace.in('red').presence()).people?.[0]?.sockets, 1);
    back.disconnect();
    assert.deepEqual(await told(), [`red: -${socket.id} 0`]);
  });

  it('who comes back before the old connection is known to be dead never left', async () => {
    const { namespace, told, clock } = openWithRecovery();
    const { client, socket } = enterAs(namespace, undefined, 'red');
    await told();
    const back = new FakeClient().enter(namespace, ticketOf(client));
    assert.ok(back?.recovered === true && !socket.connected);
    clock.advance(20_000);
    assert.deepEqual(await told(), []);
    assert.equal((await namespace.in('red').presence()).people?.[0]?.sockets, 1);
  });

  it('who is recovered after the grace has left, and joins again', async () => {
    const { namespace, told, clock } = openWithRecovery();
    const { client, socket } = enterAs(namespace, undefined, 'red');
    await told();
    client.lose();
    clock.advance(5_000);
    assert.deepEqual(await told(), [`red: -${socket.id} 0`]);
    new FakeClient().enter(namespace, ticketOf(client));
    assert.deepEqual(await told(), [`red: +${socket.id} 1`]);
  });
});
