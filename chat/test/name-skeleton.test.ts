import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { looksReserved, nameKeys } from '../server/name-skeleton.ts';
import { parseName, RESERVED_NAMES } from '../shared/names.ts';

const collide = (one: string, other: string): boolean =>
  nameKeys(one).some((key) => nameKeys(other).includes(key));

const SAME: readonly [string, string][] = [
  ['Ann', 'ANN'],
  ['paypal', 'раураl'],
  ['Ian', 'lan'],
  ['Ali', 'AIi'],
  ['O0', 'OO'],
  ['BOB', 'ΒΟΒ'],
  ['Bob', 'ΒΟΒ'],
  ['modern', 'modem'],
  ['scope', 'ѕсоре'],
  ['é', 'e\u0301'],
  ['Straße', 'STRAßE'],
];

for (const [one, other] of SAME) {
  test(`${one} and ${other} could be taken for each other`, () => {
    assert.ok(collide(one, other));
    assert.ok(collide(other, one));
  });
}

const DIFFERENT: readonly [string, string][] = [
  ['Neil', 'Nell'],
  ['Ann', 'Anne'],
  ['Zoe', 'Zoé'],
  ['李小龙', '李小尤'],
  ['Иван', 'Иванна'],
  ['👩‍👩‍👧', '👨‍👩‍👧'],
];

for (const [one, other] of DIFFERENT) {
  test(`${one} and ${other} are two names`, () => {
    assert.ok(!collide(one, other));
  });
}

for (const name of [
  'Admin',
  'ADMlN',
  'аdmin',
  'A d m i n',
  'ad-min',
  'System.',
  '[everyone]',
  'H e r e',
  'ѕуѕtеm',
]) {
  test(`${name} looks reserved`, () => {
    assert.ok(looksReserved(name));
  });
}

test('reserved words inside of names are no matter', () => {
  for (const name of ['Adminah', 'Heremy', 'Allan', 'Rootkowski', 'Ana', '李'])
    assert.ok(!looksReserved(name), name);
  for (const name of RESERVED_NAMES) assert.ok(looksReserved(name), name);
});

test('every name has keys, and the same for every way to write it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
      const parsed = parseName(typed);
      if (!parsed.ok) return;
      assert.notEqual(nameKeys(parsed.name)[0], '');
      assert.deepEqual(nameKeys(parsed.name.normalize('NFD')), nameKeys(parsed.name));
    }),
  );
});
