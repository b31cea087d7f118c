/** What the numbers depend on besides the code. */
import { cpus, loadavg, release, totalmem } from 'node:os';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BENCH } from '../paths.ts';
import { canPin } from '../processes.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Cores that are halves of the same one slow each other down. */
  readonly core0Siblings: string;
  readonly memoryBytes: number;
  readonly kernel: string;
  /** Of the servers. */
  readonly node: string;
  readonly pinned: boolean;
  readonly loadAverage: readonly number[];
}

/** @throws {Error} when `node` does not run */
export function describeMachine(node: string): Machine {
  const all = cpus();
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) throw new Error(`"${node}" does not run`, { cause: version.error });
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    core0Siblings: readSiblings(),
    memoryBytes: totalmem(),
    kernel: release(),
    node: version.stdout.trim(),
    pinned: canPin,
    loadAverage: loadavg(),
  };
}

/** The last commit that changed what is measured, with `+changes` when `src/` differs from it. */
export function describeSource(): string {
  const git = (...args: string[]): string => {
    const { status, stdout } = spawnSync('git', args, { cwd: BENCH, encoding: 'utf8' });
    // Without git there is no text at all.
    return status === 0 ? stdout.trim() : '';
  };
  const commit = git('log', '-1', '--format=%h', '--', '../src');
  if (commit === '') return 'unknown';
  return git('status', '--porcelain', '--', '../src') === '' ? commit : `${commit}+changes`;
}

function readSiblings(): string {
  try {
    return readFileSync('/sys/devices/system/cpu/cpu0/topology/thread_siblings_list', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
