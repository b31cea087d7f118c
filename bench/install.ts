/** Brings the peers on first use, and again when the lockfile has changed. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BENCH } from './paths.ts';
import type { Extra } from './peers.ts';

export function installPeers(also: readonly Extra[] = []): void {
  for (const folder of ['.', ...also]) install(join(BENCH, folder));
}

function install(folder: string): void {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  const wanted = join(folder, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.log(`Installing the peers: npm ci --ignore-scripts in ${relative(process.cwd(), folder)}/ …`);
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`Cannot install the peers: npm ci in ${folder} failed`);
}
