import assert from 'node:assert/strict';
import { it } from 'node:test';
import { randomId } from './random-id.ts';

it('randomId gives 20 characters, and never the same ones', () => {
  const ids = Array.from({ length: 10_000 }, randomId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{20}$/);
});
