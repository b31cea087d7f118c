import type { Block, Inline } from './ast.ts';

export interface PlainTextOptions {
  /** What a shortcode stands for; what it gives undefined for stays as it was typed. */
  readEmoji?: (shortcode: string) => string | undefined;
  /** A notification must not tell what a spoiler hides. */
  spoilers?: 'shown' | 'hidden';
}

/** The message without its looks: for search, notifications and previews. */
export function toPlainText(blocks: readonly Block[], options: PlainTextOptions = {}): string {
  return blocks.map((block) => blockText(block, options)).join('\n');
}

function blockText(block: Block, options: PlainTextOptions): string {
  switch (block.kind) {
    case 'paragraph':
      return spanText(block, options);
    case 'code block':
      return block.text;
    case 'quote':
      return toPlainText(block.children, options).replace(/^/gmu, '> ');
    case 'list':
      return block.items
        .map((item, index) => {
          const bullet = block.start === null ? '• ' : `${block.start + index}. `;
          return bullet + toPlainText(item, options);
        })
        .join('\n');
    default:
      return block satisfies never;
  }
}

function inlineText(inline: Inline, options: PlainTextOptions): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
    case 'mention':
      return inline.text;
    case 'emoji':
      return options.readEmoji?.(inline.shortcode) ?? `:${inline.shortcode}:`;
    case 'break':
      return '\n';
    case 'link':
      return inline.bare ? spanText(inline, options) : `${spanText(inline, options)} (${inline.href})`;
    case 'spoiler':
      return options.spoilers === 'hidden' ? '▒▒▒' : spanText(inline, options);
    case 'strong':
    case 'emphasis':
    case 'strike':
      return spanText(inline, options);
    default:
      return inline satisfies never;
  }
}

function spanText({ children }: { children: readonly Inline[] }, options: PlainTextOptions): string {
  return children.map((child) => inlineText(child, options)).join('');
}
