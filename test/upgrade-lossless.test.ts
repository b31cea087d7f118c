/** Messages both ways while a session moves from polling to WebSocket: each once, in order. With the official clients. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { Socket as Client } from 'engine.io-client';
import { attach, type Socket } from 'websockets.io/engine';

const MESSAGES = 1_000;
const OldClient = createRequire(import.meta.url)('engine.io-client-3') as typeof Client & {
  Socket: typeof Client;
};

for (const [name, Constructor] of Object.entries({
  'engine.io-client 6': Client,
  'engine.io-client 3': OldClient.Socket,
})) {
  it(`loses and doubles nothing with ${name}`, async (t) => {
    const http = createServer();
    const server = attach(http, { allowEIO3: true });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    t.after(() => {
      server.close();
      http.closeAllConnections();
      http.close();
    });
    const expected = Array.from({ length: MESSAGES }, (_, at) => `${at}`);
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const client = new Constructor(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      path: '/engine.io',
    });
    const [socket] = await connected;
    const heard: { [side in 'client' | 'server']: string[] } = { client: [], server: [] };
    const done = new Promise<void>((resolve) => {
      const check = (): void => {
        if (heard.client.length >= MESSAGES && heard.server.length >= MESSAGES) resolve();
      };
      client.on('message', (text: unknown) => (heard.client.push(String(text)), check()));
      socket.on('message', (text: unknown) => (heard.server.push(String(text)), check()));
    });
    // One of each in a turn, so that they are spread over the whole of the move.
    for (let at = 0; at < MESSAGES; at += 1) {
      socket.send(`${at}`);
      client.send(`${at}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    if (!socket.upgraded) await once(socket, 'upgrade');
    assert.deepEqual(heard, { client: expected, server: expected });
    client.close();
    await once(socket, 'close');
  });
}
