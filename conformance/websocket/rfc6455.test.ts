/** RFC 6455 over TCP: each stream of `cases.ts` whole, cut, and byte by byte; and the opening handshake (§4.2). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { frame, Opcode, RawConnection, text, upgradeRequest } from '../raw-connection.ts';
import { cases } from './cases.ts';
import { ours, type Stage } from './play.ts';

let stage: Stage;
before(async () => {
  stage = await ours();
});
after(() => stage.close());

function cut(bytes: Buffer, length: (at: number) => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + length(at);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}

describe('streams', () => {
  for (const { name, bytes, messages, closeCode } of cases) {
    test(name, async () => {
      const ways = [[bytes], cut(bytes, (at) => 1 + ((at * 7_919) % 4_001))];
      if (bytes.length < 1_000) ways.push(cut(bytes, () => 1));
      for (const chunks of ways) {
        const outcome = await stage.play(chunks);
        assert.deepEqual(outcome.messages, messages);
        assert.equal(outcome.closeCode, closeCode);
        assert.equal(outcome.told, closeCode ?? 1006);
      }
    });
  }
});

async function opened(): Promise<RawConnection> {
  const raw = await RawConnection.open(stage.port);
  raw.send(upgradeRequest());
  assert.equal((await raw.response()).status, 101);
  return raw;
}

describe('what is answered', () => {
  test('§8.1 a bad byte ends the connection before its frame is complete', async () => {
    const raw = await opened();
    raw.send(
      frame({ opcode: Opcode.text, payload: Buffer.from('ab\xff'.padEnd(100), 'latin1') }).subarray(0, 12),
    );
    assert.equal((await raw.ending()).closeCode, 1007);
    raw.destroy();
  });

  test('§5.5.3 of a thousand pings the last is answered', async () => {
    const raw = await opened();
    raw.send(
      Buffer.concat(
        Array.from({ length: 1_000 }, (_, at) => frame({ opcode: Opcode.ping, payload: `${at}` })),
      ),
    );
    let last = '';
    while (last !== '999') {
      const { opcode, payload } = await raw.nextFrame();
      assert.equal(opcode, Opcode.pong);
      last = payload.toString();
    }
    raw.destroy();
  });
});

describe('the opening handshake (§4.2)', () => {
  const key = 'Sec-WebSocket-Key';
  const refused: [string, Parameters<typeof upgradeRequest>[0], number][] = [
    ['POST', { method: 'POST' }, 405],
    ['no key', { headers: { [key]: undefined } }, 400],
    ['a short key', { headers: { [key]: 'c2hvcnQ=' } }, 400],
    ['a key not of base64', { headers: { [key]: '*'.repeat(24) } }, 400],
    ['no version', { headers: { 'Sec-WebSocket-Version': undefined } }, 426],
    ['version 8', { headers: { 'Sec-WebSocket-Version': '8' } }, 426],
    ['another protocol', { headers: { Upgrade: 'h2c' } }, 426],
    ['no Host', { headers: { Host: undefined } }, 400],
    ['a protocol twice', { headers: { 'Sec-WebSocket-Protocol': 'a, a' } }, 400],
    ['extensions that are no list', { headers: { 'Sec-WebSocket-Extensions': 'a b' } }, 400],
  ];
  for (const [name, request, status] of refused) {
    test(`${name}: ${status}`, async () => {
      const raw = await RawConnection.open(stage.port);
      raw.send(upgradeRequest(request));
      const answer = await raw.response();
      assert.equal(answer.status, status);
      if (/version/.test(name)) assert.match(answer.head, /^sec-websocket-version: 13\r$/im);
      raw.destroy();
    });
  }

  test('HTTP/1.0: 400', async () => {
    const raw = await RawConnection.open(stage.port);
    raw.send(upgradeRequest().replace('HTTP/1.1', 'HTTP/1.0'));
    assert.equal((await raw.response()).status, 400);
    raw.destroy();
  });

  test('tokens in lists and in any case; a ping behind the request is not lost', async () => {
    const raw = await RawConnection.open(stage.port);
    const request = upgradeRequest({ headers: { Upgrade: 'WebSocket', Connection: 'keep-alive, UPGRADE' } });
    raw.send(
      Buffer.concat([Buffer.from(request), text('a'), frame({ opcode: Opcode.ping, payload: 'early' })]),
    );
    assert.equal((await raw.response()).status, 101);
    assert.equal((await raw.nextFrame()).payload.toString(), 'early');
    raw.destroy();
  });
});
