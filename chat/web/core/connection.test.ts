import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { Connection, type LinkState } from './connection.ts';
import { entered, hello, message, messages, settle, TestWire } from './testing.ts';

describe('Connection', () => {
  beforeEach((context) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    if ('after' in context) context.after(() => mock.timers.reset());
  });

  interface Bench {
    wire: TestWire;
    connection: Connection;
    log: string[];
    states: LinkState[];
    held: { room: string; rev: number | undefined }[];
  }

  function bench(rooms: string[] = ['general'], build?: string): Bench {
    const wire = new TestWire();
    const log: string[] = [];
    const states: LinkState[] = [];
    const held: Bench['held'] = rooms.map((name) => ({
      room: name,
      rev: undefined,
    }));
    const connection = new Connection({
      wire,
      held: () => held,
      onState: (state) => states.push(state),
      onHello: (answer) => log.push(`hello ${answer.build}`),
      onEntered: (name, answer) => {
        const one = held.find(({ room }) => room === name);
        if (one) one.rev = answer.room.rev;
        log.push(`entered ${answer.messages.length}`);
      },
      onRefused: (name, failure) => log.push(`${name}: ${failure.text}`),
      onMessage: ({ room, seq }) => log.push(`message ${room === 'general' ? '' : `${room} `}${seq}`),
      onNews: (event) => log.push(event),
      onOtherBuild: () => log.push('other build'),
    });
    connection.open(build);
    return { wire, connection, log, states, held };
  }

  async function enter({ wire }: Bench, build = 'one'): Promise<void> {
    wire.listeners?.opened();
    wire.asked('hello').at(-1)?.answer(hello({ build }));
    await settle();
    wire
      .asked('enter')
      .at(-1)
      ?.answer({ ok: true, ...entered(messages(1, 3), { build }) });
    await settle();
  }

  test('enters with the last revision after each connect', async () => {
    const b = bench();
    await enter(b);
    b.wire.listeners?.closed(true);
    await enter(b);
    assert.deepEqual(
      b.wire.asked('enter').map(({ ask }) => ask),
      [{ room: 'general' }, { room: 'general', rev: 3 }],
    );
    assert.deepEqual(b.states, ['open', 'quiet', 'open']);
  });

  test('live messages that overtake the answer wait for it', async () => {
    const b = bench();
    b.wire.listeners?.opened();
    b.wire.listeners?.heard('message', message(4));
    b.wire.listeners?.heard('message', message(9, { room: 'other' }));
    assert.deepEqual(b.log, ['message other 9'], 'what is not held only counts');
    b.wire.asked('hello')[0]?.answer(hello());
    await settle();
    b.wire.asked('enter')[0]?.answer({ ok: true, ...entered(messages(1, 3)) });
    await settle();
    assert.deepEqual(b.log.slice(1), ['hello one', 'entered 3', 'message 4']);
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

  test('a first connection that does not come is down, too; later, if the page is drawn already', () => {
    const b = bench();
    mock.timers.tick(3_000);
    assert.deepEqual(b.states, ['down']);
    const drawn = bench([], 'one');
    mock.timers.tick(7_999);
    assert.deepEqual(drawn.states, []);
    mock.timers.tick(1);
    assert.deepEqual(drawn.states, ['down']);
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
    b.wire.asked('hello')[0]?.answer(hello());
    b.wire.asked('enter')[0]?.fail();
    await settle();
    mock.timers.tick(2_000);
    assert.deepEqual([b.wire.disconnects, b.wire.connects], [1, 2]);
  });

  test('ignores the answer that belongs to an older connection', async () => {
    const b = bench();
    b.wire.listeners?.opened();
    b.wire.listeners?.closed(true);
    b.wire.asked('enter')[0]?.answer({ ok: true, ...entered(messages(1, 3)) });
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

  test('is open when every room that is held is caught up', async () => {
    const b = bench(['general', 'kiln']);
    b.wire.listeners?.opened();
    b.wire.asked('hello')[0]?.answer(hello());
    await settle();
    const [first, second] = b.wire.asked('enter');
    first?.answer({ ok: true, ...entered(messages(1, 3)) });
    await settle();
    assert.equal(b.connection.state, 'connecting');
    second?.answer({ ok: false, code: 'no such room', text: 'There is none.' });
    await settle();
    assert.equal(b.connection.state, 'open');
    assert.deepEqual(b.log, ['hello one', 'entered 3', 'kiln: There is none.']);
  });

  test('a server that lets nobody in is told, and nothing is open', async () => {
    const b = bench();
    b.wire.listeners?.opened();
    b.wire.asked('hello')[0]?.answer({ ok: false, code: 'failed', text: 'Stopping.' });
    await settle();
    assert.deepEqual([b.log, b.connection.state], [['null: Stopping.'], 'connecting']);
  });

  test('a room that is opened later is entered by itself, once', async () => {
    const b = bench();
    await enter(b);
    b.held.unshift({ room: 'kiln', rev: undefined });
    b.connection.enter('kiln');
    b.connection.enter('kiln');
    assert.deepEqual(
      b.wire.asked('enter').map(({ ask }) => ask),
      [{ room: 'general' }, { room: 'kiln' }],
    );
  });

  test('passes on what else is said', async () => {
    const b = bench();
    await enter(b);
    b.wire.listeners?.heard('online', 3);
    assert.equal(b.log.at(-1), 'online');
  });

  test('notices that the server is another one than the page came from', async () => {
    const b = bench(['general'], 'zero');
    await enter(b);
    assert.deepEqual(b.log, ['hello one', 'entered 3', 'other build']);
  });

  test('a server that cannot just now is asked again, and says nothing about who may come in', async () => {
    const b = bench();
    b.wire.listeners?.opened();
    b.wire.asked('hello')[0]?.answer(hello());
    b.wire.asked('enter')[0]?.answer({ ok: false, code: 'too fast', text: 'Slow down.', waitMs: 700 });
    await settle();
    b.wire.listeners?.heard('message', message(4));
    mock.timers.tick(700);
    await settle();
    b.wire.asked('enter')[1]?.answer({ ok: true, ...entered(messages(1, 3)) });
    await settle();
    assert.deepEqual(b.log, ['hello one', 'entered 3', 'message 4']);
  });
});
