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

export interface Features {
  links: number;
  code: boolean;
  /** Everybody who is mentioned, once. */
  people: number[];
}

/** What can be looked for with `has:`, and who is to be told. What somebody else said, quoted, tells nobody. */
export function findFeatures(blocks: readonly Block[]): Features {
  const features: Features = { links: 0, code: false, people: [] };
  for (const block of blocks) addFeatures(block, features, false);
  return features;
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

function addFeatures(block: Block, features: Features, quoted: boolean): void {
  switch (block.kind) {
    case 'paragraph':
      for (const inline of block.children) addInlineFeatures(inline, features, quoted);
      break;
    case 'code block':
      features.code = true;
      break;
    case 'quote':
      for (const child of block.children) addFeatures(child, features, true);
      break;
    case 'list':
      for (const child of block.items.flat()) addFeatures(child, features, quoted);
      break;
    default:
      block satisfies never;
  }
}

function addInlineFeatures(inline: Inline, features: Features, quoted: boolean): void {
  if (inline.kind === 'link') features.links += 1;
  if (inline.kind === 'code') features.code = true;
  if (inline.kind === 'mention' && inline.person !== null && !quoted) {
    if (!features.people.includes(inline.person)) features.people.push(inline.person);
  }
  if ('children' in inline) for (const child of inline.children) addInlineFeatures(child, features, quoted);
}
