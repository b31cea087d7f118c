import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countGraphemes, parseName } from '../shared/names.ts';

const NAMES: readonly [string, string][] = [
  ['Ada', 'Ada'],
  ['  Ada \t  Lovelace\n', 'Ada Lovelace'],
  ['Ａｄａ', 'Ada'],
  ['é'.normalize('NFD'), 'é'],
  ['李小龙', '李小龙'],
  ['שרה', 'שרה'],
  ['नेपाल', 'नेपाल'],
  ['می‌خواهم', 'می‌خواهم'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['❤️', '❤️'],
  ['x', 'x'],
  ['__proto__', '__proto__'],
  ['a'.repeat(24), 'a'.repeat(24)],
  ['👩‍👩‍👧'.repeat(12), '👩‍👩‍👧'.repeat(12)],
  ['St. John', 'St. John'],
  ['Sammy Davis Jr.', 'Sammy Davis Jr.'],
  ["O'Neil-Smith", "O'Neil-Smith"],
  ['Tanaka 田中さん', 'Tanaka 田中さん'],
  ['김 Kim 金', '김 Kim 金'],
  ['Пётр 2', 'Пётр 2'],
  ['ᏣᎳᎩ', 'ᏣᎳᎩ'],
  ['Adminah', 'Adminah'],
];

const REFUSED: readonly [unknown, RegExp][] = [
  [undefined, /must be a text/],
  [null, /must be a text/],
  [42, /must be a text/],
  [{ toString: 'Ada' }, /must be a text/],
  ['', /type a name/],
  [' \t\u3000\uFEFF', /type a name/],
  ['a'.repeat(25), /at most 24/],
  ['a'.repeat(100_000), /at most 24/],
  ['ﷺ'.repeat(400), /at most 24/],
  ['👩‍👩‍👧'.repeat(24), /at most 24/],
  ['Ada\0', /invisible/],
  ['Ada\u202Eada', /invisible/],
  ['Ad\u200Ba', /invisible/],
  ['ad\u200Dmin', /invisible/],
  ['ad\u200Cmin', /invisible/],
  ['Ada\uFE0F', /invisible/],
  ['\u3164', /invisible/],
  ['\u2800', /invisible/],
  ['\uD800', /invisible/],
  ['\u{E0041}', /invisible/],
  ['\u0301\u0302', /at least one letter/],
  ['a\u0300\u0301\u0302\u0303\u0304\u0305', /accents/],
  ['a@b', /cannot contain any of @/],
  ['＠ann', /cannot contain any of @/],
  ['#1', /cannot contain any of @/],
  ['a:b', /cannot contain any of @/],
  ['a/b', /cannot contain any of @/],
  ['a\\b', /cannot contain any of @/],
  ['"Ann"', /cannot contain any of @/],
  ['evil.example', /dot inside/],
  ['Аnn', /mix letters/],
  ['DJ Пётр', /mix letters/],
  ['Αnn', /mix letters/],
  ['さん김', /mix letters/],
  ['Ꮳa', /mix letters/],
  ['Admin', /reserved/],
  ['EVERYONE', /reserved/],
];

for (const [typed, name] of NAMES) {
  test(`the name ${JSON.stringify(typed)} is taken`, () => {
    assert.deepEqual(parseName(typed), { ok: true, name });
    assert.deepEqual(parseName(name), { ok: true, name }, 'a name that was taken is taken again');
  });
}

for (const [typed, reason] of REFUSED) {
  test(`the name ${JSON.stringify(typed)?.slice(0, 40)} is refused in one sentence`, () => {
    const parsed = parseName(typed);
    assert.equal(parsed.ok, false);
    assert.match(parsed.ok ? '' : parsed.text, reason);
    assert.match(parsed.ok ? '' : parsed.text, /^[A-Z][^.]*\.$/);
  });
}

test('graphemes are what a reader would count', () => {
  assert.equal(countGraphemes('e\u0301👩‍👩‍👧🇨🇭한'), 4);
});
