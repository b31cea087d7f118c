/**
 * Published advisories against `ws`, `engine.io`, `socket.io` and their neighbours, each as a test of ours.
 *
 * Do not apply, since what they are about is not here: CVE-2026-59724 (WebTransport; its `__proto__` sid is tested below
 * all the same), CVE-2026-102600 (cluster engine), GHSA-pxg6 (a cookie dependency), uWebSockets#1927 (PROXY protocol).
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { it, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Server } from 'websockets.io';
import {
  acceptDeflate,
  checkUpgrade,
  encodeFrame,
  negotiateDeflate,
  WebSocketProtocol,
  WebSocketServer,
  type WebSocketEvent,
} from 'websockets.io/websocket';
import { PacketDecoder } from '../src/socketio/packet-decoder.ts';
import { EngineStage, UPGRADE_HEADERS } from './engine-stage.ts';
import { heldBytes } from './memory.ts';
import { RawClient } from './raw-client.ts';

const mask = Buffer.from([1, 2, 3, 4]);
const deflate = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

function receive(bytes: Buffer, withDeflate = false): WebSocketEvent[] {
  const core = { role: 'server', maxMessageBytes: 10_000, maxFragments: 100 } as const;
  const server = new WebSocketProtocol(withDeflate ? { ...core, deflate } : core);
  const events: WebSocketEvent[] = [];
  server.receive(bytes, (event) => events.push(event));
  return events;
}

function failure(bytes: Buffer, withDeflate = false): number | undefined {
  const event = receive(bytes, withDeflate).find(({ type }) => type === 'failed');
  return event?.type === 'failed' ? event.code : undefined;
}

function upgrade(headers: Record<string, string>): ReturnType<typeof checkUpgrade> {
  const sound = { host: 'x', upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13' };
  return checkUpgrade({
    method: 'GET',
    headers: { ...sound, 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...headers },
  });
}

it('CVE-2016-10518: a pong has the bytes of its ping and no others', () => {
  const [event] = receive(encodeFrame(9, 'abc', { mask }));
  assert.ok(event?.type === 'ping');
  assert.deepEqual(event.reply, Buffer.from('\x8a\x03abc', 'latin1'));
});
it('CVE-2016-10542: messages have a limit, known from the header', () => {
  assert.equal(failure(Buffer.from('82ff0000000010000000', 'hex')), 1009);
});
it('ws 2017 (prototype key in Sec-WebSocket-Extensions)', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    assert.equal(negotiateDeflate(`${name}; ${name}=1, permessage-deflate; ${name}`, {}), undefined);
  }
});
it('CVE-2021-32640: a long Sec-WebSocket-Protocol costs its length, not the square of it', () => {
  // Squared, 8 MB of them would take hours: this test would not end.
  for (const text of [' ', '\t', ', ', ',', 'a', '"', ';', '=']) {
    const long = text.repeat(8_000_000 / text.length);
    assert.equal(upgrade({ 'sec-websocket-protocol': `a${long}/` }).type, 'refused');
    assert.notEqual(upgrade({ 'sec-websocket-extensions': `a${long}/` }).type, undefined);
  }
});
it('CVE-2026-45736: a close reason is a string, or it throws', () => {
  const end = new WebSocketProtocol({ role: 'server', maxMessageBytes: 10 });
  assert.throws(() => end.close(1000, new Float32Array(20) as unknown as string));
});
it('CVE-2026-48779, CVE-2026-62389: tiny fragments are limited by number', () => {
  const one = encodeFrame(0, '', { mask, fin: false });
  const first = encodeFrame(2, '', { mask, fin: false });
  assert.equal(failure(Buffer.concat([first, ...Array.from({ length: 100 }, () => one)])), 1009);
});
it('CVE-2026-48779, CVE-2026-62389: and what they keep has the size of what they carry', async () => {
  const fragments = 100_000;
  const server = new WebSocketProtocol({ role: 'server', maxMessageBytes: 1e6, maxFragments: fragments + 1 });
  const events: WebSocketEvent[] = [];
  const before = await heldBytes();
  server.receive(encodeFrame(1, 'a', { mask, fin: false }), (event) => events.push(event));
  // Each in a chunk of its own, as a peer sends them who wants chunks to be kept.
  for (let i = 1; i < fragments; i += 1) {
    server.receive(encodeFrame(0, 'a', { mask, fin: false }), (event) => events.push(event));
  }
  const held = (await heldBytes()) - before;
  // 100 kB of payload. `ws` 8.20 kept an object for each: 13 MB.
  assert.ok(held < 1_500_000, `${held} bytes are held`);
  server.receive(encodeFrame(0, 'b', { mask }), (event) => events.push(event));
  assert.deepEqual(events, [{ type: 'text', text: `${'a'.repeat(fragments)}b` }]);
});
it('CVE-2026-1526, CVE-2026-54464, CVE-2026-54465, CVE-2016-10544: the limit counts what was inflated', () => {
  const bomb = deflateRawSync(Buffer.alloc(1_000_000), { finishFlush: 2 }).subarray(0, -4);
  assert.equal(failure(encodeFrame(2, bomb, { mask, rsv1: true }), true), 1009);
});
it('CVE-2026-1528: 64-bit lengths', () => {
  assert.equal(failure(Buffer.from('82ffffffffffffffffff', 'hex')), 1002);
  assert.equal(failure(Buffer.from('82ff0020000000000000', 'hex')), 1009);
});
it('CVE-2026-2229: server_max_window_bits out of range', () => {
  assert.equal(
    acceptDeflate('permessage-deflate; server_max_window_bits=99', 'permessage-deflate').type,
    'failed',
  );
});

async function asked(t: TestContext, method: string, query: string, body?: string): Promise<number> {
  const stage = await EngineStage.start(t);
  return (await stage.ask(method, `/socket.io/?${query}`, body)).status;
}

it('CVE-2020-36048: polling bodies have a limit', async (t) => {
  const stage = await EngineStage.start(t, { maxHttpBufferSize: 100 });
  assert.equal((await stage.post(await stage.openPolling(), `4${'a'.repeat(200)}`)).status, 413);
});
it('CVE-2020-28481: no other origin may read the answers by default', async (t) => {
  const stage = await EngineStage.start(t);
  const { headers } = await stage.ask('GET', '/socket.io/?EIO=4&transport=polling');
  assert.deepEqual(
    Object.keys(headers).filter((name) => name.startsWith('access-control')),
    [],
  );
});
it('CVE-2022-21676, CVE-2022-41940, CVE-2023-31125: crafted requests are answered', async (t) => {
  for (const query of [
    'EIO=4',
    'EIO=4&transport=__proto__',
    'EIO=4&transport=polling&sid=x',
    'EIO=5&transport=polling',
  ])
    assert.equal(await asked(t, 'GET', query), 400, query);
});
it('CVE-2026-59724: a session id of the prototype', async (t) => {
  assert.equal(await asked(t, 'GET', 'EIO=4&transport=polling&sid=__proto__'), 400);
});
it('CVE-2026-59725: an invalid binary polling POST is answered', async (t) => {
  const stage = await EngineStage.start(t);
  assert.equal((await stage.post(await stage.openPolling(), 'b!!!\x00')).status, 400);
});
it('CVE-2026-102599: an upgrade with another EIO revision', async (t) => {
  const stage = await EngineStage.start(t);
  const sid = await stage.openPolling();
  const tcp = stage.tcp(
    `GET /socket.io/?EIO=3&transport=websocket&sid=${sid} HTTP/1.1\r\n${UPGRADE_HEADERS}`,
  );
  const answer = await new Promise<string>((resolve) => tcp.once('data', (data) => resolve(data.toString())));
  tcp.destroy();
  assert.match(answer, /^HTTP\/1\.1 400/);
});
it('CVE-2017-16031: session ids do not repeat and are long', async (t) => {
  const stage = await EngineStage.start(t);
  const ids = await Promise.all(Array.from({ length: 20 }, () => stage.openPolling()));
  assert.equal(new Set(ids).size, 20);
  assert.ok(ids.every((id) => id.length >= 20));
});

const broken: [string, string][] = [
  ['CVE-2020-36049', `5${'9'.repeat(1_000)}-["a"]`],
  ['CVE-2023-32695', '2[{"toString":"x"}]'],
  ['CVE-2026-33151', '5100000-["a",{"_placeholder":true,"num":0}]'],
];
for (const [name, text] of broken) {
  it(`${name}: ${text.slice(0, 30)} is invalid, and not a throw`, () => {
    assert.equal(new PacketDecoder({ maxAttachments: 3 }).receive(text).type, 'invalid');
  });
}
it('CVE-2022-2421, CVE-2026-69185: placeholders of no attachment are no throw', () => {
  for (const num of ['"splice"', '"__proto__"', '-1', '7']) {
    const decoder = new PacketDecoder({ maxAttachments: 3 });
    decoder.receive(`51-["a",{"_placeholder":true,"num":${num}}]`);
    assert.equal(decoder.receive(Buffer.from('x')).type, 'invalid');
  }
  new PacketDecoder({ maxAttachments: 3 }).receive('50-["a"]');
});

it('CVE-2024-38355: an event named "error" that nobody listens for', async (t) => {
  const http = createServer();
  const io = new Server(http);
  io.on('connection', (socket) => socket.on('echo', (word: string) => socket.emit('echo', word)));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const client = await RawClient.enter((http.address() as AddressInfo).port);
  t.after(async () => {
    client.tcp.destroy();
    await io.close();
  });
  client.say('42["error","x"]');
  client.say('42["echo","alive"]');
  assert.equal(await client.hear((text) => text.startsWith('42["echo"')), '42["echo","alive"]');
});

/** What a running server of bare WebSocket says first to these bytes. */
async function firstWords(t: TestContext, request: string): Promise<string> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const tcp = connect((http.address() as AddressInfo).port, '127.0.0.1');
  tcp.on('error', () => undefined);
  t.after(async () => {
    tcp.destroy();
    http.close();
    await server.close();
  });
  tcp.write(request);
  const [data] = (await once(tcp, 'data')) as [Buffer];
  return data.toString('latin1').split('\r\n', 1)[0] ?? '';
}

it('CVE-2024-37890: more headers than Node keeps', async (t) => {
  const many = Array.from({ length: 2_500 }, (_, at) => `a${at}:\r\n`).join('');
  assert.match(await firstWords(t, `GET / HTTP/1.1\r\n${many}${UPGRADE_HEADERS}`), /^HTTP\/1\.1 4\d\d/);
});
it('CVE-2026-54466: headers without end', async (t) => {
  assert.match(await firstWords(t, `GET / HTTP/1.1\r\na: ${'x'.repeat(20_000)}`), /^HTTP\/1\.1 431/);
});

for (const header of ['content-length: 5', 'transfer-encoding: chunked', 'content-length: 0, 5']) {
  it(`CVE-2026-69243 (class): an upgrade with a body (${header}) is refused, its body never read as frames`, () => {
    const [name = '', value = ''] = header.split(': ');
    const lower = {
      host: 'x',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      [name]: value,
    };
    const outcome = checkUpgrade({ method: 'GET', httpVersion: '1.1', headers: lower });
    assert.equal(outcome.type === 'refused' && outcome.status, 400);
    const without = checkUpgrade({
      method: 'GET',
      httpVersion: '1.1',
      headers: { ...lower, [name]: undefined },
    });
    assert.equal(without.type, 'accepted');
  });
}
