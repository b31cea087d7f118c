import { test } from 'node:test';
import { killAndCompare } from './chaos.ts';

test('kill -9 fifty times under load: nothing lost, nothing doubled', async (context) => {
  context.diagnostic(await killAndCompare(context, 50));
});
