/** examples/all-cores as its user starts it: several processes on one port, WebSockets without sticky sessions, one chat. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';

const CLIENTS = 12;

it('everybody hears everybody, whichever process they came to', async (t) => {
  const port = await freePort();
  const example = fileURLToPath(new URL('../../examples/all-cores/server.ts', import.meta.url));
  const server = spawn(process.execPath, ['--conditions=source', example], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // The others of its processes end with it.
  t.after(() => server.kill());
  const clients = Array.from({ length: CLIENTS }, () =>
    io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnectionDelay: 100, forceNew: true }),
  );
  t.after(() => clients.forEach((client) => client.close()));
  await Promise.all(clients.map((client) => new Promise<void>((resolve) => client.once('connect', resolve))));
  const heard = clients.map(
    (client) =>
      new Promise<[text: string, pid: number][]>((resolve) => {
        const all: [string, number][] = [];
        client.on('chat message', (text: string, pid: number) => {
          if (all.push([text, pid]) === CLIENTS) resolve(all);
        });
      }),
  );
  for (const [at, client] of clients.entries()) client.emit('chat message', `from ${at}`);
  const pids = new Set<number>();
  for (const all of await Promise.all(heard)) {
    assert.equal(new Set(all.map(([text]) => text)).size, CLIENTS);
    for (const [, pid] of all) pids.add(pid);
  }
  assert.equal(pids.size > 1, availableParallelism() > 1, `${pids.size} processes did the work`);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
