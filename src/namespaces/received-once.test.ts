import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'websockets.io/testing';
import {
  enter,
  type FakeClient,
  FakeClient as Client,
  openNamespace,
  say,
  surfacing,
  turn,
} from '../../test/fake-client.ts';
import { historyOf, recoveryOf } from '../history-options.ts';
import { MemoryLog } from '../history/memory-log.ts';
import { receiveOnceOf, type ReceiveOnceOptions } from '../receive-once-options.ts';
import { HistoryAdapter } from '../rooms/history-adapter.ts';
import { Server } from '../server.ts';
import type { Namespace } from './namespace.ts';
import type { Socket } from './socket.ts';

function open(options: ReceiveOnceOptions = {}): { namespace: Namespace; clock: ManualClock } {
  const clock = new ManualClock();
  const recovery = recoveryOf(true);
  const settings = historyOf(true, recovery, 0);
  const receiveOnce = receiveOnceOf(options, true);
  assert.ok(settings !== undefined);
  const log = new MemoryLog();
  const namespace = openNamespace('/', {
    recovery,
    receiveOnce,
    openAdapter: (scope) => new HistoryAdapter(scope, { ...settings, log, answers: receiveOnce }),
    now: () => clock.now(),
    wallNow: () => clock.now(),
    after: (ms, callback) => clock.wake(ms, callback),
  });
  return { namespace, clock };
}

const answersOf = (client: FakeClient): unknown[] =>
  client.received.flatMap((packet) => (packet.type === 'ack' ? [[packet.id, ...packet.data]] : []));

/** Counts what is handled, and answers with the count. */
function count(socket: Socket): () => number {
  let handled = 0;
  socket.on('say', (...args: unknown[]) => {
    handled += 1;
    const answer = args.at(-1);
    if (typeof answer === 'function') Reflect.apply(answer, undefined, [handled, Buffer.from('x')]);
  });
  return () => handled;
}

const message = (messageId: unknown): unknown => ({ text: 'hello', messageId });

describe('received once', () => {
  it('what is repeated is handled once, and answered the same, also without an answer at first', () => {
    const { namespace } = open();
    const { client, socket } = enter(namespace);
    const handled = count(socket);
    say(socket, ['say', message('a')], 1);
    say(socket, ['say', message('a')], 2);
    say(socket, ['say', message('b')]);
    say(socket, ['say', message('b')]);
    say(socket, ['say', message('b')], 3);
    assert.equal(handled(), 2);
    assert.deepEqual(answersOf(client), [[1, 1, Buffer.from('x')], [2, 1, Buffer.from('x')], [3]]);
  });

  it('an id is a text of 1 to 64 characters, in a plain object before the acknowledgement', () => {
    const { namespace } = open();
    const { socket } = enter(namespace);
    const handled = count(socket);
    const inherited = Object.create({ messageId: 'a' }) as unknown;
    const none = [message(''), message('a'.repeat(65)), message(7), [message('a')], inherited, 'a', null];
    for (const last of none) for (const again of [1, 2]) say(socket, ['say', last], again);
    say(socket, ['say', message('a'), 1], 3);
    say(socket, ['say', message('a'), 1], 3);
    say(socket, ['say'], 3);
    assert.equal(handled(), none.length * 2 + 3);
    say(socket, ['say', message('a'.repeat(64))], 4);
    say(socket, ['say', message('a'.repeat(64))], 5);
    assert.equal(handled(), none.length * 2 + 4);
  });

  it('ids of different sockets are different, and of one identity the same, for who is somebody new, too', () => {
    const identity = (socket: Socket): string | undefined =>
      socket.handshake.auth['user'] as string | undefined;
    const { namespace } = open({ identity });
    const [one, other, alice, again] = [{}, {}, { user: 'alice' }, { user: 'alice' }].map((auth) => {
      const client = new Client();
      const socket = client.enter(namespace, auth);
      assert.ok(socket !== undefined);
      return { client, socket, handled: count(socket) };
    });
    for (const visitor of [one, other, alice, again])
      if (visitor) say(visitor.socket, ['say', message('a')], 1);
    assert.deepEqual([one?.handled(), other?.handled(), alice?.handled(), again?.handled()], [1, 1, 1, 0]);
    assert.deepEqual(again && answersOf(again.client), [[1, 1, Buffer.from('x')]]);
  });

  it('a repetition waits for the answer, which goes to the new socket if the old one is gone', () => {
    const { namespace } = open();
    const first = new Client();
    const socket = first.enter(namespace);
    assert.ok(socket !== undefined);
    let answer: (word: string) => void = () => {};
    let handled = 0;
    namespace.on('connection', (next) => next.on('say', () => (handled += 1)));
    socket.on('say', (_message: unknown, reply: (word: string) => void) => (answer = reply));
    say(socket, ['say', message('a')], 1);
    const connect = first.received.find(({ type }) => type === 'connect');
    const { pid } = (connect?.type === 'connect' ? connect.data : {}) as { pid: string };
    first.lose();
    const second = new Client();
    const back = second.enter(namespace, { pid });
    assert.ok(back?.recovered);
    say(back, ['say', message('a')], 7);
    assert.deepEqual(answersOf(second), []);
    answer('done');
    assert.deepEqual([answersOf(first), answersOf(second), handled], [[], [[7, 'done']], 0]);
    say(back, ['say', message('a')], 8);
    assert.deepEqual(answersOf(second).at(-1), [8, 'done']);
  });

  it('what the middleware refused, or a handler failed at, is handled again', async () => {
    const { namespace } = open();
    const { client, socket } = enter(namespace);
    const decisions: ((error?: Error) => void)[] = [];
    socket.use((_event, next) => decisions.push(next));
    let handled = 0;
    socket.on('say', (_message: unknown, reply: (count: number) => void) => {
      handled += 1;
      if (handled === 1) throw new Error('of the handler');
      reply(handled);
    });
    const errors = await surfacing(async () => {
      say(socket, ['say', message('a')], 1);
      say(socket, ['say', message('a')], 2);
      assert.equal(decisions.length, 1);
      decisions[0]?.(new Error('refused')); // the one that waited has its turn
      await turn();
      assert.deepEqual([decisions.length, handled], [2, 0]);
      decisions[1]?.();
      await turn();
      say(socket, ['say', message('a')], 3);
      decisions[2]?.();
      await turn();
    });
    assert.deepEqual(errors.map(String), ['Error: of the handler']);
    assert.deepEqual([handled, answersOf(client)], [2, [[3, 2]]]);
  });

  it('an answer that cannot be sent may be followed by another', () => {
    const { namespace } = open();
    const { client, socket } = enter(namespace);
    socket.on('say', (_message: unknown, reply: (answer: unknown) => void) => {
      assert.throws(() => reply(1n), TypeError);
      reply('better');
    });
    say(socket, ['say', message('a')], 1);
    say(socket, ['say', message('a')], 2);
    assert.deepEqual(answersOf(client), [
      [1, 'better'],
      [2, 'better'],
    ]);
  });

  it('limit: maxAge, maxIds, maxAnswerBytes', () => {
    const { namespace, clock } = open({ maxAge: 1_000, maxIds: 10, maxAnswerBytes: 100 });
    const { socket } = enter(namespace);
    const handled = count(socket);
    for (const each of ['a', 'a']) say(socket, ['say', message(each)], 1);
    assert.equal(handled(), 1);
    clock.advance(1_001);
    say(socket, ['say', message('a')], 1);
    assert.equal(handled(), 2, 'too old');
    for (let at = 0; at < 12; at += 1) {
      say(socket, ['say', message(`${at}`)], 1);
      clock.advance(1);
    }
    assert.equal(handled(), 14);
    say(socket, ['say', message('11')], 1);
    assert.equal(handled(), 14);
    say(socket, ['say', message('a')], 1);
    assert.equal(handled(), 15, 'too many');
    let asked = 0;
    socket.on('long', (_message: unknown, reply: (text: string) => void) => {
      asked += 1;
      reply('x'.repeat(asked === 1 ? 101 : 10));
    });
    for (let at = 0; at < 3; at += 1) say(socket, ['long', message('long')], 1);
    assert.equal(asked, 2);
    clock.advance(200_000);
    assert.equal(clock.pending, 0);
  });

  it('limit: maxIds is for those that nobody answers, too', () => {
    const { namespace } = open({ maxIds: 2 });
    const { socket } = enter(namespace);
    const handled: unknown[] = [];
    socket.on('ask', ({ messageId }: { messageId: string }) => handled.push(messageId));
    for (const id of ['a', 'b', 'c', 'c', 'b', 'a']) say(socket, ['ask', message(id)], 1);
    assert.deepEqual(handled, ['a', 'b', 'c', 'a']);
  });

  it('needs a log, and says so', () => {
    const make = (options: object) => (): Server => new Server(options);
    assert.throws(make({ receiveOnce: true }), /^TypeError: Option "receiveOnce" needs "history"/);
    assert.throws(
      make({ receiveOnce: { maxIds: 0 }, history: true }),
      /"receiveOnce\.maxIds" must be greater than 0/,
    );
    assert.throws(make({ receiveOnce: { id: 'x' }, history: true }), /"receiveOnce\.id" must be a function/);
    assert.ok(make({ receiveOnce: true, connectionStateRecovery: true })().of('/').receivedOnce);
    assert.equal(make({ history: true })().of('/').receivedOnce, undefined);
  });
});
