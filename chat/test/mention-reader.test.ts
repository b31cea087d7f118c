import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMarkdown } from '../shared/markdown/parse.ts';
import { type BoundMention, mentionReader } from '../shared/mention-reader.ts';

const people: readonly BoundMention[] = [
  { person: 1, as: 'Ada' },
  { person: 2, as: 'Ada Lovelace' },
  { person: 3, as: '__proto__' },
  { person: 4, as: '李小龙' },
  { person: 5, as: '👩‍👩‍👧' },
  { person: 6, as: '*Star*' },
];

function mentionsIn(text: string, mentionsRoom = false): string[] {
  const blocks = parseMarkdown(text, { readMention: mentionReader(people, mentionsRoom) });
  return blocks
    .flatMap((block) => (block.kind === 'paragraph' ? block.children : []))
    .flatMap((inline) => (inline.kind === 'mention' ? [`${inline.text} ${inline.person}`] : []));
}

const READ: readonly [text: string, mentions: string[]][] = [
  ['@Ada', ['@Ada 1']],
  ['@Ada Lovelace, hi', ['@Ada Lovelace 2']],
  ['@Ada Lovelaces', ['@Ada 1']],
  ['@Adalbert @ada @Adá @Ada\u0301', []],
  ['(@Ada) **x** @Ada’s', ['@Ada 1', '@Ada 1']],
  ['@__proto__ and @*Star*', ['@__proto__ 3', '@*Star* 6']],
  ['@李小龙你好', ['@李小龙 4']],
  ['@👩‍👩‍👧!', ['@👩‍👩‍👧 5']],
  ['mail@Ada', []],
  ['`@Ada`', []],
  ['@room', []],
];

for (const [text, mentions] of READ) {
  test(`in ${JSON.stringify(text)}: ${mentions.join(', ') || 'nobody'}`, () => {
    assert.deepEqual(mentionsIn(text), mentions);
  });
}

test('the room is mentioned if the server says so', () => {
  assert.deepEqual(mentionsIn('@room @roommate', true), ['@room null']);
});
