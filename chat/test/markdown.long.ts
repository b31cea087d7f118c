/** `npm run test:long`: random messages into the Markdown parser for FUZZ_SECONDS, 150 by default. FUZZ_SEED=… repeats. */
import { it } from 'node:test';
import * as fc from 'fast-check';
import { checkMarkdownLaws, MARKS } from './markdown-laws.ts';

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 150);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

it('fuzz: Markdown', { timeout: (seconds + 60) * 1_000 }, () => {
  const part = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...MARKS) }, fc.string({ unit: 'binary' }));
  const text = fc.array(part, { maxLength: 200 }).map((parts) => parts.join(''));
  let count = 0;
  const law = fc.property(text, (value) => {
    count += 1;
    checkMarkdownLaws(value);
  });
  fc.assert(law, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1_000,
    markInterruptAsFailure: false,
  });
  console.log(`Markdown: ${count} messages from seed ${seed}`);
});
