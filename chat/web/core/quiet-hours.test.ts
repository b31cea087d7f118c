import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromTimeOfDay, isQuietAt, toTimeOfDay } from './quiet-hours.ts';

test('quiet hours, over midnight too', () => {
  const quiet = (from: number, to: number) => (minute: number) =>
    isQuietAt({ from, to, zone: 'UTC' }, minute);
  const night = quiet(1_320, 420);
  assert.deepEqual([1_319, 1_320, 0, 419, 420, 720].map(night), [false, true, true, true, false, false]);
  const noon = quiet(720, 780);
  assert.deepEqual([719, 720, 779, 780].map(noon), [false, true, true, false]);
  assert.equal(isQuietAt(undefined, 0), false);
});

test('times of a day as the field has them', () => {
  for (const minute of [0, 7, 60, 1_439]) assert.equal(fromTimeOfDay(toTimeOfDay(minute)), minute);
  assert.equal(toTimeOfDay(425), '07:05');
  assert.equal(fromTimeOfDay('07:05:30'), 425);
  assert.equal(fromTimeOfDay(''), null);
});
