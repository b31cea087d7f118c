/** What clients with broken upgrade requests and broken frames are told (RFC 6455 §4.2, §5, §7). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostileStage, MAX_BYTES } from './hostile-stage.ts';
import { closeFrame, frame, Opcode, type RawConnection, text, upgradeRequest } from './raw-connection.ts';

const { open, disconnectNoticed, stillEchoes } = hostileStage();

describe('upgrade requests (§4.2)', () => {
  const path = '/socket.io/?EIO=4&transport=';
  const refused: [string, string][] = [
    ['no key', upgradeRequest({ headers: { 'Sec-WebSocket-Key': undefined } })],
    ['an empty key', upgradeRequest({ headers: { 'Sec-WebSocket-Key': '' } })],
    ['a short key', upgradeRequest({ headers: { 'Sec-WebSocket-Key': 'c2hvcnQ=' } })],
    ['a key that is not base64', upgradeRequest({ headers: { 'Sec-WebSocket-Key': '*'.repeat(24) } })],
    ['no version', upgradeRequest({ headers: { 'Sec-WebSocket-Version': undefined } })],
    ['version 7', upgradeRequest({ headers: { 'Sec-WebSocket-Version': '7' } })],
    ['version text', upgradeRequest({ headers: { 'Sec-WebSocket-Version': 'thirteen' } })],
    ['another protocol to upgrade to', upgradeRequest({ headers: { Upgrade: 'h2c' } })],
    ['method POST', upgradeRequest({ method: 'POST' })],
    ['method PUT', upgradeRequest({ method: 'PUT' })],
    ['an unknown transport', upgradeRequest({ path: `${path}telepathy` })],
    ['no transport', upgradeRequest({ path: '/socket.io/?EIO=4' })],
    ['an unknown sid', upgradeRequest({ path: `${path}websocket&sid=nobody` })],
    ['a sid of the prototype', upgradeRequest({ path: `${path}websocket&sid=__proto__` })],
    ['transport of the prototype', upgradeRequest({ path: `${path}__proto__` })],
  ];
  for (const [what, bytes] of refused) {
    test(`${what}: a 4xx answer, then the end`, async () => {
      const raw = await open('tcp');
      raw.send(bytes);
      const { status } = await raw.response();
      assert.ok(status >= 400 && status < 500, `status ${status}`);
      await raw.ending();
    });
  }

  test('a wrong version is told the right one (§4.4)', async () => {
    const raw = await open('tcp');
    raw.send(upgradeRequest({ headers: { 'Sec-WebSocket-Version': '12' } }));
    assert.match((await raw.response()).head, /^sec-websocket-version:.*\b13\b/im);
  });

  test('a path of nobody is not left open', async () => {
    const raw = await open('tcp');
    raw.send(upgradeRequest({ path: '/nobody' }));
    await raw.ending();
  });

  test('bytes that are not HTTP', async () => {
    const raw = await open('tcp');
    raw.send('\u0016\u0003\u0001 hello?\r\n\r\n');
    assert.equal((await raw.response()).status, 400);
    await raw.ending();
  });

  test('half a request, then FIN', async () => {
    const raw = await open('tcp');
    raw.send(upgradeRequest().slice(0, 60));
    raw.halfClose();
    await raw.ending();
  });

  test('reset right after the request', async () => {
    const raw = await open('tcp');
    raw.send(upgradeRequest());
    raw.reset();
  });

  test('header names and tokens in any case; the key is answered (§4.2.2)', async () => {
    const raw = await open('tcp');
    const key = 'dGhlIHNhbXBsZSBub25jZQ==';
    const headers = { Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE', 'Sec-WebSocket-Key': key };
    raw.send(upgradeRequest({ headers }));
    const { status, head } = await raw.response();
    assert.equal(status, 101);
    assert.match(head, /^sec-websocket-accept: *s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r$/im);
    assert.match(head, /^upgrade: *websocket\r$/im);
    assert.match(head, /^connection: *upgrade\r$/im);
    assert.doesNotMatch(head, /^sec-websocket-extensions:/im);
  });

  test('frames sent before the answer (against §4.1, but harmless) are not lost', async () => {
    const raw = await open('tcp');
    raw.send(Buffer.concat([Buffer.from(upgradeRequest()), text('40'), text('42["echo",1]')]));
    assert.equal((await raw.response()).status, 101);
    assert.match(await raw.nextText(), /^0\{/);
    assert.match(await raw.nextText(), /^40\{/);
    assert.equal(await raw.nextText(), '42["echo",1]');
  });
});

describe('broken frames (§5, §7.4)', () => {
  const start = frame({ opcode: Opcode.text, payload: '42["echo",', fin: false });
  const broken: [string, number[], ...Buffer[]][] = [
    ['an unmasked frame', [1002], frame({ opcode: Opcode.text, payload: '42["echo",1]', masked: false })],
    ['RSV1 without an extension', [1002], frame({ opcode: Opcode.text, payload: '42[]', reserved: 4 })],
    ['RSV2', [1002], frame({ opcode: Opcode.text, payload: '42[]', reserved: 2 })],
    ['RSV3', [1002], frame({ opcode: Opcode.binary, payload: '42[]', reserved: 1 })],
    ['RSV1 on a control frame', [1002], frame({ opcode: Opcode.ping, reserved: 4 })],
    ['reserved opcode 3', [1002], frame({ opcode: 3 })],
    ['reserved opcode 7', [1002], frame({ opcode: 7, payload: 'x' })],
    ['reserved opcode 11', [1002], frame({ opcode: 11 })],
    ['reserved opcode 15', [1002], frame({ opcode: 15 })],
    ['a fragmented ping', [1002], frame({ opcode: Opcode.ping, fin: false })],
    ['a fragmented close', [1002], frame({ opcode: Opcode.close, fin: false })],
    ['a ping of 126 bytes', [1002], frame({ opcode: Opcode.ping, payload: 'x'.repeat(126) })],
    ['a continuation of nothing', [1002], frame({ opcode: Opcode.continuation, payload: 'x' })],
    ['a new message inside a fragmented one', [1002], start, text('42["echo",1]')],
    [
      'text that is not UTF-8',
      [1007],
      frame({ opcode: Opcode.text, payload: Buffer.from([0x34, 0xc3, 0x28]) }),
    ],
    [
      'an overlong encoding',
      [1007],
      frame({ opcode: Opcode.text, payload: Buffer.from([0x34, 0xc0, 0xaf]) }),
    ],
    [
      'a lone surrogate',
      [1007],
      frame({ opcode: Opcode.text, payload: Buffer.from([0x34, 0xed, 0xa0, 0x80]) }),
    ],
    [
      'UTF-8 that breaks off at the end of a fragmented message',
      [1007],
      frame({ opcode: Opcode.text, payload: Buffer.from([0x34, 0xe2]), fin: false }),
      frame({ opcode: Opcode.continuation, payload: Buffer.from([0x82]) }),
    ],
    ['a close of one byte', [1002], frame({ opcode: Opcode.close, payload: 'x' })],
    ['close code 0', [1002], closeFrame(0)],
    ['close code 999', [1002], closeFrame(999)],
    ['close code 1005', [1002], closeFrame(1005)],
    ['close code 1006', [1002], closeFrame(1006)],
    ['close code 1016', [1002], closeFrame(1016)],
    ['close code 5000', [1002], closeFrame(5000)],
    ['a close reason that is not UTF-8', [1007], closeFrame(1000, Buffer.from([0xff, 0xfe]))],
    // The most significant bit must be 0 (§5.2): a broken frame, or simply too big.
    ['a length of 2^63', [1002, 1009], frame({ opcode: Opcode.text, declaredLength: 2n ** 63n })],
    ['a length of 2^53', [1009], frame({ opcode: Opcode.text, declaredLength: 2n ** 53n })],
    // Refused by its head alone: the payload never comes.
    [
      'a declared length over the limit',
      [1009],
      frame({ opcode: Opcode.text, declaredLength: BigInt(MAX_BYTES + 1) }),
    ],
    ['a message over the limit', [1009], text(`4${'x'.repeat(MAX_BYTES)}`)],
    [
      'fragments that together pass the limit',
      [1009],
      frame({ opcode: Opcode.text, payload: `4${'x'.repeat(60_000)}`, fin: false }),
      frame({ opcode: Opcode.continuation, payload: 'x'.repeat(60_000) }),
    ],
  ];
  for (const [what, codes, ...frames] of broken) {
    test(`${what}: closed with ${codes.join(' or ')}`, async () => {
      const raw = await open();
      raw.send(...frames);
      const { closeCode } = await raw.endingInPeace();
      assert.ok(codes.includes(closeCode ?? 0), `close code ${closeCode}`);
      await disconnectNoticed();
    });
  }

  test('nothing after a broken frame is listened to', async () => {
    const raw = await open();
    raw.send(Buffer.concat([frame({ opcode: 3 }), text('42["swallow"]'), text('42["echo",1]')]));
    const { closeCode } = await raw.endingInPeace();
    assert.equal(closeCode, 1002);
    await assert.rejects(raw.nextText(), /opcode 8|ended/);
  });
});

describe('correct frames of unusual shape', () => {
  test('a frame byte by byte', async () => {
    const raw = await open();
    for (const byte of text('42["echo","slow é"]')) raw.send(Buffer.from([byte]));
    assert.equal(await raw.nextText(), '42["echo","slow é"]');
  });

  test('fragments with a ping between, cut inside a character', async () => {
    const raw = await open();
    const whole = Buffer.from('42["echo","é日"]');
    raw.send(
      frame({ opcode: Opcode.text, payload: whole.subarray(0, 12), fin: false }),
      frame({ opcode: Opcode.ping, payload: 'between' }),
      frame({ opcode: Opcode.continuation, payload: '', fin: false }),
      frame({ opcode: Opcode.continuation, payload: whole.subarray(12) }),
    );
    assert.deepEqual(await raw.nextFrame(), { opcode: Opcode.pong, payload: Buffer.from('between') });
    assert.equal(await raw.nextText(), whole.toString());
  });

  test('a pong nobody asked for, and a ping with 125 bytes', async () => {
    const raw = await open();
    raw.send(frame({ opcode: Opcode.pong, payload: 'unasked' }));
    raw.send(frame({ opcode: Opcode.ping, payload: 'x'.repeat(125) }));
    assert.deepEqual(await raw.nextFrame(), { opcode: Opcode.pong, payload: Buffer.from('x'.repeat(125)) });
    await stillEchoes(raw);
  });

  test('a message of exactly the limit', async () => {
    const raw = await open();
    const padding = 'x'.repeat(MAX_BYTES - '42["swallow",""]'.length);
    raw.send(text(`42["swallow","${padding}"]`));
    assert.equal(await raw.nextText(), '42["swallowed"]');
  });

  for (const code of [1000, 1001, 3000, 4999]) {
    test(`a close with ${code} is answered with the same code (§5.5.1)`, async () => {
      const raw = await open();
      raw.send(closeFrame(code, 'bye'));
      assert.equal((await raw.ending()).closeCode, code);
      await disconnectNoticed();
    });
  }

  test('a close without a code is answered', async () => {
    const raw = await open();
    raw.send(frame({ opcode: Opcode.close }));
    assert.ok([1000, 1005].includes((await raw.ending()).closeCode ?? 0));
    await disconnectNoticed();
  });

  test('nothing is answered after a close', async () => {
    const raw = await open();
    raw.send(Buffer.concat([closeFrame(1000), text('42["echo",1]'), frame({ opcode: Opcode.ping })]));
    assert.equal((await raw.nextFrame()).opcode, Opcode.close);
    await raw.ending();
    await assert.rejects(raw.nextFrame(), /ended/);
  });
});

describe('connections that break off', () => {
  const part = text('42["echo","never finished"]').subarray(0, 12);
  const ways: [string, (raw: RawConnection) => void][] = [
    ['FIN without a Close frame', (raw) => raw.halfClose()],
    [
      'half a frame, then FIN',
      (raw) => {
        raw.send(part);
        raw.halfClose();
      },
    ],
    ['RST', (raw) => raw.reset()],
    [
      'half a frame, then RST',
      (raw) => {
        raw.send(part);
        raw.reset();
      },
    ],
    [
      'a Close frame, then RST',
      (raw) => {
        raw.send(closeFrame(1000));
        raw.reset();
      },
    ],
  ];
  for (const [what, act] of ways) {
    test(what, async () => {
      const raw = await open();
      act(raw);
      await disconnectNoticed();
      await raw.ending();
    });
  }
});
