/** Moving from polling to WebSocket: nothing lost, nothing twice, all in order, whatever the moment. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { io as connect } from 'socket.io-client';
import { EngineStage, turn } from '../../test/engine-stage.ts';
import { Server } from '../server.ts';
import type { EngineSocket } from './engine-socket.ts';

const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

/** The numbers in answers to GETs and in WebSocket texts: `4<number>` is one of ours. */
function numbersIn(payload: string): number[] {
  return payload
    .split('\x1e')
    .filter((packet) => packet.startsWith('4'))
    .map((packet) => Number(packet.slice(1)));
}

/** Emits numbers, one a turn, until `more` says that it is enough. */
async function speak(emit: (number: number) => void, more: (said: number) => boolean): Promise<number> {
  let said = 0;
  while (more(said)) {
    emit(said++);
    await turn();
  }
  return said;
}

/** Keeps upgrade requests back until the test lets them through. */
function holdUpgrades(http: HttpServer): () => void {
  const listeners = http.listeners('upgrade');
  const held: unknown[][] = [];
  const letThrough = (details: unknown[]): void => {
    for (const listener of listeners) Reflect.apply(listener, http, details);
  };
  http.removeAllListeners('upgrade').on('upgrade', (...details: unknown[]) => held.push(details));
  return () => {
    http.removeAllListeners('upgrade').on('upgrade', (...details: unknown[]) => letThrough(details));
    for (const details of held) letThrough(details);
  };
}

describe('upgrade, with the official client', () => {
  it('keeps every message, both ways, in order, under constant traffic', async (t) => {
    const CLIENTS = 8;
    const BEFORE = 100; // messages each way by polling, and as many behind the upgrade
    const http = createServer();
    const io = new Server(http);
    const letUpgrade = holdUpgrades(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    let ready = 0;
    const onReady = (): void => {
      ready += 1;
      if (ready === 2 * CLIENTS) letUpgrade();
    };
    /** Speaks before, during and after the upgrade. */
    const speakThroughout = (emit: (number: number) => void, hasUpgraded: () => boolean): Promise<number> => {
      let left = BEFORE;
      return speak(emit, (said) => {
        if (said === BEFORE) onReady();
        if (hasUpgraded()) left -= 1;
        return left > 0;
      });
    };
    io.on('connection', (socket) => {
      const heard: number[] = [];
      socket.on('up', (number: number) => heard.push(number));
      const conn = socket.conn as EngineSocket;
      const spoken = speakThroughout(
        (number) => socket.emit('down', number),
        () => conn.upgraded,
      );
      socket.on('report', (clientSaid: number, answer: (heard: number[], said: number) => void) => {
        void spoken.then((said) => {
          assert.equal(heard.length, clientSaid);
          answer(heard, said);
        });
      });
    });
    const clients = Array.from({ length: CLIENTS }, () => connect(url, { forceNew: true }));
    t.after(async () => {
      for (const client of clients) client.disconnect();
      await io.close();
    });
    await Promise.all(
      clients.map(async (client) => {
        const heard: number[] = [];
        client.on('down', (number: number) => heard.push(number));
        await new Promise<void>((resolve) => client.once('connect', resolve));
        const { engine } = client.io;
        assert.equal(engine.transport.name, 'polling');
        const said = await speakThroughout(
          (number) => client.emit('up', number),
          () => engine.transport.name === 'websocket',
        );
        const [theirs, sent] = await new Promise<[number[], number]>((resolve) => {
          client.emit('report', said, (...report: [number[], number]) => resolve(report));
        });
        assert.deepEqual(theirs, count(0, said));
        assert.deepEqual(heard, count(0, sent));
      }),
    );
  });
});

describe('upgrade, by hand', () => {
  it('keeps what is sent at every step, with a GET waiting at each, or none', async (t) => {
    for (const waiting of ['never', 'before the probe', 'after the probe', 'all the time']) {
      const stage = await EngineStage.start(t);
      const sid = await stage.openPolling();
      const heard: number[] = [];
      let said = 0;
      const say = (): void => {
        for (let more = 0; more < 50; more += 1) stage.socket.send(String(said++));
      };
      const poll = async (): Promise<void> => void heard.push(...numbersIn((await stage.get(sid)).body));
      let pending: Promise<void> | undefined;
      const startPoll = async (): Promise<void> => {
        const seen = stage.nextRequest();
        pending = poll();
        await seen;
      };
      say();
      if (waiting === 'before the probe' || waiting === 'all the time') {
        await poll(); // what was said already
        await startPoll();
      }
      const candidate = await stage.openWebSocket(sid);
      candidate.say('2probe');
      await candidate.hear((text) => text === '3probe');
      await pending; // released by a noop
      say();
      if (waiting === 'after the probe') await poll();
      if (waiting === 'all the time') {
        await poll();
        await startPoll();
      }
      say();
      candidate.say('5');
      candidate.say('4there');
      await stage.until(() => stage.messages.length === 1);
      await pending;
      say();
      while (heard.at(-1) !== said - 1) {
        const text = await candidate.hear(() => true);
        heard.push(...numbersIn(text));
      }
      assert.deepEqual(heard, count(0, said), waiting);
      assert.deepEqual([stage.socket.upgraded, stage.socket.upgrading], [true, false]);
      assert.equal((await stage.get(sid)).status, 400);
      candidate.tcp.destroy();
    }
  });

  it('answers a probe before it moves, though the client did not wait for the answer', async (t) => {
    const stage = await EngineStage.start(t);
    const candidate = await stage.openWebSocket(await stage.openPolling());
    stage.socket.send('hello');
    candidate.tcp.write(Buffer.concat(['2probe', '5'].map((text) => candidate.websocket.text(text))));
    assert.equal(await candidate.hear(() => true), '3probe');
    assert.equal(await candidate.hear(() => true), '4hello');
    candidate.tcp.destroy();
  });

  it('answers a waiting GET within 100 ms, again and again, until the client has stopped polling', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const candidate = await stage.openWebSocket(sid);
    candidate.say('2probe');
    await candidate.hear((text) => text === '3probe');
    for (let round = 0; round < 3; round += 1) {
      const seen = stage.nextRequest();
      const answer = stage.get(sid);
      await seen;
      stage.clock.advance(110);
      assert.equal((await answer).body, '6');
    }
    candidate.tcp.destroy();
  });

  it('refuses the rest of a POST that the client did not finish before it moved', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const seen = stage.nextRequest();
    const post = stage.tcp(
      `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4`,
    );
    await seen;
    const candidate = await stage.openWebSocket(sid);
    candidate.say('2probe');
    candidate.say('5');
    const [answer] = (await once(post, 'data')) as [Buffer];
    assert.match(answer.toString(), /^HTTP\/1\.1 400/);
    candidate.say('4still here');
    await stage.until(() => stage.messages.length === 1);
    post.destroy();
    candidate.tcp.destroy();
  });

  it('goes on by polling when the candidate fails, and takes another one', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const failures: Record<string, string[] | 'reset' | 'timeout'> = {
      'says something else': ['4hello'],
      'sends garbage': ['x'],
      'upgrades without a probe': ['5'],
      'probes twice': ['2probe', '2probe'],
      'sends a message between probe and upgrade': ['2probe', '4hello'],
      resets: 'reset',
      'takes too long': 'timeout',
    };
    for (const [what, acts] of Object.entries(failures)) {
      const candidate = await stage.openWebSocket(sid);
      assert.equal(stage.socket.upgrading, true, what);
      if (acts === 'reset') {
        candidate.tcp.resetAndDestroy();
      } else if (acts === 'timeout') {
        stage.clock.advance(10_010);
        await candidate.until((event) => event.type === 'closing');
      } else {
        for (const act of acts) candidate.say(act);
        await candidate.until((event) => event.type === 'closing');
      }
      while (stage.socket.upgrading) await turn();
      stage.socket.send(what);
      assert.equal((await stage.get(sid)).body, `4${what}`);
    }
    assert.deepEqual(stage.messages, []);
    const candidate = await stage.openWebSocket(sid);
    candidate.say('2probe');
    await candidate.hear((text) => text === '3probe');
    candidate.say('5');
    stage.socket.send('at last');
    assert.equal(await candidate.hear(() => true), '4at last');
    candidate.tcp.destroy();
    await stage.until(() => stage.closes.length === 1);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('takes one candidate at a time, and leaves the first alone when it turns the second away', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const first = await stage.openWebSocket(sid);
    first.say('2probe');
    await first.hear((text) => text === '3probe');
    const second = await stage.openWebSocket(sid);
    await second.until((event) => event.type === 'closing');
    first.say('5');
    stage.socket.send('hello');
    await first.hear((text) => text === '4hello');
    first.tcp.destroy();
  });

  it('is refused to a session that has closed, has moved, or may not', async (t) => {
    const stage = await EngineStage.start(t);
    const closed = await stage.openPolling();
    stage.socket.close(true);
    const late = await stage.openWebSocket(closed); // its client has not heard of the end yet
    await late.until((event) => event.type === 'closing');
    stage.clock.advance(3_010);
    await assert.rejects(stage.openWebSocket(closed), /400/);

    const client = await stage.openWebSocket();
    await assert.rejects(stage.openWebSocket(stage.socket.id), /400/);
    client.tcp.destroy();

    const fixed = await EngineStage.start(t, { allowUpgrades: false });
    const candidate = await fixed.openWebSocket(await fixed.openPolling());
    await candidate.until((event) => event.type === 'closing');
    assert.equal(fixed.engine.clientsCount, 1);
  });

  it('ends the candidate with the session', async (t) => {
    const stage = await EngineStage.start(t);
    const candidate = await stage.openWebSocket(await stage.openPolling());
    candidate.say('2probe');
    await candidate.hear((text) => text === '3probe');
    stage.socket.close(true);
    await candidate.until((event) => event.type === 'closing');
    stage.clock.advance(3_010);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('still moves a session that is closing, with what it has left to say', async (t) => {
    const stage = await EngineStage.start(t);
    const candidate = await stage.openWebSocket(await stage.openPolling());
    candidate.say('2probe');
    await candidate.hear((text) => text === '3probe');
    stage.socket.send('last words');
    stage.socket.close();
    candidate.say('5');
    assert.equal(await candidate.hear(() => true), '4last words');
    await candidate.until((event) => event.type === 'closing');
    assert.deepEqual(stage.closes, ['forced close']);
  });
});
