/** The bare server on an `https.Server`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { describe, it, type TestContext } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { WebSocket as WsClient } from 'ws';
import type { WebSocketServerOptions } from 'websockets.io/websocket';
import { selfSigned } from './certificate.ts';
import { type Running, start } from './websocket-stage.ts';

const credentials = selfSigned();

describe('over TLS', { skip: credentials === undefined && 'there is no openssl' }, () => {
  const startTls = async (t: TestContext, options?: WebSocketServerOptions): Promise<Running> => {
    const running = await start(t, options, createServer(credentials ?? {}));
    running.server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    return running;
  };
  const dial = async (t: TestContext, port: number): Promise<TLSSocket> => {
    const tcp = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    t.after(() => tcp.destroy());
    await once(tcp, 'secureConnect');
    return tcp;
  };

  for (const perMessageDeflate of [false, true]) {
    it(`echoes 1 MiB to ws, ${perMessageDeflate ? 'compressed' : 'plain'}`, async (t) => {
      const { port } = await startTls(t, { perMessageDeflate });
      const client = new WsClient(`wss://127.0.0.1:${port}/`, { rejectUnauthorized: false });
      await once(client, 'open');
      const bytes = Buffer.alloc(1024 * 1024, 'some text and ');
      const heard = once(client, 'message') as Promise<[Buffer]>;
      client.send(bytes);
      assert.ok(bytes.equals((await heard)[0]));
      const closed = once(client, 'close') as Promise<[number]>;
      client.close(4001);
      assert.equal((await closed)[0], 4001);
    });
  }

  it('reads frames that came in one record with the handshake', async (t) => {
    const { port, open } = await startTls(t);
    const tcp = await dial(t, port);
    const { protocol } = (await open({ tcp: await dial(t, port) })).peer;
    const behind = Buffer.concat([protocol.text('early'), protocol.text('bird')]);
    const { peer } = await open({ tcp, behind });
    assert.deepEqual([await peer.text(), await peer.text()], ['early', 'bird']);
  });

  it('sends far more than a client has read, in order, when it reads at last', async (t) => {
    const { open, port } = await startTls(t);
    const { peer, socket } = await open({ tcp: await dial(t, port) });
    peer.tcp.pause();
    const drained = once(socket, 'drain');
    const text = 'x'.repeat(50_000);
    for (let number = 0; number < 200; number += 1) socket.send(`${number} ${text}`);
    peer.tcp.resume();
    for (let number = 0; number < 200; number += 1) assert.equal(await peer.text(), `${number} ${text}`);
    await drained;
    assert.equal(socket.bufferedAmount, 0);
  });

  it('ends with code and reason, and without', async (t) => {
    const { open, port } = await startTls(t);
    const polite = await open({ tcp: await dial(t, port) });
    const closed = once(polite.socket, 'close');
    polite.peer.tcp.write(polite.peer.protocol.close(4001, 'bye') ?? '');
    assert.deepEqual(await closed, [4001, 'bye']);
    await polite.peer.gone;
    const rude = await open({ tcp: await dial(t, port) });
    const cut = once(rude.socket, 'close') as Promise<[number]>;
    rude.peer.tcp.destroy();
    assert.equal((await cut)[0], 1006);
  });

  it('a plain client is turned away, and nobody else', async (t) => {
    const { open, port } = await startTls(t);
    await assert.rejects(
      once(new WsClient(`ws://127.0.0.1:${port}/`), 'open'),
      /socket hang up|ECONNRESET|Parse/,
    );
    const { peer } = await open({ tcp: await dial(t, port) });
    peer.tcp.write(peer.protocol.text('still here'));
    assert.equal(await peer.text(), 'still here');
  });
});
