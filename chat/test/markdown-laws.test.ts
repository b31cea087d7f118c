import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseMarkdown } from '../shared/markdown/parse.ts';
import { toPlainText } from '../shared/markdown/plain-text.ts';
import { checkMarkdownLaws, MARKS } from './markdown-laws.ts';

const joined = (parts: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...parts), { maxLength: 40 }).map((chosen) => chosen.join(''));

test('nothing throws, nothing is invented, nothing is deep', () => {
  fc.assert(fc.property(joined(MARKS), checkMarkdownLaws), { numRuns: 3_000 });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), checkMarkdownLaws), { numRuns: 500 });
});

test('no letter is lost, whatever the marks around it', () => {
  const parts = MARKS.filter((part) => !/[[(\\\0]|https|js/u.test(part));
  const letters = (text: string): string => text.replace(/[^\p{L}\p{Extended_Pictographic}]/gu, '');
  fc.assert(
    fc.property(joined(parts), (text) => {
      const blocks = parseMarkdown(text.replaceAll('```', '\n```\n'));
      assert.equal(letters(toPlainText(blocks)), letters(text));
    }),
    { numRuns: 3_000 },
  );
});

test('a text without marks stays as it is', () => {
  const unit = fc.constantFrom('a', 'é', '中', ' ', '.', ',', '!', '7', '%', '$', '🎉', '؟');
  fc.assert(
    fc.property(fc.string({ unit, minLength: 1 }), (text) => {
      fc.pre(text.trim() !== '' && !/^ *\d+\. /u.test(text));
      assert.deepEqual(parseMarkdown(text), [{ kind: 'paragraph', children: [{ kind: 'text', text }] }]);
    }),
  );
});

/** Each of these makes a parser that looks ahead, or moves what it has, do so again for every mark. */
const HOSTILE: readonly string[] = [
  '*', '* a', '*a', '**a ', 'a**', '*a **a ', '_a ', '***a*', '||a~~a', '`', '`a', '`` ` ', '[', '[a', '](', '[a](', '[a](https://a.example',
  '[https://a](!', 'https://', 'https://a.example/(', ')', '@', '@a', ':a', ':a:', '\\', '\n', '\n\n', '> ', '>', '>> ', '\n> ', '\n- ', '\n- a\n\n',
  '\n  - a', '- ', '1. ', '\n```', '```a\n', ' ', '\n ', '\t', 'a ', '_', '\uD83D', 'a\u0301', '(a', '[a](https://a.example)*',
]; // prettier-ignore

test('a hundred thousand of any mark are read in one walk', () => {
  // One walk takes some milliseconds. A parser that is quadratic here takes many seconds for each, and the run's time limit ends it.
  for (const mark of HOSTILE) {
    const text = mark.repeat(Math.ceil(100_000 / mark.length));
    for (const hostile of [text, `**[a ${text}`]) {
      const blocks = parseMarkdown(hostile, { maxChars: Infinity });
      assert.ok(toPlainText(blocks).length <= 8 * hostile.length);
    }
  }
});
