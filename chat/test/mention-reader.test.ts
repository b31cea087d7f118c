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
  { person: 7, as: '李小' },
  { person: 8, as: 'ユウキ' },
  { person: 9, as: 'สมชาย' },
  { person: 10, as: '민수' },
  { person: 11, as: 'علي' },
  { person: 12, as: 'Анна' },
  { person: 13, as: 'Zoe\u0308' },
  { person: 14, as: 'राम' },
  { person: 15, as: 'Ann2' },
  { person: 16, as: 'サト' },
  { person: 17, as: '👋' },
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
  ['@李小龍你好', ['@李小 7']],
  ['你好@李小龙你好', ['@李小龙 4']],
  ['@ユウキさん', ['@ユウキ 8']],
  ['@サトー @サト氏', ['@サト 16']],
  ['@สมชายครับ @สมชาย\u0e4c', ['@สมชาย 9']],
  ['@민수야, @민수에게', ['@민수 10', '@민수 10']],
  ['@علي، @عليم @علي\u064e @علي\u0640', ['@علي 11']],
  ['@Анна! @Аннабель', ['@Анна 12']],
  ['@Ada你好 @Ada님 @Ada3 @Ada_x @Ada-x', ['@Ada 1', '@Ada 1', '@Ada 1']],
  ['@Zoe\u0308 @Zoe\u0308\u0301 @Zoe\u0308s', ['@Zoe\u0308 13']],
  ['@राम @रामा @राम\u200d', ['@राम 14']],
  ['@Ann2你 @Ann2b @Ann23', ['@Ann2 15']],
  ['@👋🏽 @👋', ['@👋 17']],
  ['example.org/@Ada @@Ada', []],
  ['mail@Ada', []],
  ['`@Ada`', []],
  ['@room', []],
];

for (const [text, mentions] of READ) {
  test(`in ${JSON.stringify(text)}: ${mentions.join(', ') || 'nobody'}`, () => {
    assert.deepEqual(mentionsIn(text), mentions);
  });
}

test('emphasis may end right behind a name', () => {
  const [block] = parseMarkdown('_@Ada_', { readMention: mentionReader(people) });
  assert.deepEqual(block?.kind === 'paragraph' && block.children, [
    { kind: 'emphasis', children: [{ kind: 'mention', text: '@Ada', person: 1 }] },
  ]);
});

test('the room is mentioned if the server says so', () => {
  assert.deepEqual(mentionsIn('@room @roommate', true), ['@room null']);
});
