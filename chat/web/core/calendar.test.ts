import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { isoDay } from './calendar.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('a day is the one of the viewer, not that of Greenwich', () => {
  const at = Date.UTC(2026, 0, 5, 23, 30);
  process.env['TZ'] = 'Asia/Tokyo';
  assert.equal(isoDay(at), '2026-01-06');
  process.env['TZ'] = 'America/New_York';
  assert.equal(isoDay(at), '2026-01-05');
});
