import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleArea } from './visible-area.ts';

test('a keyboard that covers the page leaves the part above it', () => {
  assert.deepEqual(visibleArea({ height: 420, offsetTop: 0, scale: 1 }, 780), { height: 420, top: 0 });
  assert.deepEqual(visibleArea({ height: 420, offsetTop: 190, scale: 1 }, 780), { height: 420, top: 190 });
});

test('the whole page where nothing covers it, the browser makes it smaller itself, or the person zooms', () => {
  assert.equal(visibleArea({ height: 780, offsetTop: 0, scale: 1 }, 780), null);
  assert.equal(visibleArea({ height: 730, offsetTop: 0, scale: 1 }, 780), null, 'bars of the browser');
  assert.equal(visibleArea({ height: 420, offsetTop: 0, scale: 1 }, 420), null);
  assert.equal(visibleArea({ height: 390, offsetTop: 40, scale: 2 }, 780), null);
});
