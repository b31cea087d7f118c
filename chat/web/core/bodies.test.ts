import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, isOnlyEmoji } from './bodies.ts';
import { readBoot } from './boot.ts';
import { message } from './testing.ts';

test('a few emoji and nothing else are drawn large', () => {
  for (const body of ['👍', '👍🏽 ❤️', '©️', '1️⃣2️⃣', '〰️', '㊗️', '㊙️', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '👩‍👩‍👧‍👦\n🎉', '‼️']) {
    assert.equal(isOnlyEmoji(body), true, body);
  }
  for (const body of [
    '',
    'a',
    '👍 ok',
    '12',
    '👍👍👍👍👍👍',
    'ы',
    '会',
    'あ',
    '한',
    '👍é',
    '#',
    '🎉'.repeat(50),
  ]) {
    assert.equal(isOnlyEmoji(body), false, body);
  }
});

test('a mention is marked where it is one, not inside another word', () => {
  const marked = (body: string): string[] => {
    const blocks = bodyOf(message(1, { body, mentions: [{ person: 3, as: 'Ann' }], mentionsRoom: true }));
    const inlines = blocks.flatMap((block) => (block.kind === 'paragraph' ? block.children : []));
    return inlines.flatMap((inline) => (inline.kind === 'mention' ? inline.text : []));
  };
  assert.deepEqual(marked('@Ann and @Annette, @Ann: @Anna @room @roommate'), ['@Ann', '@Ann', '@room']);
  assert.deepEqual(marked('mail@Ann x@room'), []);
  assert.deepEqual(marked('@Annさん'), ['@Ann']);
});

test('a page without data, or with half of it, begins without', () => {
  assert.equal(readBoot(undefined), undefined);
  assert.equal(readBoot(null), undefined);
  assert.equal(readBoot('{"hello":{"me"'), undefined);
  assert.deepEqual(readBoot('{"entered":null}'), { entered: null });
});
