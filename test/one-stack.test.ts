/** The way in is one synchronous stack: who stops in a handler sees every layer, from the TCP chunk on. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { Server } from 'websockets.io';
import { RawClient } from './raw-client.ts';

/** Innermost last: folder or file, and the function that stands on the stack. */
const WAY_IN = [
  ['transport/tcp-websocket.ts', 'onData'],
  ['websocket/websocket.ts', 'receive'],
  ['transport/websocket-transport.ts', 'onMessage'],
  ['transport/engine-socket.ts', 'onPacket'],
  ['connection.ts', 'onMessage'],
  ['namespaces/socket.ts', 'onPacket'],
] as const;

it('a handler runs in the stack of the chunk that carried its packet, through every layer in order', async () => {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'] });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const caught = new Promise<string>((resolve) => {
    io.on('connection', (socket) => {
      socket.on('where am I', () => {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = Infinity;
        resolve(new Error('here').stack ?? '');
        Error.stackTraceLimit = stackTraceLimit;
      });
    });
  });
  const client = await RawClient.enter((http.address() as AddressInfo).port);
  client.say('42["where am I"]');
  const lines = (await caught).split('\n').toReversed();

  let from = 0;
  for (const [file, name] of WAY_IN) {
    const at = lines.findIndex(
      (line, index) => index >= from && line.includes(`src/${file}`) && line.includes(name),
    );
    assert.ok(at >= 0, `${name} of ${file} is not on the stack, or not in its place:\n${lines.join('\n')}`);
    from = at + 1;
  }
  // Nothing between the chunk and the handler waits for another turn.
  assert.ok(!lines.some((line) => /processTicksAndRejections|async /.test(line)), lines.join('\n'));
  await io.close();
});
