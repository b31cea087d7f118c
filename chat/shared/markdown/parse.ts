/** A message's text, line by line, as blocks. Never throws; what means nothing is text. */
import type { Block, ReadMention } from './ast.ts';
import { parseInline } from './inline.ts';

/** A text longer than any message is shown as it is. */
const MAX_CHARS = 20_000;
/** Quotes in lists in quotes… deeper marks are text. */
const MAX_DEPTH = 4;

const BLANK = /^\s*$/u;
const FENCE = /^ {0,3}(`{3,})([^`]*)$/u;
/** With a space behind it: `>_<` is a face. */
const QUOTE = /^ {0,3}>(?: |$|(?=>{1,9}(?: |$)))/u;
const ITEM = /^ {0,3}(?:[-*]|(\d{1,9})[.)]) +(?=\S)/u;
const INDENT = /^(?: {2,}|\t)/u;

export interface ParseOptions {
  /** Without it, `@` and a word is a mention of nobody in particular. */
  readMention?: ReadMention;
  maxChars?: number;
}

export function parseMarkdown(text: string, options: ParseOptions = {}): Block[] {
  const { readMention = readWord, maxChars = MAX_CHARS } = options;
  if (text.length > maxChars) return [{ kind: 'paragraph', children: [{ kind: 'text', text }] }];
  return new BlockParser(text.split(/\r\n|\r|\n/u), 0, readMention).parse();
}

class BlockParser {
  readonly #lines: readonly string[];
  readonly #depth: number;
  readonly #readMention: ReadMention;
  #at = 0;

  constructor(lines: readonly string[], depth: number, readMention: ReadMention) {
    this.#lines = lines;
    this.#depth = depth;
    this.#readMention = readMention;
  }

  parse(): Block[] {
    const blocks: Block[] = [];
    while (this.#at < this.#lines.length) {
      if (BLANK.test(this.#line)) this.#at += 1;
      else blocks.push(this.#codeBlock() ?? this.#quote() ?? this.#list() ?? this.#paragraph());
    }
    return blocks;
  }

  get #line(): string {
    return this.#lines[this.#at] ?? '';
  }

  get #mayNest(): boolean {
    return this.#depth < MAX_DEPTH;
  }

  /** Until a line that ends with as many backticks; without one, until the end. */
  #codeBlock(): Block | undefined {
    const [, fence, info] = FENCE.exec(this.#line) ?? [];
    if (fence === undefined) return undefined;
    this.#at += 1;
    const lines: string[] = [];
    for (; this.#at < this.#lines.length; this.#at++) {
      const text = this.#line.trimEnd();
      if (text.endsWith(fence)) {
        const last = text.replace(/`+$/u, '');
        if (last.trim() !== '') lines.push(last);
        this.#at += 1;
        break;
      }
      lines.push(this.#line);
    }
    return { kind: 'code block', language: parseLanguage(info ?? ''), text: lines.join('\n') };
  }

  #quote(): Block | undefined {
    if (!this.#mayNest || !QUOTE.test(this.#line)) return undefined;
    const lines: string[] = [];
    for (; QUOTE.test(this.#line); this.#at++) lines.push(this.#line.replace(QUOTE, ''));
    return { kind: 'quote', children: this.#parseInside(lines) };
  }

  #list(): Block | undefined {
    const first = ITEM.exec(this.#line);
    if (!this.#mayNest || first === null) return undefined;
    const isOrdered = first[1] !== undefined;
    const items: Block[][] = [];
    for (let item: RegExpExecArray | null = first; item !== null && (item[1] !== undefined) === isOrdered;) {
      items.push(this.#parseInside(this.#takeItem(item[0].length)));
      const next = this.#nextText();
      item = ITEM.exec(this.#lines[next] ?? '');
      if (item !== null && (item[1] !== undefined) === isOrdered) this.#at = next;
    }
    return { kind: 'list', start: isOrdered ? Number(first[1]) : null, items };
  }

  /** Takes the lines of one item: its own, and those below that are indented. */
  #takeItem(width: number): string[] {
    const lines = [this.#line.slice(width)];
    this.#at += 1;
    for (let next = this.#nextText(); INDENT.test(this.#lines[next] ?? ''); next = this.#nextText()) {
      for (; this.#at < next; this.#at++) lines.push('');
      const indent = Math.min(width, this.#line.search(/\S/u));
      lines.push(this.#line.startsWith('\t') ? this.#line.slice(1) : this.#line.slice(indent));
      this.#at += 1;
    }
    return lines;
  }

  /** The number of the next line that is not blank. */
  #nextText(): number {
    let next = this.#at;
    while (next < this.#lines.length && BLANK.test(this.#lines[next] ?? '')) next += 1;
    return next;
  }

  #paragraph(): Block {
    const lines = [this.#line];
    this.#at += 1;
    while (this.#at < this.#lines.length && !this.#interrupts(this.#line)) {
      lines.push(this.#line);
      this.#at += 1;
    }
    return { kind: 'paragraph', children: parseInline(lines.join('\n'), this.#readMention) };
  }

  /** A sentence may go on with `1986.` at the start of a line; a list inside a paragraph starts at 1. */
  #interrupts(line: string): boolean {
    if (BLANK.test(line) || FENCE.test(line)) return true;
    if (!this.#mayNest) return false;
    const item = ITEM.exec(line);
    return QUOTE.test(line) || (item !== null && (item[1] === undefined || Number(item[1]) === 1));
  }

  #parseInside(lines: readonly string[]): Block[] {
    return new BlockParser(lines, this.#depth + 1, this.#readMention).parse();
  }
}

function parseLanguage(info: string): string | null {
  return /^\s*([\w+#.-]{1,24})\s*$/u.exec(info)?.[1]?.toLowerCase() ?? null;
}

function readWord(text: string, at: number): ReturnType<ReadMention> {
  const word = /[\p{L}\p{N}\p{M}_-]{1,64}/uy;
  word.lastIndex = at + 1;
  return word.test(text) ? { end: word.lastIndex, person: null } : undefined;
}
