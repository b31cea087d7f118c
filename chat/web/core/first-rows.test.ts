import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFirstRows } from './first-rows.ts';
import { message } from './testing.ts';

const said = (body: string, count: number): ReturnType<typeof message>[] =>
  Array.from({ length: count }, (_, index) => message(index + 1, { body }));

test('the first picture has as many rows as fill a screen, and at least the newest', () => {
  assert.equal(countFirstRows(said('yes', 50), true), 20);
  assert.equal(countFirstRows(said('yes', 3), true), 3);
  assert.equal(countFirstRows(said('x'.repeat(100), 50), true), 11);
  assert.equal(countFirstRows(said('x'.repeat(100), 50), false), 20);
  assert.equal(countFirstRows(said('\n'.repeat(500), 50), false), 1);
  assert.equal(countFirstRows([], true), 0);
});
