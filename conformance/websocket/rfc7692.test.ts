/** RFC 7692 over TCP, with a client that compresses with zlib by itself. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { WebSocketServer } from 'websockets.io/websocket';
import { closeFrame, frame, Opcode, RawConnection, upgradeRequest } from '../raw-connection.ts';

const http = createServer();
const heard: string[] = [];
const options = { serverNoContextTakeover: false, clientNoContextTakeover: false };
const server = new WebSocketServer({ server: http, maxMessageBytes: 100_000, perMessageDeflate: options });
let port: number;
before(async () => {
  server.on('connection', (socket) => socket.on('message', (data) => heard.push(data.toString())));
  http.listen(0);
  await once(http, 'listening');
  port = (http.address() as AddressInfo).port;
});
after(async () => {
  http.closeAllConnections();
  http.close();
  await server.close();
});

function compress(text: string, windowBits = 15, dictionary?: Buffer): Buffer {
  // A sync flush ends in 00 00 ff ff, which is left out (§7.2.1).
  const whole = deflateRawSync(text, { windowBits, finishFlush: 2, ...(dictionary && { dictionary }) });
  return whole.subarray(0, -4);
}

async function play(
  offer: string,
  ...chunks: Buffer[]
): Promise<{ agreed: string; code?: number | undefined }> {
  heard.length = 0;
  const raw = await RawConnection.open(port);
  raw.send(upgradeRequest({ headers: { 'Sec-WebSocket-Extensions': offer } }));
  const { status, head } = await raw.response();
  assert.equal(status, 101);
  const agreed = /^sec-websocket-extensions: (.*)\r$/im.exec(head)?.[1] ?? '';
  raw.send(...chunks, closeFrame(1000));
  const { closeCode: code } = await raw.ending();
  raw.destroy();
  return { agreed, code };
}

const word = 'Hello, hello, hello! '.repeat(20);
const rsv1 = (payload: Buffer, fin = true): Buffer => frame({ opcode: 1, payload, fin, reserved: 4 });
const plain = 'permessage-deflate';

describe('negotiation (§7.1)', () => {
  for (let bits = 9; bits <= 15; bits += 1) {
    for (const flags of ['', '; server_no_context_takeover', '; client_no_context_takeover']) {
      test(`windows of ${bits}${flags}`, async () => {
        const offer = `${plain}; client_max_window_bits=${bits}; server_max_window_bits=${bits}${flags}`;
        const { agreed, code } = await play(offer, rsv1(compress(word, bits)));
        assert.ok(agreed.includes(`server_max_window_bits=${bits}`), agreed);
        assert.ok(agreed.includes(flags.slice(2)), agreed);
        assert.deepEqual([heard, code], [[word], 1000]);
      });
    }
  }
  for (const wrong of [
    'x',
    'server_max_window_bits=16',
    'server_max_window_bits=08',
    'server_max_window_bits',
  ]) {
    test(`declined: ${wrong}; the next offer is taken`, async () => {
      assert.equal((await play(`${plain}; ${wrong}`)).agreed, '');
      assert.equal((await play(`${plain}; ${wrong}, ${plain}`)).agreed, plain);
    });
  }
});

describe('messages (§6, §7.2)', () => {
  test('a context kept over messages, and an empty one', async () => {
    const { code } = await play(
      plain,
      rsv1(compress(word)),
      rsv1(compress(word, 15, Buffer.from(word))),
      rsv1(Buffer.from([0])),
    );
    assert.deepEqual([heard, code], [[word, word, ''], 1000]);
  });
  test('fragments with a ping between them', async () => {
    const bytes = compress(word);
    const rest = frame({ opcode: Opcode.continuation, payload: bytes.subarray(5) });
    const { code } = await play(
      plain,
      rsv1(bytes.subarray(0, 5), false),
      frame({ opcode: Opcode.ping }),
      rest,
    );
    assert.deepEqual([heard, code], [[word], 1000]);
  });
  const wrong: [string, Buffer, number][] = [
    ['RSV1 on a control frame', frame({ opcode: 9, reserved: 4 }), 1002],
    [
      'RSV1 on a continuation',
      Buffer.concat([rsv1(compress(word), false), frame({ opcode: 0, reserved: 4 })]),
      1002,
    ],
    ['corrupt data', rsv1(Buffer.from('ffffffff', 'hex')), 1007],
    [
      'text that is not UTF-8',
      rsv1(deflateRawSync(Buffer.from([0xff]), { finishFlush: 2 }).subarray(0, -4)),
      1007,
    ],
    ['a bomb', rsv1(compress('a'.repeat(50_000_000))), 1009],
  ];
  for (const [name, bytes, closeCode] of wrong) {
    test(`${name}: ${closeCode}`, async () => {
      assert.equal((await play(plain, bytes)).code, closeCode);
      assert.deepEqual(heard, []);
    });
  }
  test('RSV1 without the extension: 1002', async () => {
    assert.equal((await play('x-other', rsv1(compress(word)))).code, 1002);
  });
});
