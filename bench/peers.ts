/** Whom we measure ourselves against, and how each is started. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from './generator/orders.ts';
import { BENCH, NODE } from './paths.ts';

export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly dialect: Dialect;
  readonly command: readonly string[];
}

export interface Peers {
  readonly present: readonly Peer[];
  /** One line for each that is left out, with the reason. */
  readonly absent: readonly string[];
  /** Deletes what was compiled. */
  readonly remove: () => void;
}

export const OURS = 'websockets.io';
export const FLOOR = 'floor (C)';

export function findPeers(): Peers {
  const node = (file: string): string[] => [
    NODE,
    '--expose-gc',
    '--conditions=source',
    join(BENCH, 'servers', file),
  ];
  const present: Peer[] = [
    { name: OURS, version: versionOf('..'), dialect: 'socket.io', command: node('ours.ts') },
    {
      name: 'socket.io',
      version: versionOf('node_modules/socket.io'),
      dialect: 'socket.io',
      command: node('socket-io.ts'),
    },
    { name: 'ws', version: versionOf('node_modules/ws'), dialect: 'bare', command: node('ws.ts') },
  ];
  const absent: string[] = [];
  const bun = join(BENCH, 'node_modules/@oven/bun-linux-x64/bin/bun');
  const bunVersion = spawnSync(bun, ['--version'], { encoding: 'utf8' });
  if (bunVersion.status === 0) {
    const command = [bun, join(BENCH, 'servers/bun.ts')];
    present.push({ name: 'bun', version: bunVersion.stdout.trim(), dialect: 'bare', command });
  } else {
    absent.push(
      `bun is left out: ${existsSync(bun) ? 'it does not run here' : 'npm has no build of it for here'}`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'websockets.io-bench-'));
  const floor = join(folder, 'floor');
  const compiled = spawnSync('cc', ['-O2', '-o', floor, join(BENCH, 'servers/floor.c')], {
    encoding: 'utf8',
  });
  if (compiled.status === 0) {
    present.push({ name: FLOOR, version: 'cc -O2', dialect: 'bare', command: [floor] });
  } else {
    absent.push(`${FLOOR} is left out: ${compiled.error ? 'there is no C compiler here' : compiled.stderr}`);
  }
  return { present, absent, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function versionOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(BENCH, folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
