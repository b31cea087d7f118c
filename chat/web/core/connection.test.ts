import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Connection, type LinkState } from './connection.ts';
import { entered, message, messages, settle, TestWire } from './testing.ts';

beforeEach((context) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  if ('after' in context) context.after(() => mock.timers.reset());
});

interface Bench {
  wire: TestWire;
  connection: Connection;
  log: string[];
  states: LinkState[];
  rev: { value: number | undefined };
}

function bench(): Bench {
  const wire = new TestWire();
  const log: string[] = [];
  const states: LinkState[] = [];
  const rev: { value: number | undefined } = { value: undefined };
  const connection = new Connection({
    wire,
    room: 'general',
    rev: () => rev.value,
    onState: (state) => states.push(state),
    onEntered: (answer) => {
      rev.value = answer.room.rev;
      log.push(`entered ${answer.messages.length}`);
    },
    onRefused: (failure) => log.push(failure.text),
    onMessage: ({ seq }) => log.push(`message ${seq}`),
    onOnline: (count) => log.push(`online ${count}`),
    onOtherBuild: () => log.push('other build'),
  });
  connection.open();
  return { wire, connection, log, states, rev };
}

async function enter({ wire }: Bench, build = 'one'): Promise<void> {
  wire.listeners?.opened();
  wire.enters.at(-1)?.answer({ ok: true, ...entered(messages(1, 3), { build }) });
  await settle();
}

test('enters with the last revision after each connect', async () => {
  const b = bench();
  await enter(b);
  b.wire.listeners?.closed(true);
  await enter(b);
  assert.deepEqual(
    b.wire.enters.map(({ ask }) => ask),
    [{ room: 'general' }, { room: 'general', rev: 3 }],
  );
  assert.deepEqual(b.states, ['open', 'quiet', 'open']);
});

test('live messages that overtake the answer wait for it', async () => {
  const b = bench();
  b.wire.listeners?.opened();
  b.wire.listeners?.message(message(4));
  assert.deepEqual(b.log, []);
  b.wire.enters[0]?.answer({ ok: true, ...entered(messages(1, 3)) });
  await settle();
  assert.deepEqual(b.log, ['entered 3', 'message 4']);
});

test('says that the connection is down after three seconds of silence', async () => {
  const b = bench();
  await enter(b);
  b.wire.listeners?.closed(true);
  mock.timers.tick(2_000);
  b.wire.listeners?.closed(true);
  assert.equal(b.connection.state, 'quiet', 'a failed attempt does not start the silence anew');
  mock.timers.tick(1_000);
  assert.equal(b.connection.state, 'down');
});

test('a first connection that does not come is down, too', () => {
  const b = bench();
  mock.timers.tick(3_000);
  assert.deepEqual(b.states, ['down']);
});

test('connects again by itself when the wire does not', async () => {
  const b = bench();
  await enter(b);
  b.wire.listeners?.closed(false);
  mock.timers.tick(2_000);
  assert.equal(b.wire.connects, 2);
});

test('connects again when nobody answers the enter', async () => {
  const b = bench();
  b.wire.listeners?.opened();
  b.wire.enters[0]?.fail();
  await settle();
  mock.timers.tick(2_000);
  assert.deepEqual([b.wire.disconnects, b.wire.connects], [1, 2]);
});

test('ignores the answer that belongs to an older connection', async () => {
  const b = bench();
  b.wire.listeners?.opened();
  b.wire.listeners?.closed(true);
  b.wire.enters[0]?.answer({ ok: true, ...entered(messages(1, 3)) });
  await settle();
  assert.deepEqual(b.log, []);
  assert.equal(b.connection.state, 'connecting');
});

test('retrying now leaves an open connection alone', async () => {
  const b = bench();
  await enter(b);
  b.connection.retryNow();
  assert.equal(b.wire.disconnects, 0);
  b.wire.listeners?.closed(true);
  b.connection.retryNow();
  assert.deepEqual([b.wire.disconnects, b.wire.connects], [1, 2]);
});

test('notices that the server was upgraded', async () => {
  const b = bench();
  await enter(b, 'one');
  await enter(b, 'one');
  assert.equal(b.log.includes('other build'), false);
  await enter(b, 'two');
  assert.equal(b.log.at(-1), 'other build');
});
