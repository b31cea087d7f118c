/** Engine.IO revision 3: the official client 3.5 of Node, and what browsers and others put on the wire. */
import assert from 'node:assert/strict';
import { once, type EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { describe, it, type TestContext } from 'node:test';
import type { ServerOptions } from '../src/options.ts';
import { systemClock } from '../src/transport/clock.ts';
import { EngineStage, turn } from './engine-stage.ts';
import { RawClient } from './raw-client.ts';

interface Client extends EventEmitter {
  send(data: string | Buffer): void;
  close(): void;
  transport: { name: string };
}
const openClient = createRequire(import.meta.url)('engine.io-client-3') as (
  url: string,
  options: object,
) => Client;

const OPEN = '/socket.io/?EIO=3&transport=polling';
/** What engine.io-client before 1.6 puts into `t`. */
const EARLY = '&t=1448323232323-0';
const NOTHING = Buffer.alloc(0);

interface BytesAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

function start(t: TestContext, options: ServerOptions = {}): Promise<EngineStage> {
  return EngineStage.start(t, { allowEIO3: true, ...options });
}

async function ask(stage: EngineStage, path: string, body?: string | Buffer): Promise<BytesAnswer> {
  const isText = typeof body === 'string';
  const init = body === undefined ? {} : { method: 'POST', body: isText ? body : new Uint8Array(body) };
  const type = isText ? 'text/plain;charset=UTF-8' : 'application/octet-stream';
  const headers = { connection: 'close', ...(body !== undefined && { 'content-type': type }) };
  const response = await fetch(`http://127.0.0.1:${stage.port}${path}`, { ...init, headers });
  const answer = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: answer };
}

/** Opens by polling. @returns the path of the session */
async function openPolling(stage: EngineStage, more = ''): Promise<string> {
  const { body } = await ask(stage, OPEN + more);
  const { sid } = JSON.parse(body.toString().replace(/^[^{]*/, '')) as { sid: string };
  return `${OPEN}&sid=${sid}`;
}

describe('revision 3: the official client', () => {
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    for (const forceBase64 of [false, true]) {
      it(`talks by ${transports.join(', then ')}${forceBase64 ? ' in base64' : ''}`, async (t) => {
        const stage = await start(t, { clock: systemClock });
        stage.onMessage = (message, socket) => socket.send(message);
        const client = openClient(`ws://127.0.0.1:${stage.port}`, {
          path: '/socket.io/',
          transports,
          forceBase64,
        });
        t.after(() => client.close());
        await once(client, transports.length > 1 ? 'upgrade' : 'open');
        assert.equal(client.transport.name, transports.at(-1));
        assert.equal(stage.socket.protocol, 3);
        for (const data of ['hello', 'ä€😀', Buffer.from([0, 4, 255]), NOTHING]) {
          const echoed = once(client, 'message') as Promise<[string | Buffer]>;
          client.send(data);
          assert.deepEqual((await echoed)[0], data);
        }
        const closed = once(stage.socket, 'close');
        client.close();
        await closed;
      });
    }
  }

  it('sees nothing of a text or a binary get lost on the way from polling to WebSocket', async (t) => {
    const stage = await start(t, { clock: systemClock });
    stage.onMessage = (message, socket) => socket.send(message);
    const client = openClient(`ws://127.0.0.1:${stage.port}`, { path: '/socket.io/' });
    t.after(() => client.close());
    const heard: (string | Buffer)[] = [];
    const all = new Promise<void>((resolve) => {
      client.on('message', (data: string | Buffer) => {
        heard.push(data);
        if (heard.length === 200) resolve();
      });
    });
    const said = Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? `text ${at}` : Buffer.from([at])));
    await once(client, 'open');
    for (const [at, data] of said.entries()) {
      client.send(data);
      if (at % 10 === 0) await turn();
    }
    await all;
    assert.deepEqual(heard, said);
  });

  it('is refused where it is not allowed', async (t) => {
    const stage = await EngineStage.start(t);
    const answer = await ask(stage, OPEN);
    assert.deepEqual(
      [answer.status, answer.body.toString()],
      [400, '{"code":5,"message":"Unsupported protocol version"}'],
    );
    const path = '/socket.io/?EIO=3&transport=websocket';
    await assert.rejects(RawClient.open(stage.port, path), /400[^]*Unsupported protocol version/);
  });
});

describe('revision 3: polling', () => {
  it('answers with text, or with bytes where a packet is binary', async (t) => {
    const stage = await start(t);
    const opened = await ask(stage, `${OPEN}&t=OpvJxVN`);
    assert.equal(opened.type, 'text/plain; charset=UTF-8');
    const [, length, packet] = /^(\d+):(0.+)$/.exec(opened.body.toString()) ?? [];
    assert.equal(Number(length), packet?.length);
    const path = `${OPEN}&sid=${stage.socket.id}`;
    stage.socket.send('€').send('b');
    assert.equal((await ask(stage, path)).body.toString(), '2:4€2:4b');
    stage.socket.send('€').send(Buffer.from([1]));
    const { type, body } = await ask(stage, path);
    assert.equal(type, 'application/octet-stream');
    assert.deepEqual(body, Buffer.from([0, 4, 255, 0x34, 0xe2, 0x82, 0xac, 1, 2, 255, 4, 1]));
  });

  it('answers with base64 where the client said so when it opened', async (t) => {
    const stage = await start(t);
    const path = await openPolling(stage, '&b64=1');
    stage.socket.send(Buffer.from([1, 2, 3, 4]));
    const { type, body } = await ask(stage, path);
    assert.deepEqual([type, body.toString()], ['text/plain; charset=UTF-8', '10:b4AQIDBA==']);
  });

  it('takes bodies of text and of bytes', async (t) => {
    const stage = await start(t);
    const path = await openPolling(stage);
    const bytes = Buffer.from([0, 3, 255, 0x34, 0xc3, 0xa4, 1, 2, 255, 4, 1]);
    for (const body of ['2:4ä10:b4AQIDBA==', bytes]) {
      const answer = await ask(stage, path, body);
      assert.deepEqual([answer.status, answer.type, answer.body.toString()], [200, 'text/html', 'ok']);
    }
    assert.deepEqual(stage.messages, ['ä', Buffer.from([1, 2, 3, 4]), 'ä', Buffer.from([1])]);
  });

  it('takes a body of bytes in whatever chunks it comes', async (t) => {
    const stage = await start(t);
    const path = await openPolling(stage);
    const tcp = stage.tcp(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (const byte of [0, 2, 255, 0x34, 0x61, 1, 2, 255, 4, 7]) {
      tcp.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]));
    }
    tcp.write('0\r\n\r\n');
    await stage.until(() => stage.messages.length === 2);
    assert.deepEqual(stage.messages, ['a', Buffer.from([7])]);
    tcp.destroy();
  });

  it('gives bytes in any case to clients older than engine.io-client 1.6, and undoes what they do to text', async (t) => {
    const stage = await start(t);
    const opened = await ask(stage, OPEN + EARLY);
    assert.equal(opened.type, 'application/octet-stream');
    assert.deepEqual([...opened.body.subarray(0, 1), opened.body[opened.body.indexOf(255) + 1]], [0, 0x30]);
    const path = `${OPEN}&sid=${stage.socket.id}&t=1448323232323-1`;
    stage.socket.send('ä');
    assert.deepEqual((await ask(stage, path)).body, Buffer.from([0, 3, 255, 0x34, 0xc3, 0xa4]));
    assert.equal((await ask(stage, path, '3:4\u00c3\u00a4')).status, 200);
    assert.deepEqual(stage.messages, ['ä']);
    const polled = ask(stage, path);
    await stage.nextRequest();
    stage.socket.close();
    assert.deepEqual((await polled).body, Buffer.from([0, 1, 255, 0x31]));
  });

  it('says close and noop in its own form', async (t) => {
    const stage = await start(t);
    const path = await openPolling(stage);
    stage.socket.close(); // nobody polls: the next GET is told
    assert.equal((await ask(stage, path)).body.toString(), '1:1');
    assert.equal((await ask(stage, path.replace('EIO=3', 'EIO=4'))).status, 400);

    const other = await openPolling(stage);
    const polled = ask(stage, other);
    await stage.nextRequest();
    const client = await RawClient.open(stage.port, other.replace('polling', 'websocket'));
    client.say('2probe');
    assert.equal((await polled).body.toString(), '1:6');
    await client.hear((text) => text === '3probe');
    client.say('5');
    stage.socket.send('hello');
    await client.hear((text) => text === '4hello');
    client.tcp.destroy();
  });

  for (const [what, body] of [
    ['no length', '4hello'],
    ['a length over the rest', '9:4a'],
    ['an empty body', ''],
    ['a payload of revision 4', '4a\x1e4b'],
    ['bytes without a kind', Buffer.from([7, 1, 255, 0x36])],
    ['bytes that break off', Buffer.from([1, 9, 255, 4])],
    ['bytes with text that is not UTF-8', Buffer.from([0, 2, 255, 0x34, 0xff])],
    ['an unknown type', '1:9'],
    ['malformed base64', '4:b4A*'],
  ] as const) {
    it(`answers 400 to ${what}, and ends the session`, async (t) => {
      const stage = await start(t);
      const path = await openPolling(stage);
      assert.equal((await ask(stage, path, body)).status, 400);
      assert.deepEqual([stage.messages, stage.closes], [[], ['parse error']]);
    });
  }

  it('keeps the limits of a body', async (t) => {
    const stage = await start(t, { maxPayloadPackets: 3, maxHttpBufferSize: 100 });
    const noop = Buffer.from([0, 1, 255, 0x36]);
    for (const body of ['1:61:61:61:6', Buffer.concat([noop, noop, noop, noop])]) {
      assert.equal((await ask(stage, await openPolling(stage), body)).status, 400);
    }
    for (const body of [`98:${'4'.repeat(98)}`, Buffer.alloc(101)]) {
      assert.equal((await ask(stage, await openPolling(stage), body)).status, 413);
    }
  });

  it('refuses JSONP', async (t) => {
    const stage = await start(t);
    const { status, type, body } = await ask(stage, `${OPEN}&j=0`);
    assert.deepEqual([status, type], [400, 'application/json']);
    assert.equal(body.toString(), '{"code":3,"message":"Bad request"}');
  });

  it('a session belongs to its revision', async (t) => {
    const stage = await start(t);
    const old = await openPolling(stage);
    const now = `/socket.io/?EIO=4&transport=polling&sid=${await stage.openPolling()}`;
    for (const path of [old.replace('EIO=3', 'EIO=4'), now.replace('EIO=4', 'EIO=3')]) {
      const { status, body } = await ask(stage, path);
      assert.deepEqual([status, body.toString()], [400, '{"code":3,"message":"Bad request"}']);
      assert.equal((await ask(stage, path, '4a')).status, 400);
      const upgrade = RawClient.open(stage.port, path.replace('polling', 'websocket'));
      await assert.rejects(upgrade, /^Error: HTTP\/1\.1 400 /);
    }
    assert.equal(stage.engine.clientsCount, 2);
    for (const sid of ['__proto__', 'constructor', 'toString']) {
      assert.equal((await ask(stage, `${OPEN}&sid=${sid}`)).status, 400);
    }
  });
});

describe('revision 3: heartbeats', () => {
  it('answers pings by both transports, and never pings', async (t) => {
    const stage = await start(t);
    const path = await openPolling(stage);
    const heartbeats: string[] = [];
    stage.socket.on('heartbeat', () => heartbeats.push('polling'));
    stage.clock.advance(44_980);
    await ask(stage, path, '1:23:2xy');
    assert.equal((await ask(stage, path)).body.toString(), '1:33:3xy');
    const client = await RawClient.open(stage.port, '/socket.io/?EIO=3&transport=websocket');
    client.say('2');
    await client.hear((text) => text === '3');
    assert.deepEqual(heartbeats, ['polling', 'polling']);
    stage.clock.advance(44_980);
    assert.deepEqual(stage.closes, []);
    stage.clock.advance(220); // and 1 % of the ping timeout
    assert.deepEqual(stage.closes, ['ping timeout', 'ping timeout']);
    client.tcp.destroy();
  });

  it('limit: maxOutboxBytes, for a client that pings and does not read', async (t) => {
    const stage = await start(t, { maxOutboxBytes: 1_000 });
    const path = await openPolling(stage);
    for (let round = 0; round < 10 && stage.closes.length === 0; round += 1) {
      await ask(stage, path, '1:2'.repeat(100));
    }
    assert.deepEqual(stage.closes, ['slow reader']);
  });

  it('ends for a pong, which is ours to send', async (t) => {
    const stage = await start(t);
    const client = await RawClient.open(stage.port, '/socket.io/?EIO=3&transport=websocket');
    client.say('3');
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(stage.closes, ['transport error']);
  });
});

describe('revision 3: WebSocket', () => {
  it('a binary message carries its type', async (t) => {
    const stage = await start(t);
    stage.onMessage = (message, socket) => socket.send(message);
    const client = await RawClient.open(stage.port, '/socket.io/?EIO=3&transport=websocket');
    client.tcp.write(client.websocket.binary(Buffer.from([4, 1, 2])));
    const echoed = await client.until((event) => event.type === 'binary');
    assert.deepEqual(echoed.type === 'binary' && echoed.bytes, Buffer.from([4, 1, 2]));
    client.say('b4AQI=');
    const again = await client.until((event) => event.type === 'binary');
    assert.deepEqual(again.type === 'binary' && again.bytes, Buffer.from([4, 1, 2]));
    client.tcp.write(client.websocket.binary(Buffer.from([9])));
    await client.until((event) => event.type === 'closing');
    assert.deepEqual(stage.closes, ['parse error']);
  });

  it('a client of either revision that reads no binary gets base64', async (t) => {
    const stage = await start(t);
    for (const [revision, expected] of [
      [3, 'b4AQI='],
      [4, 'bAQI='],
    ] as const) {
      const path = `/socket.io/?EIO=${revision}&transport=websocket&b64=1`;
      const client = await RawClient.open(stage.port, path);
      stage.socket.send(Buffer.from([1, 2]));
      assert.equal(await client.hear((text) => !text.startsWith('0')), expected);
      client.tcp.destroy();
    }
  });
});
