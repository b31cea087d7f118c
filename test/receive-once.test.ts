/** `receiveOnce` with the official client, whose `retries` repeat what was not acknowledged. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { io as openClient, type Socket as ClientSocket } from 'socket.io-client';
import { Server } from 'websockets.io';
import { freePort } from './deploys/deploy.ts';

function open(t: TestContext, port: number, transports: string[] = ['websocket']): ClientSocket {
  const client = openClient(`http://127.0.0.1:${port}`, {
    forceNew: true,
    transports,
    retries: 1_000,
    ackTimeout: 60_000,
    reconnectionDelay: 10,
    reconnectionDelayMax: 50,
  });
  t.after(() => client.disconnect());
  return client;
}

/** Says numbers one after the other. @returns the answers */
function sayAll(client: ClientSocket, count: number): Promise<unknown[]> {
  const answers = Array.from({ length: count }, (_, at) => {
    const message = { number: at + 1, messageId: `message ${at + 1}` };
    return new Promise((resolve) => {
      client.emit('say', message, (error: Error | null, answer: unknown) => resolve(error ?? answer));
    });
  });
  return Promise.all(answers);
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

for (const transport of ['websocket', 'polling']) {
  it(`the connection breaks between handling and acknowledgement, every time (${transport})`, async (t) => {
    const http = createServer();
    const io = new Server(http, { connectionStateRecovery: true, receiveOnce: true });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    t.after(() => {
      const closed = io.close();
      http.closeAllConnections();
      return closed;
    });
    const handled: number[] = [];
    io.on('connection', (socket) => {
      socket.on('say', ({ number }: { number: number }, reply: (answer: string) => void) => {
        handled.push(number);
        reply(`answer ${number}`);
        socket.conn.close(true); // in this turn: the answer does not leave
      });
    });
    const answers = await sayAll(open(t, (http.address() as AddressInfo).port, [transport]), 10);
    assert.deepEqual(handled, numbersTo(10));
    assert.deepEqual(
      answers,
      numbersTo(10).map((number) => `answer ${number}`),
    );
  });
}

it('kill -9 before anything is kept, and before anything of it has left: no word is lost or doubled', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-once-'));
  const file = join(folder, 'log.db');
  const port = await freePort();
  const deaths = [
    ['5', 'in the handler'],
    ['10', 'before it leaves'],
    ['15', 'in the handler'],
    ['15', 'before it leaves'],
    ['0', 'never'],
  ] as const;
  let child: ChildProcess | undefined;
  const signals: unknown[] = [];
  const live = async (): Promise<void> => {
    for (const death of deaths) {
      child = fork(join(import.meta.dirname, 'receive-once-server.ts'), [file, String(port), ...death], {
        execArgv: ['--conditions=source'],
      });
      const [, signal] = (await once(child, 'exit')) as [unknown, unknown];
      signals.push(signal);
    }
  };
  const lives = live();
  t.after(async () => {
    child?.disconnect();
    await lives;
    rmSync(folder, { recursive: true, force: true });
  });
  const client = open(t, port);
  const heard: unknown[] = [];
  client.on('said', (number) => heard.push(number));
  const answers = await sayAll(client, 20);
  assert.deepEqual(
    answers,
    numbersTo(20).map((number) => `answer ${number}`),
  );
  const read = await new Promise((resolve) => {
    client.emit('read', (_error: unknown, numbers: unknown) => resolve(numbers));
  });
  assert.deepEqual(read, numbersTo(20));
  assert.deepEqual(heard, numbersTo(20));
  assert.deepEqual(signals, ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGKILL']);
});
