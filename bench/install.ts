/** Brings the peers on first use, and again when the lockfile has changed. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH } from './paths.ts';

export function installPeers(): void {
  const installed = join(BENCH, 'node_modules', '.package-lock.json');
  const wanted = join(BENCH, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  console.log('Installing the peers: npm ci --ignore-scripts in bench/ …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: BENCH, stdio: 'inherit' });
  if (status !== 0) throw new Error('Cannot install the peers: npm ci in bench/ failed');
}
