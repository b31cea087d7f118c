/** Recovery, simulated: tens of thousands of stories. `RUNS=1000` tells fewer, `SEED=7` tells again what failed. */
import { describe, it } from 'node:test';
import { checkRecovery } from './recovery-law.ts';

const runs = Number(process.env['RUNS'] ?? 20_000);
const seed = process.env['SEED'] === undefined ? undefined : Number(process.env['SEED']);

describe('recovery: once and in order, or anew', () => {
  it('with a log that dies with the process', () => checkRecovery('memory', { runs, seed }));
  it('with a log that outlives it', () => checkRecovery('surviving', { runs, seed }));
  it('with a log in a file', () => checkRecovery('sqlite', { runs: runs / 10, seed }));
});
