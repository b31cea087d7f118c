import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { io as connect } from 'socket.io-client';
import { EngineStage, turn, UPGRADE_HEADERS } from '../../test/engine-stage.ts';
import { Server } from '../server.ts';

describe('WebSocketTransport', () => {
  it('answers a flood of pings with one pong a turn, for the latest', async (t) => {
    const stage = await EngineStage.start(t);
    const client = await stage.openWebSocket();
    await client.hear((text) => text.startsWith('0'));
    const pings = Array.from({ length: 500 }, (_, number) => client.websocket.ping(String(number)));
    client.tcp.write(Buffer.concat(pings));
    const pong = await client.until((event) => event.type === 'pong');
    assert.equal(pong.type === 'pong' && pong.payload.toString(), '499');
    assert.ok(!client.events.some((event) => event.type === 'pong'));
    client.tcp.destroy();
  });

  it('ends with "transport close" for a close frame, an end or a loss of TCP; "transport error" for a broken protocol', async (t) => {
    const stage = await EngineStage.start(t);
    const ends: [expected: string, bytes: Buffer | 'end' | 'destroy'][] = [
      ['transport close', Buffer.from([0x88, 0x80, 0, 0, 0, 0])],
      ['transport close', 'end'],
      ['transport close', 'destroy'],
      ['transport error', Buffer.from([0x81, 0x01, 0x41])], // not masked
      ['parse error', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78])], // no Engine.IO packet
    ];
    for (const [index, [expected, act]] of ends.entries()) {
      const client = await stage.openWebSocket();
      if (act === 'end') client.tcp.end();
      else if (act === 'destroy') client.tcp.destroy();
      else client.tcp.write(act);
      await stage.until(() => stage.closes.length > index);
      assert.equal(stage.closes[index], expected);
      client.tcp.destroy();
    }
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('destroys a peer that keeps sending after the close, and delivers none of it', async (t) => {
    const stage = await EngineStage.start(t);
    const client = await stage.openWebSocket();
    client.tcp.removeAllListeners('data').resume();
    stage.socket.close();
    await turn();
    client.say('4too late');
    client.tcp.write(client.websocket.ping());
    await turn();
    stage.clock.advance(3_010);
    await once(client.tcp, 'close');
    assert.deepEqual(stage.messages, []);
    assert.deepEqual(await stage.emptied(), { sessions: 0, alarms: 0 });
  });

  it('reads frames that came behind the handshake', async (t) => {
    const stage = await EngineStage.start(t);
    const { websocket } = await stage.openWebSocket();
    const tcp = stage.tcp('');
    const head = Buffer.from(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${UPGRADE_HEADERS}`);
    tcp.write(Buffer.concat([head, websocket.text('4early'), websocket.text('4bird')]));
    await stage.until(() => stage.messages.length === 2);
    assert.deepEqual(stage.messages, ['early', 'bird']);
    tcp.destroy();
  });
});

/** A key and a certificate for localhost, made by openssl. */
function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    execFileSync(
      'openssl',
      ['req', '-x509', ...options, '-subj', '/CN=localhost', '-keyout', key, '-out', cert],
      { stdio: 'ignore' },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe(
  'over TLS',
  { skip: hasOpenssl() ? false : 'there is no openssl to make a certificate with' },
  () => {
    for (const transports of [['polling'], ['polling', 'websocket'], ['websocket']]) {
      it(`speaks ${transports.join(', then ')}`, async (t: TestContext) => {
        const https = createServer(selfSigned());
        const io = new Server(https);
        https.listen(0, '127.0.0.1');
        await once(https, 'listening');
        const url = `https://127.0.0.1:${(https.address() as AddressInfo).port}`;
        const client = connect(url, { transports, rejectUnauthorized: false, forceNew: true });
        t.after(async () => {
          client.disconnect();
          const closed = io.close();
          https.closeAllConnections();
          await closed;
        });
        io.on('connection', (socket) => {
          socket.on('echo', (bytes: Buffer, answer: (bytes: Buffer) => void) => answer(bytes));
        });
        const bytes = Buffer.alloc(300_000, 7);
        const answer = await new Promise<Buffer>((resolve) => client.emit('echo', bytes, resolve));
        assert.ok(bytes.equals(answer));
      });
    }
  },
);
