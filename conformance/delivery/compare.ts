/**
 * The same trials on `socket.io` and on us, as a table: `node --conditions=source conformance/delivery/compare.ts`.
 * `TRIALS=20` plays more of them.
 */
import { runTrial, type TrialSettings } from './trial.ts';

const trials = Number(process.env['TRIALS'] ?? 8);

interface Row extends Omit<TrialSettings, 'seed' | 'listeners' | 'ms'> {
  readonly name: string;
}

const ROWS: readonly Row[] = [
  { name: '`socket.io` 4.8.4, in memory', kind: 'socket.io', kills: 0 },
  { name: '`websockets.io`, in memory', kind: 'memory', kills: 0 },
  { name: '`socket.io` 4.8.4, in memory, killed', kind: 'socket.io', kills: 3 },
  { name: '`websockets.io`, in memory, killed', kind: 'memory', kills: 3 },
  { name: '`websockets.io`, SQLite, killed', kind: 'sqlite', kills: 3 },
];

console.log(
  '| server | came back | of them recovered | events heard | lost | doubled | out of order | not for it | rooms or data wrong |',
);
console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const { name, kind, kills } of ROWS) {
  const sums = { came: 0, recovered: 0, heard: 0 };
  const failures = { lost: 0, doubled: 0, 'out of order': 0, 'not for it': 0, 'wrong rooms': 0 };
  for (let seed = 1; seed <= trials; seed += 1) {
    const outcome = await runTrial({ seed, kind, kills, listeners: 12, ms: 10_000 });
    sums.came += outcome.recovered + outcome.anew;
    sums.recovered += outcome.recovered;
    sums.heard += outcome.heard;
    for (const failure of Object.keys(failures) as (keyof typeof failures)[]) {
      failures[failure] += outcome.counts[failure];
    }
    if (outcome.silent.length > 0)
      console.error(`seed ${seed}, ${name}: ${outcome.silent.join(', ')} fell silent`);
  }
  console.log(`| ${[name, ...Object.values(sums), ...Object.values(failures)].join(' | ')} |`);
}
