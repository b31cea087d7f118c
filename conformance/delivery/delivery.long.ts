/**
 * Official clients over a rough road to a server that is killed again and again: half an hour of trials, each with a seed of
 * its own. `MINUTES=5` takes less, `SEED=7` begins elsewhere.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failuresOf, runTrial, type TrialSettings } from './trial.ts';

const minutes = Number(process.env['MINUTES'] ?? 30);
const firstSeed = Number(process.env['SEED'] ?? 1_000);

/** One in four keeps too little, one in eight forgets with its process. */
function settingsOf(seed: number): TrialSettings {
  const kind = seed % 8 === 7 ? 'memory' : 'sqlite';
  const keepsLittle = seed % 4 === 2 ? { maxEvents: 200 } : {};
  return { seed, kind, listeners: 12, ms: 15_000, kills: 4, ...keepsLittle };
}

test('each event once and in order, whatever happens', { timeout: (minutes + 2) * 60_000 }, async (t) => {
  const end = performance.now() + minutes * 60_000;
  const failures: string[] = [];
  const total = { trials: 0, heard: 0, recovered: 0, anew: 0 };
  for (let seed = firstSeed; performance.now() < end; seed += 1) {
    const settings = settingsOf(seed);
    const outcome = await runTrial(settings);
    total.trials += 1;
    for (const count of ['heard', 'recovered', 'anew'] as const) total[count] += outcome[count];
    console.log(`seed ${seed}: ${outcome.heard} heard, ${outcome.recovered} recovered, ${outcome.anew} anew`);
    for (const failure of failuresOf(outcome)) failures.push(`seed ${seed}: ${failure}`);
    const mustRecover = settings.kind === 'sqlite' && settings.maxEvents === undefined;
    if (mustRecover && outcome.anew > 0) failures.push(`seed ${seed}: ${outcome.anew} began anew`);
  }
  t.diagnostic(JSON.stringify(total));
  assert.deepEqual(failures, []);
});
