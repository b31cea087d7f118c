/** A redis-server of our own, on a free port, with nothing on disk. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

export interface RedisServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** @returns nothing where there is no redis-server. With `REQUIRE_SERVERS` in the environment that is an error */
export async function startRedis(): Promise<RedisServer | undefined> {
  const binary = process.env['REDIS_SERVER'] ?? 'redis-server';
  if (spawnSync(binary, ['--version']).status !== 0) {
    if (process.env['REQUIRE_SERVERS'] !== undefined) throw new Error('There is no redis-server here');
    return undefined;
  }
  const port = await freePort();
  const child = spawn(binary, [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
  ]);
  await ready(child);
  return {
    port,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function ready(process: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    process.stdout?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Ready to accept connections')) resolve();
    });
    process.once('exit', () => reject(new Error(`redis-server ended: ${log}`)));
  });
}
