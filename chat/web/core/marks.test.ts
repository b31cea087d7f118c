import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMarks } from './marks.ts';

const marked = (text: string, ...phrases: string[]): string =>
  findMarks(text, phrases)
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join('');

test('marks what was looked for, whatever its case and accents', () => {
  assert.equal(marked('The Kiln, the KILN.', 'kiln'), 'The [Kiln], the [KILN].');
  assert.equal(marked('Crème brûlée', 'creme', 'brulee'), '[Crème] [brûlée]');
  assert.equal(marked('nothing here', 'kiln'), 'nothing here');
  assert.equal(marked('nothing here'), 'nothing here');
});

test('a phrase is one mark, over what stands between its words', () => {
  assert.equal(marked('Top-shelf, top  shelf', 'top shelf'), '[Top-shelf], [top  shelf]');
  assert.equal(marked('明日の会議です', '会 議'), '明日の[会議]です');
});

test('signs in a phrase are no pattern', () => {
  assert.equal(marked('a+b (c)', 'a+b', '(c)'), '[a+b] [(c)]');
});

test('a hit far inside a long text begins near it', () => {
  const text = `${'word '.repeat(100)}kiln and more`;
  const [lead, hit] = findMarks(text, ['kiln']);
  assert.ok(lead?.text.startsWith('…') && lead.text.length <= 61);
  assert.deepEqual(hit, { text: 'kiln', isMarked: true });
});
