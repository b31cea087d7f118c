/**
 * Kills the server under load, again and again: whatever was acknowledged must be in everybody's view once, in the same
 * order, and nothing else may be there.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { History, Message } from '../shared/events.ts';
import { ChaosClient } from './chaos-client.ts';
import { postJson, readCookie } from './running-chat.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SERVER = fileURLToPath(new URL('chaos-server.ts', import.meta.url));
const CLIENTS = 5;
/** Messages that each client has waiting, so that every kill hits sends under way. */
const BACKLOG = 3;

export async function killAndCompare(context: TestContext, kills: number): Promise<string> {
  const dataFolder = temporaryFolder(context);
  let server = await startServer(context, dataFolder, 0);
  const url = `http://127.0.0.1:${server.port}`;

  let acknowledged = 0;
  let onAcknowledged = (): void => {};
  let isOver = false;
  const clients: ChaosClient[] = [];
  context.after(() => clients.forEach((client) => client.close()));
  for (let number = 1; number <= CLIENTS; number += 1) {
    const cookie = readCookie(await postJson(`${url}/api/session`, { name: `Client ${number}` }));
    let said = 0;
    const speak = (): void => {
      if (!isOver) client.say(`${number}: ${(said += 1)}`);
    };
    const client: ChaosClient = new ChaosClient(url, cookie, () => {
      acknowledged += 1;
      onAcknowledged();
      speak();
    });
    clients.push(client);
    for (let count = 0; count < BACKLOG; count += 1) speak();
  }
  const reaches = (wanted: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    onAcknowledged = () => {
      if (acknowledged >= wanted) resolve();
    };
    return promise;
  };

  for (let count = 0; count < kills; count += 1) {
    await reaches(acknowledged + randomInt(20, 120));
    server.process.kill('SIGKILL');
    await once(server.process, 'exit');
    server = await startServer(context, dataFolder, server.port);
  }
  await reaches(acknowledged + 50);
  isOver = true;
  await Promise.all(clients.map((client) => client.settled(() => lastAcknowledged(clients))));

  const stored = await readAll(url);
  compare(stored, clients);
  const retries = clients.reduce((sum, client) => sum + client.retries, 0);
  return `${kills} kills, ${stored.length} messages of ${CLIENTS} clients, ${retries} sends repeated`;
}

function lastAcknowledged(clients: readonly ChaosClient[]): number {
  return Math.max(...clients.flatMap((client) => [...client.acknowledged.values()].map(({ seq }) => seq)));
}

function compare(stored: readonly Message[], clients: readonly ChaosClient[]): void {
  const line = ({ seq, from, body }: Message): string => `${seq} ${from.id} ${body}`;
  const wanted = stored.map(line);
  assert.deepEqual(
    stored.map(({ seq }) => seq),
    [...stored.keys()].map((index) => index + 1),
    'no hole',
  );
  assert.equal(new Set(stored.map(({ body }) => body)).size, stored.length, 'nothing is doubled');
  for (const client of clients) {
    assert.deepEqual(client.view.map(line), wanted, 'everybody has the same, in the same order');
    for (const message of client.acknowledged.values()) {
      assert.equal(
        wanted[message.seq - 1],
        line(message),
        'what was acknowledged is there, where it was said to be',
      );
    }
  }
  const total = clients.reduce((sum, client) => sum + client.acknowledged.size, 0);
  assert.equal(stored.length, total, 'nothing is there that nobody said');
}

async function readAll(url: string): Promise<Message[]> {
  const all: Message[] = [];
  for (let more = true; more;) {
    const after = all.at(-1)?.seq ?? 0;
    const response = await fetch(`${url}/api/rooms/general/messages?after=${after}&limit=100`);
    const page = (await response.json()) as History;
    all.push(...page.messages);
    more = page.newer;
  }
  return all;
}

async function startServer(
  context: TestContext,
  dataFolder: string,
  port: number,
): Promise<{ process: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['--conditions=source', SERVER, dataFolder, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dataFolder, 'compile-cache') },
  });
  context.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, port: Number(line.toString()) };
}
