import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { highlight } from './highlight.ts';

const draw = async (code: string, language: string): Promise<string | undefined> =>
  (await highlight(code, language))?.map(({ text, scope }) => (scope ? `${scope}(${text})` : text)).join('');

test('code becomes spans', async () => {
  assert.equal(await draw('const a = "b"; // c', 'js'), 'keyword(const) a = string("b"); comment(// c)');
  assert.equal(
    await draw('def f(x): return 1', 'python'),
    'keyword(def) title(f)(x): keyword(return) number(1)',
  );
  assert.equal(await draw('{"a": null}', 'json'), '{attr("a"): keyword(null)}');
  assert.equal(await draw('+a\n-b', 'diff'), 'addition(+a)\ndeletion(-b)');
});

test('a language inside of another has its colours, and its text is not HTML', async () => {
  const drawn = await draw('<script>let a = 1 < 2 && "</b>"</script>', 'html');
  assert.match(drawn ?? '', /keyword\(let\) a = number\(1\) < number\(2\) && string\("<\/b>"\)/);
});

const NAMES =
  'bash sh c cpp c++ h csharp cs css diff patch go java javascript js jsx json php python py rust rs sql typescript ts tsx xml html svg yaml yml'.split(
    ' ',
  );

test('languages have the names that people write', async () => {
  for (const name of NAMES) assert.notEqual(await highlight('x', name), undefined, name);
});

test('what is unknown or too long stays as it is', async () => {
  for (const name of [null, '', 'klingon', '__proto__', 'constructor'])
    assert.equal(await highlight('x', name), undefined);
  assert.equal(await highlight('x'.repeat(10_001), 'js'), undefined);
});

test('no character is lost, whatever the code', async () => {
  const part = fc.oneof(
    fc.constantFrom(
      '"',
      "'",
      '`${',
      '}',
      '/*',
      '*/',
      '//',
      '<',
      '</',
      '<script>',
      '<?php',
      '#',
      '\n',
      '{',
      '(',
      ' fn ',
      'class X',
      '&',
      'R"(',
      '---\n',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part), fc.constantFrom(...NAMES), async (parts, language) => {
      const code = parts.join('');
      const spans = await highlight(code, language);
      assert.equal(spans?.map(({ text }) => text).join(''), code);
    }),
    { numRuns: 200 },
  );
});
