/**
 * `npm run test:long`: are we still far ahead where we claim to be? CPU time beside `socket.io`, in one run, with a wide margin:
 * a run on a quiet machine gives 1.3 to 2 and about 20. No absolute times, and no throughput: CPU time for each delivery
 * stands on a busy machine, too, even where the bench would not print it since its load generator had no time left.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { median } from '../bench/statistics.ts';

interface Report {
  readonly results: readonly {
    readonly inFlight: number;
    readonly outcomes: readonly {
      readonly peer: string;
      readonly slices: readonly { readonly serverUs: number; readonly deliveries: number }[];
    }[];
  }[];
}

const isLinux = process.platform === 'linux';

it(
  'a broadcast costs socket.io much more',
  { skip: !isLinux && 'the bench needs Linux', timeout: 300_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'websockets.io-regression-'));
    try {
      const out = join(folder, 'report.json');
      const bench = join(import.meta.dirname, '../bench/run.ts');
      const options = ['fanout', '--quick', '--only=websockets.io,socket.io', `--out=${out}`];
      const { status, stderr } = spawnSync(process.execPath, ['--conditions=source', bench, ...options], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      const { results } = JSON.parse(readFileSync(out, 'utf8')) as Report;
      const ratios = new Map(
        results.map(({ inFlight, outcomes }) => {
          const [ours, theirs] = ['websockets.io', 'socket.io'].map((name) => {
            const slices = outcomes.find(({ peer }) => peer === name)?.slices ?? [];
            assert.ok(slices.length >= 3, `${name} has ${slices.length} rounds`);
            return median(slices.map(({ serverUs, deliveries }) => serverUs / deliveries));
          });
          return [inFlight, theirs! / ours!] as const;
        }),
      );
      console.log(`socket.io spends, by messages in flight: ${JSON.stringify(Object.fromEntries(ratios))}`);
      assert.ok((ratios.get(1) ?? 0) > 1, 'one message in flight');
      assert.ok((ratios.get(16) ?? 0) > 6, '16 messages in flight');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
