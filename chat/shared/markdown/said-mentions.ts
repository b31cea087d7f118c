import type { Block, Inline } from './ast.ts';

type Mention = Inline & { readonly kind: 'mention' };

/** The mentions that a message makes itself. Whoever quotes what somebody else said does not call anybody again. */
export function saidMentions(blocks: readonly Block[]): Mention[] {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case 'paragraph':
        return block.children.flatMap(mentionsIn);
      case 'list':
        return block.items.flatMap(saidMentions);
      case 'quote':
      case 'code block':
        return [];
      default:
        return block satisfies never;
    }
  });
}

function mentionsIn(inline: Inline): Mention[] {
  if (inline.kind === 'mention') return [inline];
  return 'children' in inline ? inline.children.flatMap(mentionsIn) : [];
}
