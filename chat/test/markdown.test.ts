import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, Inline } from '../shared/markdown/ast.ts';
import { parseDestination } from '../shared/markdown/link-honesty.ts';
import { parseMarkdown } from '../shared/markdown/parse.ts';
import { toPlainText } from '../shared/markdown/plain-text.ts';
import { saidMentions } from '../shared/markdown/said-mentions.ts';

/** The tree, short enough to read: tags for blocks and spans, `\n` for breaks. */
function draw(text: string): string {
  return parseMarkdown(text).map(drawBlock).join(' ');
}

function drawBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `p(${block.children.map(drawInline).join('')})`;
    case 'code block':
      return `pre${block.language === null ? '' : `.${block.language}`}(${block.text})`;
    case 'quote':
      return `quote(${block.children.map(drawBlock).join(' ')})`;
    case 'list':
      return `${block.start ?? 'list'}(${block.items.map((item) => item.map(drawBlock).join(' ')).join(' / ')})`;
    default:
      return block satisfies never;
  }
}

const TAGS = { strong: 'b', emphasis: 'i', strike: 's', spoiler: 'spoiler' } as const;

function drawInline(inline: Inline): string {
  if (inline.kind === 'text') return inline.text;
  if (inline.kind === 'code') return `code(${inline.text})`;
  if (inline.kind === 'break') return '\n';
  if (inline.kind === 'emoji') return `emoji(${inline.shortcode})`;
  if (inline.kind === 'mention') return `at(${inline.text})`;
  const children = inline.children.map(drawInline).join('');
  if (inline.kind !== 'link') return `${TAGS[inline.kind]}(${children})`;
  return inline.bare ? `url(${children})` : `link(${children} → ${inline.href})`;
}

const DRAWN: readonly [text: string, tree: string][] = [
  ['', ''],
  [' \n\t\n', ''],
  ['just text, 2 * 3 = 6', 'p(just text, 2 * 3 = 6)'],
  ['one\ntwo\r\nthree\n\nfour', 'p(one\ntwo\nthree) p(four)'],
  ['  kept  spaces', 'p(  kept  spaces)'],

  ['**bold** *it* _it_ __bold__ ~~gone~~', 'p(b(bold) i(it) i(it) b(bold) s(gone))'],
  ['***both***', 'p(b(i(both)))'],
  ['**a *b***', 'p(b(a i(b)))'],
  ['*a **b***', 'p(i(a b(b)))'],
  ['**你好**世界', 'p(b(你好)世界)'],
  ['**a _b **c_', 'p(**a i(b **c))'],
  ['_a **b_ c**', 'p(i(a **b) c**)'],
  ['snake_case_name and 2*3*4', 'p(snake_case_name and 2*3*4)'],
  ['** no ** * no *', 'p(** no ** * no *)'],
  ['**never closed', 'p(**never closed)'],
  ['_**a_', 'p(i(**a))'],
  ['**** ~~~~ |||| ____ ~a~ |a|', 'p(**** ~~~~ |||| ____ ~a~ |a|)'],
  ['||a **b** c||', 'p(spoiler(a b(b) c))'],
  ['a || b', 'p(a || b)'],
  ['\\*not\\* \\\\ \\a', 'p(*not* \\ \\a)'],
  ['¯\\_(ツ)_/¯', 'p(¯\\_(ツ)_/¯)'],

  ['`a **b**` ``c ` d``', 'p(code(a **b**) code(c ` d))'],
  ['`` ` ``', 'p(code(`))'],
  ['`open **b**', 'p(`open b(b))'],
  ['```one line```', 'p(code(one line))'],
  ['```\n**a**\n  b\n```', 'pre(**a**\n  b)'],
  ['text\n```TypeScript\na\n```\ntext', 'p(text) pre.typescript(a) p(text)'],
  ['```not a language\na', 'pre(a)'],
  ['````\n```\n````', 'pre(```)'],
  ['```\na```\nb', 'pre(a) p(b)'],
  ['```js', 'pre.js()'],

  ['> said\n> more\nanswer', 'quote(p(said\nmore)) p(answer)'],
  ['> a\n>> b\n> > c', 'quote(p(a) quote(p(b\nc)))'],
  ['>_< >:(', 'p(>_< >:()'],
  ['> ```\n> a\n> ```', 'quote(pre(a))'],

  ['- a\n- b', 'list(p(a) / p(b))'],
  ['* a\n\n* b', 'list(p(a) / p(b))'],
  ['3. a\n4) b', '3(p(a) / p(b))'],
  ['- a\n1. b', 'list(p(a)) 1(p(b))'],
  ['- a\n  - b\n    more\n- c', 'list(p(a) list(p(b\nmore)) / p(c))'],
  ['1. a\n\n   ```\n   b\n   ```\n2. c', '1(p(a) pre(b) / p(c))'],
  ['It was\n1986. A good year', 'p(It was\n1986. A good year)'],
  ['list:\n1. a', 'p(list:) 1(p(a))'],
  ['-5 degrees\n-', 'p(-5 degrees\n-)'],

  ['see https://a.example/x_y_z. Or not', 'p(see url(https://a.example/x_y_z). Or not)'],
  [
    '**https://a.example** ||https://b.example||',
    'p(b(url(https://a.example)) spoiler(url(https://b.example)))',
  ],
  ['(https://a.example/c_(d))', 'p((url(https://a.example/c_(d))))'],
  ['javascript:alert(1) xhttps://a.example https://', 'p(javascript:alert(1) xhttps://a.example https://)'],
  ['[a *b*](https://a.example/?q=(1))', 'p(link(a i(b) → https://a.example/?q=(1)))'],
  ['[mail](mailto:a@b.example?body=x)', 'p(link(mail → mailto:a@b.example))'],
  ['[x](javascript:alert(1)) [y](data:text/html,1)', 'p([x](javascript:alert(1)) [y](data:text/html,1))'],
  [
    '[x](//a.example) [y](/a) [](https://a.example) [ ] [z]',
    'p([x](//a.example) [y](/a) link( → https://a.example/) [ ] [z])',
  ],
  ['[https://good.example](https://bad.example)', 'p(link(https://good.example → https://bad.example/))'],
  ['**[x] b**', 'p(b([x] b))'],
  ['[a **b](https://a.example) c**', 'p(link(a **b → https://a.example/) c**)'],

  ['@ann, mail a@b.example', 'p(at(@ann), mail a@b.example)'],
  ['@ ann @', 'p(@ ann @)'],
  [':smile: :+1: 10:30:45 a:b:', 'p(emoji(smile) emoji(+1) 10:30:45 a:b:)'],
  [':a::b:', 'p(emoji(a)emoji(b))'],
  ['<b>bold</b> &amp; <script>', 'p(<b>bold</b> &amp; <script>)'],
];

for (const [text, tree] of DRAWN) {
  test(`${JSON.stringify(text)} is ${JSON.stringify(tree)}`, () => {
    assert.equal(draw(text), tree);
  });
}

test('who is mentioned is the caller’s to say', () => {
  const readMention = (text: string, at: number): { end: number; person: number } | undefined =>
    text.startsWith('@Ann _Lee_', at) ? { end: at + 10, person: 7 } : undefined;
  const [paragraph] = parseMarkdown('hi @Ann _Lee_! @Bob', { readMention });
  assert.deepEqual(paragraph, {
    kind: 'paragraph',
    children: [
      { kind: 'text', text: 'hi ' },
      { kind: 'mention', text: '@Ann _Lee_', person: 7 },
      { kind: 'text', text: '! @Bob' },
    ],
  });
});

test('the plain text is what a reader would read', () => {
  const text =
    '**Hi** @ann :tada: ||secret||\n> a\n> b\n\n3. x\n4. `y`\n\n```js\nz\n```\n[w](https://a.example)';
  const readEmoji = (shortcode: string): string | undefined => (shortcode === 'tada' ? '🎉' : undefined);
  assert.equal(
    toPlainText(parseMarkdown(text), { readEmoji, spoilers: 'hidden' }),
    'Hi @ann 🎉 ▒▒▒\n> a\n> b\n3. x\n4. y\nz\nw (https://a.example/)',
  );
  assert.equal(toPlainText(parseMarkdown(':no_such: ||secret||')), ':no_such: secret');
});

test('who stands in code or in a quote is not called', () => {
  const text = '> @1\n@2 **@3** @2\n- `@4` [@5](https://b.example)\n  > @6\n\n```\n@7\n```\n||@8||';
  assert.deepEqual(
    saidMentions(parseMarkdown(text)).map((mention) => mention.text),
    ['@2', '@3', '@2', '@5', '@8'],
  );
});

test('a link’s label cannot hide where it leads', () => {
  const read = (href: string, label: string): string => {
    const { host, plain, foreign, deceptive } = parseDestination(new URL(href).href, label);
    return `${host}${plain ? ' plain' : ''}${foreign ? ' foreign' : ''}${deceptive ? ' deceptive' : ''}`;
  };
  assert.equal(read('https://a.example/x', 'https://a.example/x'), 'a.example plain');
  assert.equal(read('https://a.example/x', 'A.example'), 'a.example plain');
  assert.equal(read('https://a.example/x', 'look here'), 'a.example');
  assert.equal(read('https://bad.example/', 'https://good.example/'), 'bad.example deceptive');
  assert.equal(read('https://bad.example/', 'good.example'), 'bad.example deceptive');
  assert.equal(
    read('https://good.example@bad.example/', 'https://good.example@bad.example/'),
    'bad.example deceptive',
  );
  assert.equal(read('https://аррӏе.com/', 'https://аррӏе.com/'), 'xn--80ak6aa92e.com foreign');
  assert.equal(read('mailto:a@b.example', 'a@b.example'), 'a@b.example plain');
  assert.equal(read('mailto:a@b.example', 'c@d.example'), 'a@b.example deceptive');
});

test('a text longer than any message is shown as it is', () => {
  const text = '**a**'.repeat(5_000);
  assert.deepEqual(parseMarkdown(text), [{ kind: 'paragraph', children: [{ kind: 'text', text }] }]);
});
