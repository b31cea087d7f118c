import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import { FakeClient, openNamespace, turn } from '../../test/fake-client.ts';
import type { Namespace } from '../namespaces/namespace.ts';
import { StateError } from '../errors.ts';
import { type HistoryOptions, historyOf, type KeepOptions, recoveryOf } from '../history-options.ts';
import { MemoryLog } from '../history/memory-log.ts';
import { HistoryAdapter } from './history-adapter.ts';

interface Stage {
  namespace: Namespace;
  clock: ManualClock;
}

function open(
  options: { maxPackets?: number; skipMiddlewares?: boolean; history?: HistoryOptions } = {},
): Stage {
  const { maxPackets = Infinity, skipMiddlewares = true, history = {} } = options;
  const clock = new ManualClock();
  const recovery = recoveryOf({ maxDisconnectionDuration: 1_000, skipMiddlewares, maxPackets });
  const settings = historyOf(history, recovery, 0);
  assert.ok(settings !== undefined);
  const log = settings.log ?? new MemoryLog();
  const namespace = openNamespace('/', {
    recovery,
    openAdapter: (scope) => new HistoryAdapter(scope, { ...settings, log }),
    now: () => clock.now(),
    wallNow: () => clock.now(),
    after: (ms, callback) => clock.wake(ms, callback),
  });
  return { namespace, clock };
}

/** What a client must say to come back: its private id, and the last offset that it has seen. */
function ticketOf(client: FakeClient): { pid: string; offset?: string } {
  const connect = client.received.find(({ type }) => type === 'connect');
  assert.ok(connect?.type === 'connect');
  const { pid } = connect.data as { pid: string };
  const offset = client.events.at(-1)?.at(-1);
  return typeof offset === 'string' ? { pid, offset } : { pid };
}

/** The events after the connect packet's neighbours, without their offsets. */
function heard(client: FakeClient): unknown[][] {
  return client.events.map((event) => event.slice(0, -1));
}

describe('recovery', () => {
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
    assert.equal(second.received[0]?.type, 'connect');
    assert.equal(ticketOf(second).pid, ticket.pid);

    // And again, from where it stands now.
    const next = ticketOf(second);
    second.lose();
    namespace.emit('later');
    const third = new FakeClient();
    assert.equal(third.enter(namespace, next)?.recovered, true);
    assert.deepEqual(heard(third), [['later']]);
  });

  it('lets nobody come back with an invented id, a wrong offset, or after a good-bye', () => {
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
    clock.advance(100_000);
    assert.equal(clock.pending, 0);
  });

  it('limit: maxPackets', () => {
    const { namespace } = open({ maxPackets: 3 });
    const client = new FakeClient();
    client.enter(namespace)?.emit('seen');
    const ticket = ticketOf(client);
    client.lose();
    for (let at = 0; at < 4; at += 1) namespace.emit('missed', at);
    assert.equal(new FakeClient().enter(namespace, ticket)?.recovered, false);
    // As many clients, too: the oldest is not remembered any more.
    const tickets = [0, 1, 2, 3].map(() => {
      const other = new FakeClient();
      other.enter(namespace)?.emit('seen');
      const kept = ticketOf(other);
      other.lose();
      return kept;
    });
    const known = tickets.map(
      ({ pid, offset = '' }) => namespace.adapter.restoreSession(pid, offset) !== null,
    );
    assert.deepEqual(known, [false, true, true, true]);
  });

  it('a client that has heard nothing yet, and one that has heard nothing since it came', () => {
    const { namespace } = open();
    const first = new FakeClient();
    first.enter(namespace);
    const ticket = ticketOf(first);
    assert.deepEqual(Object.keys(ticket), ['pid']);
    first.lose();
    namespace.emit('missed', 1);
    const second = new FakeClient();
    assert.equal(second.enter(namespace, ticket)?.recovered, true);
    assert.deepEqual(heard(second), [['missed', 1]]);

    // A new session, but official clients still say the position that they heard in the one before.
    const { offset = '' } = ticketOf(second);
    second.sockets.get('/')?.disconnect();
    namespace.emit('not for it');
    const third = new FakeClient();
    assert.equal(third.enter(namespace, { ...ticket, offset })?.recovered, false);
    const { pid } = ticketOf(third);
    third.lose();
    namespace.emit('missed', 2);
    const fourth = new FakeClient();
    assert.equal(fourth.enter(namespace, { pid, offset })?.recovered, true);
    assert.deepEqual(heard(fourth), [['missed', 2]]);
  });

  it('who comes back before its connection is known to be dead takes its place', () => {
    const { namespace } = open();
    const dead = new FakeClient();
    const socket = dead.enter(namespace);
    assert.ok(socket !== undefined);
    const reasons: unknown[] = [];
    socket.on('disconnect', (reason) => reasons.push(reason));
    void socket.join('room');
    socket.emit('heard');
    const ticket = ticketOf(dead);
    namespace.to('room').emit('never arrived');
    const alive = new FakeClient();
    const back = alive.enter(namespace, ticket);
    assert.deepEqual([back?.recovered, back?.id, namespace.sockets.size], [true, socket.id, 1]);
    assert.deepEqual([reasons, dead.isOpen], [['transport close'], false]);
    assert.deepEqual(heard(alive), [['never arrived']]);
    assert.deepEqual([...namespace.adapter.rooms.keys()].toSorted(), ['room', socket.id].toSorted());
  });

  it('events of rooms are missed while it was in them, and not before or after', () => {
    const { namespace } = open();
    const client = new FakeClient();
    const socket = client.enter(namespace);
    assert.ok(socket !== undefined);
    socket.emit('heard');
    const ticket = ticketOf(client);
    namespace.to('a').emit('a', 'before');
    void socket.join('a');
    namespace.to('a').emit('a', 'in');
    namespace.except('a').emit('all', 'not in a');
    void socket.leave('a');
    namespace.to('a').emit('a', 'after');
    namespace.except('a').emit('all', 'out of a');
    void socket.join('a');
    namespace.to('a').emit('a', 'again');
    client.lose();
    namespace.to('a').emit('a', 'away');
    const second = new FakeClient();
    second.enter(namespace, ticket);
    assert.deepEqual(heard(second), [
      ['a', 'in'],
      ['all', 'out of a'],
      ['a', 'again'],
      ['a', 'away'],
    ]);
  });

  it('a text at the end of an event that is not kept is not taken for a position', () => {
    const { namespace } = open({ history: { keep: (event) => event !== 'not kept' } });
    const client = new FakeClient();
    client.enter(namespace);
    namespace.emit('heard');
    namespace.volatile.emit('volatile', 'a text');
    namespace.emit('not kept', 'a text');
    namespace.volatile.emit('volatile', 1);
    const { pid } = ticketOf(client);
    // What an official client would say: the last text at the end of an event.
    const texts = client.events.map((event) => event.at(-1)).filter((text) => typeof text === 'string');
    client.lose();
    namespace.emit('missed');
    const second = new FakeClient();
    assert.equal(second.enter(namespace, { pid, offset: texts.at(-1) })?.recovered, true);
    assert.deepEqual(heard(second), [['missed']]);
  });

  it('a heartbeat tells what has arrived: who was told nothing is not lost when others’ events are gone', () => {
    const { namespace } = open({ maxPackets: 10 });
    const quiet = new FakeClient();
    const socket = quiet.enter(namespace);
    const ticket = ticketOf(quiet);
    for (let at = 0; at < 50; at += 1) namespace.to('elsewhere').emit('noise', at);
    socket?.onPinged();
    namespace.emit('missed');
    socket?.onPong();
    quiet.lose();
    const second = new FakeClient();
    assert.equal(second.enter(namespace, ticket)?.recovered, true);
    assert.deepEqual(heard(second), [['missed']]);

    const unheard = new FakeClient();
    unheard.enter(namespace);
    const other = ticketOf(unheard);
    unheard.lose();
    for (let at = 0; at < 50; at += 1) namespace.to('elsewhere').emit('noise', at);
    assert.equal(new FakeClient().enter(namespace, other)?.recovered, false);
  });

  it('a long absence is told page by page, and what is said meanwhile waits behind it', () => {
    const { namespace } = open();
    const client = new FakeClient();
    client.enter(namespace);
    const ticket = ticketOf(client);
    client.lose();
    for (let at = 0; at < 600; at += 1) namespace.emit('missed', at);
    const second = new FakeClient();
    const socket = second.enter(namespace, ticket);
    assert.ok(socket !== undefined);
    assert.equal(second.events.length, 256);
    namespace.emit('live', 600);
    socket.emit('asked', 601, () => {});
    namespace.volatile.emit('volatile');
    namespace.emit('live', 602);
    assert.equal(second.events.length, 256);
    second.write();
    assert.equal(second.events.length, 512);
    second.write();
    assert.deepEqual(
      second.events.map(([, at]) => at),
      Array.from({ length: 603 }, (_, at) => at),
    );
    namespace.emit('live', 603);
    assert.equal(second.events.at(-1)?.[1], 603);
  });

  it('what goes while it waits is not passed over in silence', () => {
    const { namespace } = open({ maxPackets: 600 });
    const client = new FakeClient();
    client.enter(namespace);
    const ticket = ticketOf(client);
    client.lose();
    for (let at = 0; at < 600; at += 1) namespace.emit('missed', at);
    const second = new FakeClient();
    const socket = second.enter(namespace, ticket);
    const reasons: unknown[] = [];
    socket?.on('disconnect', (reason) => reasons.push(reason));
    for (let at = 0; at < 400; at += 1) namespace.emit('more', at);
    second.write();
    assert.deepEqual(reasons, ['slow reader']);
    assert.equal(new FakeClient().enter(namespace, ticketOf(second))?.recovered, false);
  });

  it('a client that is lost at the door, or refused there', async () => {
    const { namespace } = open({ skipMiddlewares: false });
    let decide: (error?: Error) => void = () => {};
    const client = new FakeClient();
    client.enter(namespace);
    const ticket = ticketOf(client);
    client.lose();
    namespace.use((_socket, next) => (decide = next));
    const second = new FakeClient();
    second.enter(namespace, ticket);
    const letSecondIn = decide;
    // It comes again while the first try still waits.
    const third = new FakeClient();
    third.enter(namespace, ticket);
    decide();
    await turn();
    letSecondIn();
    await turn();
    assert.deepEqual(
      [second.isOpen, second.sockets.size, third.sockets.get('/')?.recovered],
      [false, 0, true],
    );
    third.lose();
    const fourth = new FakeClient();
    fourth.enter(namespace, ticket);
    fourth.conn.close();
    decide();
    await turn();
    const fifth = new FakeClient();
    fifth.enter(namespace, ticket);
    decide(new Error('not you'));
    await turn();
    const sixth = new FakeClient();
    sixth.enter(namespace, ticket);
    decide();
    await turn();
    assert.deepEqual([fifth.refusals, sixth.sockets.get('/')?.recovered], [1, false]);
  });

  it('a client that does not read costs nothing more, and gets all when it reads again', () => {
    const { namespace } = open();
    const client = new FakeClient();
    const socket = client.enter(namespace);
    namespace.emit('event', 0);
    client.isFull = true;
    namespace.emit('event', 1);
    socket?.emit('asked', 2, () => {});
    namespace.volatile.emit('volatile');
    for (let at = 3; at < 300; at += 1) namespace.emit('event', at);
    assert.equal(client.events.length, 1);
    client.isFull = false;
    client.write();
    client.write();
    assert.deepEqual(
      client.events.map(([, at]) => at),
      Array.from({ length: 300 }, (_, at) => at),
    );
    namespace.emit('event', 300);
    assert.equal(client.events.at(-1)?.[1], 300);
  });

  it('gives who joins with a position what the room said since, and says when it cannot', async () => {
    const { namespace } = open({ maxPackets: 5 });
    const client = new FakeClient();
    const socket = client.enter(namespace);
    assert.ok(socket !== undefined);
    const fresh = await socket.join('a', { since: null });
    assert.deepEqual([fresh.complete, socket.rooms.has('a')], [true, true]);
    void socket.leave('a');
    namespace.to('a').emit('a', 1);
    namespace.to('b').emit('b', 1);
    namespace.to(['a', 'b']).emit('both', 1);
    namespace.emit('all');
    const before = client.events.length;
    const joined = await socket.join('a', { since: fresh.position });
    namespace.to('a').emit('a', 2);
    assert.equal(joined.complete, true);
    assert.deepEqual(
      client.events.slice(before).map((event) => event.slice(0, -1)),
      [
        ['a', 1],
        ['both', 1],
        ['a', 2],
      ],
    );
    for (let at = 0; at < 5; at += 1) namespace.to('a').emit('a', at);
    for (const since of [fresh.position, 'invented', '']) {
      assert.equal((await socket.join('a', { since })).complete, false);
    }
    const { position } = await namespace.in('a').history();
    assert.equal((await socket.join('a', { since: position })).complete, true);
  });

  it('reads what was said in rooms, forwards and back', async () => {
    const { namespace, clock } = open({ maxPackets: 6 });
    for (let at = 1; at <= 4; at += 1) {
      clock.advance(10);
      namespace.to('a').emit('a', at, Buffer.from('x'));
    }
    namespace.emit('all', 'of us');
    const a = namespace.in('a');
    const newest = await a.history({ limit: 2 });
    assert.deepEqual(
      newest.events.map(({ name, args, at }) => [name, args, at]),
      [
        ['a', [3, Buffer.from('x')], 30],
        ['a', [4, Buffer.from('x')], 40],
      ],
    );
    const older = await a.history({ before: newest.events[0]?.position, limit: 2 });
    assert.deepEqual([older.events.map(({ args }) => args[0]), older.gap], [[1, 2], false]);
    const after = await a.history({ after: older.events[0]?.position });
    assert.deepEqual([after.events.map(({ args }) => args[0]), after.gap], [[2, 3, 4], false]);
    const toAll = await namespace.to([]).history();
    assert.deepEqual(
      toAll.events.map(({ name, args }) => [name, ...args]),
      [['all', 'of us']],
    );
    for (let at = 5; at <= 8; at += 1) namespace.to('a').emit('a', at);
    assert.equal((await a.history()).gap, true);
    assert.equal((await a.history({ after: older.events[0]?.position })).gap, true);
    assert.equal((await a.history({ after: newest.position })).gap, false);
    for (const query of [{ after: 'invented' }, { before: 'invented' }]) {
      const { events, gap } = await a.history(query);
      assert.deepEqual([events, gap], [[], true]);
    }
    await assert.rejects(a.history({ limit: 0 }), RangeError);
    await assert.rejects(openNamespace('/').in('a').history(), StateError);
  });

  it('a room may have a rule of its own', async () => {
    const rooms = (room: string): KeepOptions | false | undefined =>
      room === 'channel' ? { maxEvents: 10 } : room === 'cursor' ? false : undefined;
    const { namespace } = open({ maxPackets: 2, history: { rooms } });
    for (let at = 0; at < 12; at += 1) {
      namespace.to('channel').emit('channel', at);
      namespace.to('cursor').emit('cursor', at);
      namespace.to('other').emit('other', at);
    }
    const count = async (room: string): Promise<number> => (await namespace.in(room).history()).events.length;
    assert.deepEqual([await count('channel'), await count('cursor'), await count('other')], [10, 0, 2]);
  });

  it('a thousand who come back at once leave the event loop to others in between, and miss nothing', async () => {
    const { namespace } = open();
    const lost = Array.from({ length: 1_000 }, () => new FakeClient());
    for (const client of lost) client.enter(namespace);
    const tickets = lost.map(ticketOf);
    for (const client of lost) client.lose();
    for (let nth = 0; nth < 20; nth += 1) namespace.emit('missed', nth);
    const back = tickets.map((ticket) => {
      const client = new FakeClient();
      assert.equal(client.enter(namespace, ticket)?.recovered, true);
      return client;
    });
    const served = (): number => back.filter((client) => client.events.length >= 20).length;
    assert.ok(served() > 0 && served() < 200, `${served()} in one turn`);
    namespace.emit('live');
    for (let turns = 0; served() < 1_000 && turns < 100; turns += 1) await turn();
    const all = [...Array.from({ length: 20 }, (_, nth) => ['missed', nth]), ['live']];
    for (const client of back) assert.deepEqual(heard(client), all);
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
