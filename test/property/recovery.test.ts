/** Recovery, simulated: hundreds of stories here, more in `recovery.long.ts`. A seed that failed: `SEED=7`. */
import { describe, it } from 'node:test';
import { checkRecovery } from './recovery-law.ts';

const seed = process.env['SEED'] === undefined ? 1 : Number(process.env['SEED']);

describe('recovery: once and in order, or anew', () => {
  it('with a log that dies with the process', () => checkRecovery('memory', { runs: 150, seed }));
  it('with a log that outlives it', () => checkRecovery('surviving', { runs: 250, seed }));
});
