/** What holds for the tree of any text. */
import assert from 'node:assert/strict';
import type { Block, Inline } from '../shared/markdown/ast.ts';
import { parseMarkdown } from '../shared/markdown/parse.ts';

const MAX_BLOCK_DEPTH = 5;
/** Six markers and a link. */
const MAX_INLINE_DEPTH = 8;

/** What messages are made of, for tests that throw dice. */
export const MARKS: readonly string[] = [
  '*', '**', '***', '_', '__', '~~', '||', '`', '``', '```', '```js\n', '\n```\n', '\n', '\n\n', '> ', '>> ', '>',
  '- ', '* ', '1. ', '  ', '\t', '[', ']', '](', '](https://a.example)', '(', ')', 'https://a.example', 'mailto:a@b.c',
  'javascript:', '@ann', '@', ':a:', ':', '\\', '¯\\_', '<', '&amp;', 'a', 'b', '中', '👩‍👩‍👧', '\u202e', '\uD800', ' ', '.', '\r', '\0',
]; // prettier-ignore

/** @throws {assert.AssertionError} when a law does not hold for this text. */
export function checkMarkdownLaws(text: string): void {
  const reader = new SourceReader(text);
  for (const block of parseMarkdown(text)) checkBlock(block, 1, reader);
}

/** Nothing is invented and nothing is moved: all that is shown stands in the source, in this order. */
class SourceReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  expect(shown: string): void {
    for (const character of shown.replace(/\s/gu, '')) {
      const found = this.#source.indexOf(character, this.#at);
      if (found === -1) assert.fail(`${JSON.stringify(character)} is not in the rest of the source`);
      this.#at = found + character.length;
    }
  }
}

function checkBlock(block: Block, depth: number, reader: SourceReader): void {
  assert.ok(depth <= MAX_BLOCK_DEPTH, 'blocks nest too deep');
  switch (block.kind) {
    case 'paragraph':
      return checkInlines(block.children, 1, reader);
    case 'code block':
      return reader.expect(block.text);
    case 'quote':
      return block.children.forEach((child) => checkBlock(child, depth + 1, reader));
    case 'list':
      assert.ok(block.items.length > 0, 'a list has items');
      return block.items.flat().forEach((child) => checkBlock(child, depth + 1, reader));
    default:
      return block satisfies never;
  }
}

function checkInlines(inlines: readonly Inline[], depth: number, reader: SourceReader): void {
  assert.ok(depth <= MAX_INLINE_DEPTH, 'spans nest too deep');
  for (const [index, inline] of inlines.entries()) {
    if (inline.kind === 'text') {
      assert.notEqual(inline.text, '');
      assert.notEqual(inlines[index - 1]?.kind, 'text', 'two texts in a row');
    }
    if (inline.kind === 'link') {
      assert.match(inline.href, /^(?:https?:\/\/[^/]|mailto:)/u);
      assert.ok(URL.canParse(inline.href));
    }
    if ('text' in inline) reader.expect(inline.text);
    else if (inline.kind === 'emoji') reader.expect(inline.shortcode);
    else if ('children' in inline) checkInlines(inline.children, depth + 1, reader);
  }
}
