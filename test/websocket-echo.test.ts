import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { it } from 'node:test';

it('examples/websocket-echo echoes', async (t) => {
  const file = join(import.meta.dirname, '../examples/websocket-echo/server.ts');
  const server = spawn(process.execPath, ['--conditions=source', file], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill());
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const port = /\d+/.exec(line.toString())?.[0];
  const client = new WebSocket(`ws://127.0.0.1:${port}/echo`);
  await once(client, 'open');
  client.send('hello');
  const [event] = (await once(client, 'message')) as [MessageEvent];
  assert.equal(event.data, 'hello');
  client.close();
});
