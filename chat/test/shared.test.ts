/** The small rules that both sides keep. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOfDayIn } from '../server/actions/search.ts';
import { slugOf } from '../server/store/slug.ts';
import { ROLES, isAtLeast, may, outranks } from '../shared/roles.ts';
import { parsePlace, permalink } from '../shared/routes.ts';

test('roles are a ladder, and being a host lifts members only', () => {
  assert.deepEqual(
    ROLES.map((role) => may(role, 'create rooms')),
    [true, true, true, true, false],
  );
  assert.deepEqual(
    ROLES.map((role) => may(role, 'rename rooms')),
    [true, true, true, false, false],
  );
  assert.deepEqual(
    ROLES.map((role) => may(role, 'rename rooms', true)),
    [true, true, true, true, false],
  );
  assert.deepEqual(
    ROLES.map((role) => may(role, 'give roles', true)),
    [true, true, false, false, false],
  );
  assert.equal(isAtLeast('member', 'member'), true);
  assert.equal(outranks('member', 'member'), false);
  assert.equal(outranks('owner', 'admin'), true);
  assert.equal(outranks('guest', 'member'), false);
});

test('a permalink leads to its message, whatever the room is called', () => {
  for (const room of ['general', '会議', 'a-b', 'r']) {
    assert.deepEqual(parsePlace(permalink(room, 7)), { page: 'room', room, seq: 7 });
  }
  assert.deepEqual(parsePlace('/'), { page: 'home' });
  assert.deepEqual(parsePlace('/r/general/'), { page: 'room', room: 'general', seq: null });
  assert.deepEqual(parsePlace('/i/abc'), { page: 'invite', code: 'abc' });
  assert.deepEqual(parsePlace('/recover/abc'), { page: 'recover', code: 'abc' });
  for (const path of ['/r', '/r/', '/r/x/-1', '/r/x/1e3', '/x', '/%'])
    assert.equal(parsePlace(path), null, path);
});

test('a slug is what of a name can stand in an address', () => {
  assert.equal(slugOf('Tea & Coffee'), 'tea-coffee');
  assert.equal(slugOf(' --- '), 'room');
  assert.equal(slugOf('ＴＥＡ'), 'tea');
  assert.equal(slugOf('../../etc/passwd'), 'etc-passwd');
  assert.ok(slugOf('x'.repeat(500)).length <= 50);
  assert.doesNotMatch(slugOf(`${'x'.repeat(49)}\u{20000}\u{20001}`), /\p{Surrogate}/u);
});

test('a day begins when the clocks of the zone say so, also where they were set that day', () => {
  const iso = (zone: string | undefined, ...day: [number, number, number]): string =>
    new Date(startOfDayIn(zone)(...day)).toISOString();
  assert.equal(iso(undefined, 2026, 0, 1), '2026-01-01T00:00:00.000Z');
  assert.equal(iso('Europe/Berlin', 2026, 0, 1), '2025-12-31T23:00:00.000Z');
  assert.equal(iso('Europe/Berlin', 2026, 6, 1), '2026-06-30T22:00:00.000Z');
  assert.equal(iso('Europe/Berlin', 2026, 2, 29), '2026-03-28T23:00:00.000Z', 'the night of the change');
  assert.equal(iso('Europe/Berlin', 2026, 2, 30), '2026-03-29T22:00:00.000Z');
  assert.equal(iso('Asia/Kathmandu', 2026, 0, 1), '2025-12-31T18:15:00.000Z');
  assert.equal(iso('Nowhere/Atall', 2026, 0, 1), '2026-01-01T00:00:00.000Z');
});
