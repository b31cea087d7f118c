import type { Block, Inline } from '../../shared/markdown/ast.ts';
import { parseMarkdown } from '../../shared/markdown/parse.ts';

/** The link that a message has a preview of: its first web address. Not one in code, in a quote of others, or in a spoiler. */
export function previewedLink(body: string): string | null {
  if (!/https?:\/\//iu.test(body)) return null;
  return firstOf(parseMarkdown(body), inBlock);
}

function inBlock(block: Block): string | null {
  switch (block.kind) {
    case 'paragraph':
      return firstOf(block.children, inInline);
    case 'list':
      return firstOf(block.items, (item) => firstOf(item, inBlock));
    case 'code block':
    case 'quote':
      return null;
    default:
      return block satisfies never;
  }
}

function inInline(inline: Inline): string | null {
  switch (inline.kind) {
    case 'link':
      return /^https?:/u.test(inline.href) ? inline.href : null;
    case 'strong':
    case 'emphasis':
    case 'strike':
      return firstOf(inline.children, inInline);
    case 'text':
    case 'spoiler':
    case 'code':
    case 'mention':
    case 'emoji':
    case 'break':
      return null;
    default:
      return inline satisfies never;
  }
}

function firstOf<T>(list: readonly T[], find: (one: T) => string | null): string | null {
  for (const one of list) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}
