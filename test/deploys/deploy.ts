/** Plays deploys: official clients talk in rooms while the server's process is replaced again and again. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io as openClient } from 'socket.io-client';
import type { CrowdOptions, CrowdOrder, CrowdRecord } from './crowd.ts';

export interface DeployOptions extends Omit<CrowdOptions, 'port' | 'names'> {
  readonly clients: number;
  readonly processes: number;
  readonly deploys: number;
  /** Words that are said between two deploys. */
  readonly words: number;
}

/** @returns what every client has seen */
export async function playDeploys(options: DeployOptions): Promise<CrowdRecord[]> {
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-deploys-'));
  const file = join(folder, 'log.db');
  const port = await freePort();
  const started: ChildProcess[] = [];
  try {
    let server = startServer(file, port, started);
    await once(server, 'message');
    const crowds = Array.from({ length: options.processes }, (_, at) => {
      const crowd = fork(join(import.meta.dirname, 'crowd.ts'));
      started.push(crowd);
      const share = Math.ceil(options.clients / options.processes);
      const names = Array.from({ length: share }, (_name, index) => `client ${at * share + index}`);
      return { crowd, names };
    });
    const order = (each: CrowdOrder): Promise<unknown[]> =>
      Promise.all(crowds.map(({ crowd }) => obey(crowd, each)));
    await Promise.all(
      crowds.map(({ crowd, names }) => obey(crowd, { do: 'enter', options: { ...options, port, names } })),
    );
    await order({ do: 'talk' });
    const said: CrowdOrder = { do: 'say', words: Math.ceil(options.words / options.processes) };
    await order(said);
    for (let deploy = 0; deploy < options.deploys; deploy += 1) {
      const next = startServer(file, port, started);
      const left = once(server, 'exit');
      const returned = order({ do: 'return' });
      server.kill('SIGTERM');
      assert.deepEqual(await left, [0, null], 'the drained process ends by itself');
      server = next;
      await returned;
      await order(said);
    }
    await order({ do: 'hush' });
    await finish(port);
    return (await order({ do: 'end' })).flat() as CrowdRecord[];
  } finally {
    await Promise.all(started.map(end));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nobody stays away, nothing is lost, nothing is doubled, and the order is the same for all. */
export function checkRecords(records: readonly CrowdRecord[], { clients, deploys }: DeployOptions): void {
  assert.equal(records.length, clients);
  for (const { name, losses, entries } of records) {
    assert.deepEqual(
      losses,
      Array.from({ length: deploys }, () => 'transport close'),
      `how ${name} left`,
    );
    assert.equal(entries, 1, `${name} was somebody new`);
  }
  const rooms = Map.groupBy(records, ({ room }) => room);
  for (const [room, members] of rooms) {
    const heard = members[0]?.heard ?? [];
    for (const member of members)
      assert.deepEqual(member.heard, heard, `what ${member.name} heard in ${room}`);
    // The same words for all: then it is enough to look at them once.
    const words = Map.groupBy(heard, (word) => word.slice(0, word.lastIndexOf(' ')));
    for (const { name, said } of members) {
      const expected = Array.from({ length: said }, (_, at) => `${name} ${at + 1}`);
      assert.deepEqual(words.get(name) ?? [], expected, `the words of ${name}`);
    }
    assert.equal(words.size, members.filter(({ said }) => said > 0).length);
  }
}

function startServer(file: string, port: number, started: ChildProcess[]): ChildProcess {
  const server = fork(join(import.meta.dirname, 'server.ts'), [file, String(port)], {
    execArgv: ['--conditions=source'],
  });
  started.push(server);
  // Whoever waits for a process that could not start would wait for ever.
  server.once('exit', (code) => {
    if (code !== 0 && code !== null) for (const child of started) child.kill('SIGKILL');
  });
  return server;
}

async function obey(crowd: ChildProcess, order: CrowdOrder): Promise<unknown> {
  const over = new AbortController();
  const obeyed = once(crowd, 'message', { signal: over.signal });
  const onExit = (): void => over.abort(new Error('A process of the test has died'));
  crowd.once('exit', onExit);
  crowd.send(order);
  try {
    return (await obeyed)[0];
  } finally {
    crowd.off('exit', onExit);
  }
}

async function finish(port: number): Promise<void> {
  const client = openClient(`http://127.0.0.1:${port}`, {
    forceNew: true,
    auth: { name: 'last', room: 'none' },
  });
  await client.emitWithAck('finish');
  client.disconnect();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
