import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatClock, timeLocale } from './times.ts';

test('times are written in the manner of the browser, if it says one that exists', (context) => {
  const languages: string[] = ['de-AT', 'en-US@posix', 'en-GB'];
  context.mock.getter(navigator, 'languages', () => languages);
  assert.equal(timeLocale(), 'en-GB');
  languages.pop();
  assert.equal(timeLocale(), 'en');
  assert.match(formatClock(Date.UTC(2026, 0, 5, 12)), /\d/u);
});
