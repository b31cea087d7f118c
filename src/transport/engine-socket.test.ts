import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { EngineStage, turn, uncaughtIn } from '../../test/engine-stage.ts';

describe('EngineSocket: closing with data pending', () => {
  it('by polling, with a GET waiting: the data, then the close', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const seen = stage.nextRequest();
    const answer = stage.get(sid);
    await seen;
    stage.socket.send('a').send('b').close();
    assert.equal(stage.socket.readyState, 'closing');
    assert.equal((await answer).body, '4a\x1e4b');
    assert.equal((await stage.get(sid)).body, '1');
    assert.deepEqual(stage.closes, ['forced close']);
  });

  it('by polling, without a GET: the data wait for the next one, even over a heartbeat', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    stage.clock.advance(24_990);
    stage.socket.send('a').close();
    stage.clock.advance(19_000);
    assert.equal((await stage.get(sid)).body, '4a');
    assert.equal((await stage.get(sid)).body, '1');
    stage.clock.advance(3_010);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('by polling, without a GET for pingTimeout: it ends', async (t) => {
    const stage = await EngineStage.start(t);
    await stage.openPolling();
    stage.socket.send('a').close();
    stage.clock.advance(20_010);
    assert.deepEqual(stage.closes, ['ping timeout']);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('by WebSocket: the close frame comes behind the data', async (t) => {
    const stage = await EngineStage.start(t);
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    for (let number = 0; number < 300; number += 1) stage.socket.send(String(number));
    stage.socket.close();
    for (let number = 0; number < 300; number += 1) assert.equal(await client.hear(() => true), `4${number}`);
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('by WebSocket, with a slow reader: it may take longer than closeTimeout, and gets all', async (t) => {
    const stage = await EngineStage.start(t, { maxOutboxBytes: Infinity });
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    client.tcp.pause();
    const big = 'a'.repeat(10_000_000);
    stage.socket.send(big);
    await turn();
    assert.equal(stage.socket.transport.blocked, true);
    stage.socket.send('b');
    stage.socket.close();
    stage.clock.advance(15_000);
    assert.equal(stage.socket.readyState, 'closing');
    client.tcp.resume();
    assert.equal((await client.hear(() => true)).length, big.length + 1);
    assert.equal(await client.hear(() => true), '4b');
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('by WebSocket, with one that reads nothing: it ends after pingTimeout', async (t) => {
    const stage = await EngineStage.start(t, { maxOutboxBytes: Infinity });
    const client = await stage.openWebSocket();
    client.tcp.pause();
    stage.socket.send('a'.repeat(10_000_000));
    await turn();
    stage.socket.close();
    stage.clock.advance(20_010);
    assert.deepEqual(stage.closes, ['ping timeout']);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
    client.tcp.destroy();
  });

  it('close(true) does not wait for the data', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    stage.socket.send('a').close(true);
    assert.equal(stage.socket.readyState, 'closed');
    assert.equal((await stage.get(sid)).body, '1');
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    stage.socket.send('a').close();
    stage.socket.close(true);
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(stage.closes, ['forced close', 'forced close']);
    assert.ok(!client.events.some((event) => event.type === 'text'));
  });
});

describe('EngineSocket: after the close', () => {
  it('delivers nothing more of the chunk or body, sends nothing, and closes once', async (t) => {
    const stage = await EngineStage.start(t);
    stage.onMessage = (_message, socket) => {
      socket.close();
      socket.close(true);
      socket.send('too late');
    };
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    client.tcp.write(Buffer.concat(['4a', '4b', '4c'].map((text) => client.websocket.text(text))));
    await client.until((event) => event.type === 'closing');
    const sid = await stage.openPolling();
    assert.equal((await stage.post(sid, '4d\x1e4e')).body, 'ok');
    assert.equal((await stage.get(sid)).body, '1');
    assert.deepEqual(stage.messages, ['a', 'd']);
    assert.deepEqual(stage.closes, ['forced close', 'forced close']);
  });

  it('lets a handler end other sessions in the middle of a chunk', async (t) => {
    const stage = await EngineStage.start(t);
    const other = await stage.openWebSocket();
    const client = await stage.openWebSocket();
    stage.onMessage = () => stage.sockets[0]?.close(true);
    client.tcp.write(Buffer.concat(['4a', '4b'].map((text) => client.websocket.text(text))));
    await stage.until(() => stage.messages.length === 2);
    await other.until((event) => event.type === 'closing');
    assert.deepEqual(stage.closes, ['forced close']);
    client.tcp.destroy();
  });
});

describe('EngineSocket: what listeners may do', () => {
  it('what they throw surfaces, and disturbs neither the rest of the chunk nor others', async (t) => {
    const thrown = uncaughtIn(t);
    const stage = await EngineStage.start(t);
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    for (const event of ['packet', 'message', 'drain', 'close']) {
      stage.socket.on(event, () => {
        throw new Error(event);
      });
    }
    stage.onMessage = (message) => {
      throw new Error(`receiver ${String(message)}`);
    };
    const other = await stage.openWebSocket();
    await other.hear((text) => text.startsWith('0'));
    client.tcp.write(Buffer.concat(['4a', '4b', '4c'].map((text) => client.websocket.text(text))));
    await stage.until(() => stage.messages.length === 3);
    for (const socket of stage.sockets) socket.send('x');
    await Promise.all([client.hear((text) => text === '4x'), other.hear((text) => text === '4x')]);
    client.tcp.destroy();
    await stage.until(() => stage.closes.length === 1);
    await turn();
    assert.deepEqual(stage.messages, ['a', 'b', 'c']);
    const each = ['a', 'b', 'c'].flatMap((name) => ['packet', 'message', `receiver ${name}`]);
    assert.deepEqual(thrown, [...each, 'drain', 'close']);
    other.tcp.destroy();
  });

  it('a POST whose packets make handlers throw is answered', async (t) => {
    const thrown = uncaughtIn(t);
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    stage.onMessage = () => {
      throw new Error('mine');
    };
    assert.equal((await stage.post(sid, '4a\x1e4b')).body, 'ok');
    assert.deepEqual(
      [stage.messages, thrown],
      [
        ['a', 'b'],
        ['mine', 'mine'],
      ],
    );
  });

  it('a "drain" listener may send, and close: what it sent goes first', async (t) => {
    const stage = await EngineStage.start(t);
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    const { socket } = stage;
    socket.once('drain', () => {
      socket.send('b');
      socket.once('drain', () => {
        socket.send('c').close();
      });
    });
    socket.send('a');
    for (const word of ['4a', '4b', '4c']) assert.equal(await client.hear(() => true), word);
    await client.until((event) => event.type === 'closing');
  });

  it('a "close" listener may send and close in vain', async (t) => {
    const stage = await EngineStage.start(t);
    const client = await stage.openWebSocket();
    const { socket } = stage;
    const closed = once(socket, 'close');
    socket.on('close', () => socket.send('x').close(true));
    client.tcp.destroy();
    assert.deepEqual(await closed, ['transport close', undefined]);
    assert.equal(socket.bufferedAmount, 0);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });
});

describe('EngineSocket: heartbeats', () => {
  it('of sessions that opened at different moments leave together, at most 1 % late', async (t) => {
    const stage = await EngineStage.start(t);
    const pinged: number[] = [];
    for (let at = 0; at < 400; at += 50) {
      const client = await stage.openWebSocket();
      stage.socket.on('packetCreate', () => pinged.push(stage.clock.now()));
      client.tcp.resume();
      stage.clock.advance(50);
    }
    stage.clock.advance(25_000);
    assert.deepEqual(pinged, [25_000, 25_200, 25_200, 25_200, 25_200, 25_400, 25_400, 25_400]);
  });

  it('are not late where the client has little patience', async (t) => {
    const stage = await EngineStage.start(t, { pingTimeout: 100 });
    stage.clock.advance(7);
    await stage.openWebSocket();
    const pinged: number[] = [];
    stage.socket.on('packetCreate', () => pinged.push(stage.clock.now()));
    stage.clock.advance(25_010);
    assert.deepEqual(pinged, [25_010]);
  });
});
