import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ManualClock } from 'websockets.io/testing';
import { enter, type FakeClient, openNamespace, surfacing, turn } from '../../test/fake-client.ts';
import type { Namespace } from '../namespaces/namespace.ts';
import type { Socket } from '../namespaces/socket.ts';

/** A namespace with so many sockets, as untyped JavaScript sees it: rooms may be anything. */
function gather(
  count: number,
  clock = new ManualClock(),
): { namespace: Namespace; members: ReturnType<typeof enter>[] } {
  const namespace = openNamespace('/', { after: (ms, callback) => clock.wake(ms, callback) });
  return { namespace, members: Array.from({ length: count }, () => enter(namespace)) };
}

/** Answers the last question that the client was asked. */
function answerLast(client: FakeClient, socket: Socket, answer: unknown): void {
  const packet = client.received.at(-1);
  assert.ok(packet?.type === 'event' && packet.id !== undefined);
  socket.onPacket({ type: 'ack', namespace: '/', id: packet.id, data: [answer] });
}

/** Who has heard an event of that name. */
function whoHeard(members: ReturnType<typeof enter>[], name: string): number[] {
  return members.flatMap(({ client }, at) =>
    client.events.flatMap(([event]) => (event === name ? [at] : [])),
  );
}

describe('rooms of a socket', () => {
  it('may have any name', () => {
    const { namespace, members } = gather(2);
    for (const room of ['', '__proto__', 'constructor', '👋']) {
      members[0]!.socket.join(room);
      namespace.to(room).emit(`to ${room}`);
      assert.deepEqual(whoHeard(members, `to ${room}`), [0]);
      members[0]!.socket.leave(room);
      assert.equal(namespace.adapter.rooms.has(room), false);
    }
  });

  it('may be numbers for untyped callers, which are not their strings', () => {
    const { namespace, members } = gather(2);
    const room = 42 as unknown as string;
    members[0]!.socket.join(room);
    members[1]!.socket.join('42');
    namespace.to(room).emit('by number');
    namespace.to('42').emit('by string');
    namespace.except(room).emit('except number');
    assert.deepEqual([whoHeard(members, 'by number'), whoHeard(members, 'by string')], [[0], [1]]);
    assert.deepEqual(whoHeard(members, 'except number'), [1]);
    namespace.socketsLeave(room);
    assert.equal(members[0]?.socket.rooms.size, 1);
  });

  it('`undefined` is nobody’s room, not everybody', () => {
    const { namespace, members } = gather(1);
    namespace.to(undefined as unknown as string).emit('secret');
    assert.deepEqual(whoHeard(members, 'secret'), []);
  });

  it('are joined several at a time, and left one at a time', () => {
    const { members } = gather(1);
    const { socket } = members[0]!;
    socket.join(['a', 'b', 'a']);
    socket.leave('a');
    socket.leave('never joined');
    assert.deepEqual([...socket.rooms].slice(1), ['b']);
  });

  it('its own one is like any other: who leaves it is not excepted from its own broadcasts any more', () => {
    const { namespace, members } = gather(2);
    const socket = members[0]!.socket;
    namespace.to(socket.id).emit('direct');
    socket.broadcast.emit('before');
    socket.leave(socket.id);
    namespace.to(socket.id).emit('direct');
    socket.broadcast.emit('after');
    assert.deepEqual(whoHeard(members, 'direct'), [0]);
    assert.deepEqual([whoHeard(members, 'before'), whoHeard(members, 'after')], [[1], [0, 1]]);
  });

  it('cannot be joined once the socket has left', () => {
    const { namespace, members } = gather(1);
    members[0]?.client.lose();
    members[0]!.socket.join('room');
    assert.deepEqual([namespace.adapter.rooms.size, namespace.adapter.sids.size], [0, 0]);
  });

  it('as `socket.rooms` are a copy', () => {
    const { namespace, members } = gather(1);
    members[0]?.socket.rooms.add('forged');
    assert.equal(namespace.adapter.rooms.has('forged'), false);
  });
});

describe('adapter events', () => {
  it('a listener that throws surfaces, and the socket leaves all its rooms', async () => {
    const { namespace, members } = gather(1);
    members[0]!.socket.join(['a', 'b']);
    namespace.adapter.on('leave-room', () => {
      throw new Error('of the user');
    });
    const errors = await surfacing(() => members[0]?.client.lose());
    assert.equal(errors.length, 3); // two rooms and its own
    assert.equal(namespace.adapter.rooms.size, 0);
  });
});

describe('BroadcastOperator', () => {
  it('is a value: refining one leaves it as it was', () => {
    const { namespace, members } = gather(3);
    members[1]!.socket.join('one');
    members[2]!.socket.join('two');
    const base = namespace.to('one');
    base.to('two').except('one').volatile.local.compress(false).emit('refined');
    base.emit('base');
    assert.deepEqual([whoHeard(members, 'refined'), whoHeard(members, 'base')], [[2], [1]]);
  });

  it('of a socket excludes the sender, whatever rooms it is in', () => {
    const { members } = gather(3);
    for (const { socket } of members) socket.join('room');
    members[0]?.socket.to('room').emit('to');
    members[0]?.socket.in(['room', 'other']).emit('in');
    members[0]?.socket.except(members[1]!.socket.id).emit('except');
    assert.deepEqual(whoHeard(members, 'to'), [1, 2]);
    assert.deepEqual(whoHeard(members, 'in'), [1, 2]);
    assert.deepEqual(whoHeard(members, 'except'), [2]);
  });

  it('volatile leaves out who cannot take it now', () => {
    const { namespace, members } = gather(2);
    members[0]!.client.writable = false;
    namespace.volatile.emit('event');
    assert.deepEqual(whoHeard(members, 'event'), [1]);
  });

  it('manages the sockets of an audience, even while they leave', async () => {
    const { namespace, members } = gather(4);
    namespace.to([0, 1].map((at) => members[at]!.socket.id)).socketsJoin(['a', 'b']);
    assert.deepEqual(await namespace.in('a').fetchSockets(), [members[0]?.socket, members[1]?.socket]);
    namespace.in('a').socketsLeave('b');
    assert.equal(namespace.adapter.rooms.has('b'), false);
    members[0]?.socket.on('disconnect', () => namespace.disconnectSockets());
    namespace.in('a').disconnectSockets(true);
    assert.equal(namespace.sockets.size, 0);
    assert.equal(members[0]?.client.isOpen, false);
  });

  it('gathers the answers of all, however they come', async () => {
    const { namespace, members } = gather(3);
    const asked = namespace.timeout(100).emitWithAck('ask', 1);
    for (const [at, { client, socket }] of members.entries()) answerLast(client, socket, at);
    assert.deepEqual(await asked, [0, 1, 2]);
  });

  it('tells after the time what has been answered by then, and waits for nobody any more', async () => {
    const clock = new ManualClock();
    const { namespace, members } = gather(2, clock);
    const results: unknown[] = [];
    namespace
      .timeout(100)
      .emit('ask', (error: Error, answers: unknown[]) => results.push([error?.message, answers]));
    answerLast(members[0]!.client, members[0]!.socket, 'a');
    await turn();
    clock.advance(100);
    answerLast(members[1]!.client, members[1]!.socket, 'late');
    assert.deepEqual(results, [['operation has timed out', ['a']]]);
    const asked = assert.rejects(namespace.timeout(1).emitWithAck('ask'), { responses: [] });
    clock.advance(1);
    await asked;
  });

  it('asked of nobody, is answered at once', async () => {
    const { namespace } = gather(1);
    assert.deepEqual(await namespace.to('empty').timeout(100).emitWithAck('ask'), []);
  });

  it('what the callback throws surfaces', async () => {
    const { namespace } = gather(0);
    const errors = await surfacing(() =>
      namespace.timeout(100).emit('ask', () => {
        throw new Error('of the user');
      }),
    );
    assert.equal(errors.length, 1);
  });

  it('property: what each socket hears is what its rooms say', () => {
    const room: fc.Arbitrary<string> = fc.constantFrom('r1', 'r2', 'r3');
    const rooms = fc.array(room, { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(rooms, { minLength: 1, maxLength: 5 }), rooms, rooms, (joined, to, except) => {
        const { members } = gather(joined.length);
        for (const [at, list] of joined.entries()) members[at]!.socket.join(list);
        members[0]?.socket.to(to).except(except).emit('event');
        const isIn = (at: number, some: string[]): boolean => some.some((one) => joined[at]?.includes(one));
        assert.deepEqual(
          whoHeard(members, 'event'),
          [...joined.keys()].filter((at) => at > 0 && (to.length === 0 || isIn(at, to)) && !isIn(at, except)),
        );
      }),
    );
  });

  it('property: who comes, goes, joins or leaves between broadcasts to the same rooms is in the next one or not', () => {
    const step = fc.record({
      what: fc.constantFrom('emit', 'emit', 'emit', 'join', 'leave', 'leave', 'enter', 'go'),
      who: fc.nat(2),
      room: fc.constantFrom('r1', 'r2'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), fc.boolean(), (steps, toRoom) => {
        const { namespace, members } = gather(2);
        const heard = members.map(() => 0);
        for (const { what, who, room } of steps) {
          const { socket } = members[who % members.length]!;
          if (what === 'join') socket.join(room);
          else if (what === 'leave') socket.leave(room);
          else if (what === 'go') socket.onPacket({ type: 'disconnect', namespace: '/' });
          else if (what === 'enter') heard[members.push(enter(namespace)) - 1] = 0;
          else {
            for (const [at, { socket: other }] of members.entries())
              if (other.connected && (!toRoom || other.rooms.has(room))) heard[at]! += 1;
            if (toRoom) namespace.to(room).emit('event');
            else namespace.emit('event');
          }
        }
        assert.deepEqual(
          members.map(({ client }) => client.events.length),
          heard,
        );
      }),
    );
  });
});
