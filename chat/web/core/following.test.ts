import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Following } from './following.ts';

test('follows up to 80 pixels from the end', () => {
  const following = new Following(() => undefined);
  following.scrolled(80, false);
  assert.equal(following.isFollowing, true);
  following.scrolled(81, false);
  assert.equal(following.isFollowing, false);
  following.scrolled(0, false);
  assert.equal(following.isFollowing, true);
});

test('the end of the window is not the end when newer rows wait below', () => {
  const following = new Following(() => undefined);
  following.scrolled(0, true);
  assert.equal(following.isFollowing, false);
});

test('counts what arrives while reading, until the newest is in sight', () => {
  let changes = 0;
  const following = new Following(() => changes++);
  following.arrived(1);
  assert.equal(following.unseen, 0);
  following.scrolled(500, false);
  following.arrived(2);
  following.arrived(1);
  assert.deepEqual([following.unseen, following.mentionsMe], [3, false]);
  following.arrived(1, true);
  following.arrived(1);
  assert.deepEqual([following.unseen, following.mentionsMe], [5, true]);
  following.follow();
  assert.equal(following.mentionsMe, false);
  assert.deepEqual([following.unseen, following.isFollowing, changes], [0, true, 6]);
});
