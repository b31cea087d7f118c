import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { EngineStage, turn, uncaughtIn, UPGRADE_HEADERS } from '../../test/engine-stage.ts';
import type { AllowRequest } from '../options.ts';
import { resolveOptions } from '../options.ts';
import { Engine } from './engine.ts';

type Decide = Parameters<AllowRequest>[1];

/** An `allowRequest` that leaves the decision to the test. */
function leftOpen(): { allowRequest: AllowRequest; asked: Promise<Decide> } {
  const { promise, resolve } = Promise.withResolvers<Decide>();
  return { allowRequest: (_request, decide) => resolve(decide), asked: promise };
}

const UPGRADE = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${UPGRADE_HEADERS}`;

describe('Engine: requests', () => {
  it('answers every method, with and without a session', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    for (const method of ['HEAD', 'PUT', 'OPTIONS', 'DELETE', 'PATCH']) {
      const opening = await stage.ask(method, '/socket.io/?EIO=4&transport=polling');
      const later = await stage.ask(method, `/socket.io/?EIO=4&transport=polling&sid=${sid}`);
      assert.deepEqual([method, opening.status, later.status], [method, 400, 400]);
    }
    assert.equal(stage.engine.clientsCount, 1);
  });

  it('takes only URLs that start with its path, however odd they are', async (t) => {
    const stage = await EngineStage.start(t);
    const sid = await stage.openPolling();
    const status = async (path: string): Promise<[number, string]> => {
      const { status: code, body } = await stage.ask('GET', path);
      return [code, body === 'application' ? body : ''];
    };
    for (const path of [
      '//socket.io/?EIO=4',
      '/socket%2Eio/?EIO=4',
      '/socket.io',
      '/SOCKET.IO/',
      '/socket.iox/',
    ]) {
      assert.deepEqual(await status(path), [404, 'application'], path);
    }
    for (const path of [
      '/socket.io/',
      '/socket.io/?',
      '/socket.io/?%',
      '/socket.io/?sid=%ff%00',
      `/socket.io/?${'a'.repeat(8_000)}`,
    ]) {
      assert.deepEqual(await status(path), [400, ''], path);
    }
    // The last of several ids counts.
    const twice = await stage.ask('POST', `/socket.io/?EIO=4&transport=polling&sid=nobody&sid=${sid}`, '4x');
    assert.deepEqual([twice.status, stage.messages], [200, ['x']]);
    assert.deepEqual(await status(`/socket.io/?EIO=4&transport=polling&sid=${sid}&sid=nobody`), [400, '']);
  });

  it('serves everything at the path "/"', async (t) => {
    const stage = await EngineStage.start(t, { path: '/' });
    assert.equal((await stage.ask('GET', '/?EIO=4&transport=polling')).status, 200);
  });

  it('serves two engines on one server, each under its path', async (t) => {
    const { allowRequest, asked } = leftOpen();
    const stage = await EngineStage.start(t, { allowRequest, path: '/one' });
    const other = new Engine(resolveOptions({ path: '/two', clock: stage.clock }));
    other.attach(stage.http, () => false);
    assert.equal((await stage.ask('GET', '/two/?EIO=4&transport=polling')).status, 200);
    // The other engine does not end an upgrade that this one is thinking about.
    const tcp = stage.tcp(UPGRADE.replace('socket.io', 'one'));
    const decide = await asked;
    stage.clock.advance(5_000);
    await turn();
    decide(null, true);
    const [head] = (await once(tcp, 'data')) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 101 /);
    tcp.destroy();
    other.close();
  });

  it('leaves upgrades of other paths to who wants them', async (t) => {
    const http = createServer();
    http.on('upgrade', (request, tcp) => {
      if (request.url === '/theirs') tcp.end('HTTP/1.1 101 Theirs\r\n\r\n');
    });
    const stage = await EngineStage.start(t, {}, http);
    const tcp = stage.tcp(`GET /theirs HTTP/1.1\r\n${UPGRADE_HEADERS}`);
    const [head] = (await once(tcp, 'data')) as [Buffer];
    assert.equal(head.toString(), 'HTTP/1.1 101 Theirs\r\n\r\n');
    tcp.destroy();
  });

  it('lets a server without WebSockets answer upgrade requests as plain ones', async (t) => {
    const stage = await EngineStage.start(t, { transports: ['polling'] });
    const tcp = stage.tcp(`GET /page HTTP/1.1\r\n${UPGRADE_HEADERS}`);
    const [head] = (await once(tcp, 'data')) as [Buffer];
    assert.match(head.toString(), /^HTTP\/1\.1 404 /);
    tcp.destroy();
  });

  it('ends an upgrade that nobody answers, on a connection that has served requests before too', async (t) => {
    const stage = await EngineStage.start(t);
    for (const before of ['', 'GET /page HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const tcp = stage.tcp(before);
      if (before !== '') await once(tcp, 'data');
      tcp.resume();
      const seen = once(stage.http, 'upgrade');
      tcp.write(`GET /elsewhere HTTP/1.1\r\n${UPGRADE_HEADERS}`);
      await seen;
      stage.clock.advance(1_010);
      await once(tcp, 'close');
    }
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('survives a reset of an upgrade that is nobody’s', async (t) => {
    const thrown = uncaughtIn(t);
    const stage = await EngineStage.start(t);
    const seen = once(stage.http, 'upgrade');
    const tcp = stage.tcp(`GET /elsewhere HTTP/1.1\r\n${UPGRADE_HEADERS}`);
    await seen;
    tcp.resetAndDestroy();
    await stage.emptied();
    assert.deepEqual(thrown, []);
  });

  it('ends both halves of an upgrade that it refuses, though the peer keeps its own', async (t) => {
    const stage = await EngineStage.start(t);
    const paths = ['?EIO=4&transport=websocket&sid=nobody', '?EIO=4&transport=websocket'];
    const heads = [UPGRADE_HEADERS, UPGRADE_HEADERS.replace('13', '12')];
    for (const [index, path] of paths.entries()) {
      const tcp = stage.tcp(`GET /socket.io/${path} HTTP/1.1\r\n${heads[index]}`);
      tcp.allowHalfOpen = true;
      const [head] = (await once(tcp, 'data')) as [Buffer];
      assert.match(head.toString(), /^HTTP\/1\.1 4/);
      assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
      tcp.destroy();
    }
  });
});

describe('Engine: allowRequest', () => {
  it('may answer later', async (t) => {
    const { allowRequest, asked } = leftOpen();
    const stage = await EngineStage.start(t, { allowRequest });
    const answer = stage.get();
    (await asked)(null, true);
    assert.equal((await answer).status, 200);
  });

  it('may answer twice: the first answer counts, and there is one session', async (t) => {
    for (const [first, second] of [
      [true, true],
      [true, false],
      [false, true],
    ] as const) {
      const stage = await EngineStage.start(t, {
        allowRequest: (_request, decide) => {
          decide(null, first);
          decide(null, second);
        },
      });
      const sessions = first ? 1 : 0;
      assert.equal((await stage.get()).status, first ? 200 : 403);
      assert.equal(stage.sockets.length, sessions);
      const tcp = stage.tcp(UPGRADE);
      const [head] = (await once(tcp, 'data')) as [Buffer];
      assert.match(head.toString(), first ? /^HTTP\/1\.1 101/ : /^HTTP\/1\.1 403/);
      assert.equal(stage.sockets.length, sessions * 2);
      tcp.destroy();
    }
  });

  it('may throw: the request is refused and the exception surfaces', async (t) => {
    const thrown = uncaughtIn(t);
    const stage = await EngineStage.start(t, {
      allowRequest: () => {
        throw new Error('mine');
      },
    });
    assert.equal((await stage.get()).status, 503);
    await assert.rejects(stage.openWebSocket(), /503/);
    assert.deepEqual(thrown, ['mine', 'mine']);
    assert.equal(stage.sockets.length, 0);
  });

  it('has connectTimeout to answer', async (t) => {
    const { allowRequest, asked } = leftOpen();
    const stage = await EngineStage.start(t, { allowRequest });
    const answer = stage.get();
    const decide = await asked;
    stage.clock.advance(45_010);
    assert.equal((await answer).status, 503);
    decide(null, true);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('opens nothing for a client that has left meanwhile', async (t) => {
    for (const head of [UPGRADE, 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const { allowRequest, asked } = leftOpen();
      const stage = await EngineStage.start(t, { allowRequest });
      const tcp = stage.tcp(head);
      const decide = await asked;
      tcp.resetAndDestroy();
      await stage.emptied();
      decide(null, true);
      await turn();
      assert.deepEqual([stage.sockets.length, stage.clock.pending], [0, 0]);
    }
  });

  it('keeps nobody waiting when the engine closes', async (t) => {
    for (const head of [UPGRADE, 'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const { allowRequest, asked } = leftOpen();
      const stage = await EngineStage.start(t, { allowRequest });
      const tcp = stage.tcp(head);
      const decide = await asked;
      stage.engine.close();
      const [answer] = (await once(tcp, 'data')) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1\.1 503/);
      decide(null, true);
      assert.equal(stage.sockets.length, 0);
      tcp.destroy();
    }
  });
});

describe('Engine: closing', () => {
  it('closes the HTTP server in bounded time, with waiting, silent, slow and half-finished clients', async (t) => {
    const stage = await EngineStage.start(t, { pingInterval: 1_000_000, maxOutboxBytes: Infinity });
    const sid = await stage.openPolling();
    const waiting = stage.get(sid);
    const quiet = await stage.openPolling();
    const silent = await stage.openWebSocket();
    silent.tcp.pause();
    // One that does not read its answer, nor a large message on its WebSocket.
    const deaf = await stage.openPolling();
    stage.socket.send('a'.repeat(20_000_000));
    const deafTcp = stage.tcp(
      `GET /socket.io/?EIO=4&transport=polling&sid=${deaf} HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    deafTcp.pause();
    const slow = await stage.openWebSocket();
    slow.tcp.pause();
    stage.socket.send('a'.repeat(20_000_000));
    // One in the middle of a POST, one in the middle of a frame.
    const posting = await stage.openPolling();
    const seen = stage.nextRequest();
    const postTcp = stage.tcp(
      `POST /socket.io/?EIO=4&transport=polling&sid=${posting} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4`,
    );
    await seen;
    const mid = await stage.openWebSocket();
    mid.tcp.write(Buffer.from([0x81, 0xff]));
    const foreign = stage.tcp(`GET /elsewhere HTTP/1.1\r\n${UPGRADE_HEADERS}`);
    await once(stage.http, 'upgrade');

    stage.engine.close();
    const closed = once(stage.http, 'close');
    stage.http.close();
    assert.equal((await waiting).body, '1');
    await turn();
    stage.clock.advance(3_010);
    stage.http.closeIdleConnections(); // as after keepAliveTimeout
    await closed;
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
    assert.ok(quiet);
    for (const tcp of [silent.tcp, deafTcp, slow.tcp, postTcp, mid.tcp, foreign]) tcp.destroy();
  });

  it('refuses who comes after, and asks them not to keep the connection', async (t) => {
    const stage = await EngineStage.start(t);
    stage.engine.close();
    const late = await stage.get();
    assert.deepEqual([late.status, late.headers.connection], [503, 'close']);
    await assert.rejects(stage.openWebSocket(), /503/);
  });

  it('closes with the HTTP server', async (t) => {
    const stage = await EngineStage.start(t);
    stage.http.close();
    await once(stage.http, 'close');
    assert.equal(stage.engine.clientsCount, 0);
  });
});

describe('Engine: connections that break', () => {
  it('keeps nothing of a client that resets, whatever it was doing', async (t) => {
    const thrown = uncaughtIn(t);
    const stage = await EngineStage.start(t);
    // After the 101; in the middle of a frame; with a close frame of ours unanswered.
    for (const bytes of [Buffer.alloc(0), Buffer.from([0x81, 0xff, 0, 0]), Buffer.from([0x83])]) {
      const client = await stage.openWebSocket();
      client.tcp.write(bytes);
      await turn();
      client.tcp.resetAndDestroy();
    }
    // While a GET waits; in the middle of a POST.
    for (const head of ['GET', 'POST']) {
      const sid = await stage.openPolling();
      const seen = stage.nextRequest();
      const tcp = stage.tcp(
        `${head} /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\n` +
          (head === 'POST' ? 'Content-Length: 9\r\n\r\n4' : '\r\n'),
      );
      await seen;
      tcp.resetAndDestroy();
    }
    // A candidate.
    const sid = await stage.openPolling();
    const candidate = await stage.openWebSocket(sid);
    candidate.say('2probe');
    await candidate.hear((text) => text === '3probe');
    candidate.tcp.resetAndDestroy();
    await stage.emptied();
    await stage.post(sid, '1');
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
    assert.equal(stage.closes.length, 6);
    assert.deepEqual(thrown, []);
  });

  it('opens the next sessions when a "connection" listener throws, and this one too', async (t) => {
    const thrown = uncaughtIn(t);
    const stage = await EngineStage.start(t);
    stage.engine.on('connection', () => {
      throw new Error('mine');
    });
    const sid = await stage.openPolling();
    assert.equal((await stage.post(sid, '4hello')).status, 200);
    const client = await stage.openWebSocket();
    client.say('4world');
    await stage.until(() => stage.messages.length === 2);
    assert.deepEqual(stage.messages, ['hello', 'world']);
    assert.deepEqual(thrown, ['mine', 'mine']);
    client.tcp.destroy();
  });
});
