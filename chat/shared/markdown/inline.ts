/** The inside of a paragraph: one walk over its marks, with a stack of the spans that are open. */
import type { Inline, ReadMention } from './ast.ts';
import { mayBeginName } from '../name-boundary.ts';
import { parseHref, withoutTrailing } from './href.ts';

/** A span that is open: what opened it, and what is in it so far. */
interface Span {
  readonly marker: string;
  readonly children: Inline[];
}

/** Everything that is more than a letter. The arm of a shrug is no escape. The web address leaves out what could make it look like another one. */
const MARK =
  /¯\\_|\\[!-/:-@[-`{-~]|`+|\*+|_+|~+|\|+|[[\]\n@]|(?<!\w):[a-z0-9_+-]{1,40}:|(?<![\p{L}\p{N}])https?:\/\/(?:[^\s<>"'`\]\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\](?!\())+/giu;

/** `(address)`. It ends at any bracket of a label, so no character is searched for two labels. */
const DESTINATION = /\(([^\s()<>[\]]*(?:\([^\s()<>[\]]*\)[^\s()<>[\]]*)*)\)/uy;

const KINDS = {
  '**': 'strong',
  __: 'strong',
  '*': 'emphasis',
  _: 'emphasis',
  '~~': 'strike',
  '||': 'spoiler',
} as const;

export function parseInline(text: string, readMention: ReadMention): Inline[] {
  return new InlineParser(text, readMention).parse();
}

class InlineParser {
  readonly #text: string;
  readonly #readMention: ReadMention;
  /** The first is the paragraph. Each marker is in it once at most, so it is never deep. */
  readonly #open: Span[] = [{ marker: '', children: [] }];
  readonly #backticks: Backticks;
  #at = 0;

  constructor(text: string, readMention: ReadMention) {
    this.#text = text;
    this.#readMention = readMention;
    this.#backticks = new Backticks(text);
  }

  parse(): Inline[] {
    for (;;) {
      MARK.lastIndex = this.#at;
      const match = MARK.exec(this.#text);
      if (match === null) break;
      this.#addText(this.#text.slice(this.#at, match.index));
      this.#at = match.index + match[0].length;
      this.#addMark(match[0], match.index);
    }
    this.#addText(this.#text.slice(this.#at));
    while (this.#open.length > 1) this.#giveUp(this.#open.length - 1);
    return this.#top.children;
  }

  get #top(): Span {
    return this.#open.at(-1) as Span;
  }

  #addMark(mark: string, index: number): void {
    switch (mark.charAt(0)) {
      case '\\':
        return this.#addText(mark.slice(1));
      case '¯':
        return this.#addText(mark);
      case '`':
        return this.#addCode(mark);
      case '[':
        return this.#isOpen('[') ? this.#addText(mark) : this.#openSpan('[');
      case ']':
        return this.#closeLabel();
      case '\n':
        return this.#add({ kind: 'break' });
      case '@':
        return this.#addMention(index);
      case ':':
        return this.#add({ kind: 'emoji', shortcode: mark.slice(1, -1) });
      case 'h':
      case 'H':
        return this.#addAddress(mark, index);
      default:
        return this.#addDelimiters(mark, index);
    }
  }

  #addDelimiters(run: string, index: number): void {
    const character = run[0] ?? '';
    let left = run.length;
    const fits = character === '*' || character === '_' ? left <= 3 : left === 2;
    if (!fits) return this.#addText(run);
    const before = characterBefore(this.#text, index);
    const after = characterAt(this.#text, this.#at);
    if (canClose(run, before, after)) {
      for (let marker = this.#closable(character, left); marker !== undefined;) {
        this.#closeSpan(marker);
        left -= marker.length;
        marker = this.#closable(character, left);
      }
    }
    const opens = canOpen(run, before, after);
    while (left > 0) {
      const marker = character.repeat(Math.min(left, 2));
      if (opens && !this.#isOpen(marker)) this.#openSpan(marker);
      else this.#addText(marker);
      left -= marker.length;
    }
  }

  /** Finds the innermost open span of this character that `left` characters can close. */
  #closable(character: string, left: number): string | undefined {
    return this.#open.findLast(({ marker }) => marker[0] === character && marker.length <= left)?.marker;
  }

  #addCode(fence: string): void {
    const end = this.#backticks.find(fence.length, this.#at);
    if (end === undefined) return this.#addText(fence);
    const code = this.#text.slice(this.#at, end).replaceAll('\n', ' ');
    const padded = code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '';
    this.#add({ kind: 'code', text: padded ? code.slice(1, -1) : code });
    this.#at = end + fence.length;
  }

  #closeLabel(): void {
    if (!this.#isOpen('[')) return this.#addText(']');
    DESTINATION.lastIndex = this.#at;
    const href = parseHref(DESTINATION.exec(this.#text)?.[1] ?? '');
    if (href === undefined) {
      this.#giveUp(this.#indexOf('['));
      return this.#addText(']');
    }
    this.#at = DESTINATION.lastIndex;
    const children = withoutLinks(this.#takeSpan('['));
    return this.#add({ kind: 'link', href, bare: false, children });
  }

  #addAddress(match: string, index: number): void {
    const text = withoutTrailing(match);
    const href = parseHref(text);
    if (href === undefined) return this.#addText(match);
    this.#at = index + text.length;
    return this.#add({ kind: 'link', href, bare: true, children: [{ kind: 'text', text }] });
  }

  #addMention(index: number): void {
    const mention = mayBeginName(this.#text, index) ? this.#readMention(this.#text, index) : undefined;
    if (mention === undefined) return this.#addText('@');
    this.#at = mention.end;
    const text = this.#text.slice(index, mention.end);
    return this.#add({ kind: 'mention', text, person: mention.person });
  }

  #isOpen(marker: string): boolean {
    return this.#indexOf(marker) > 0;
  }

  #indexOf(marker: string): number {
    return this.#open.findIndex((span) => span.marker === marker);
  }

  #openSpan(marker: string): void {
    this.#open.push({ marker, children: [] });
  }

  #closeSpan(marker: string): void {
    const children = this.#takeSpan(marker);
    this.#add({ kind: KINDS[marker as keyof typeof KINDS], children });
  }

  /** Takes an open span off the stack. Those opened inside it were never closed: they are text. */
  #takeSpan(marker: string): Inline[] {
    while (this.#top.marker !== marker) this.#giveUp(this.#open.length - 1);
    return (this.#open.pop() as Span).children;
  }

  /** Makes an opening marker the text that it is, and what follows it a part of the span around it. */
  #giveUp(index: number): void {
    const [span] = this.#open.splice(index, 1);
    const around = this.#open[index - 1];
    if (span === undefined || around === undefined) return;
    append(around.children, { kind: 'text', text: span.marker });
    for (const child of span.children) append(around.children, child);
  }

  #addText(text: string): void {
    if (text !== '') this.#add({ kind: 'text', text });
  }

  #add(inline: Inline): void {
    append(this.#top.children, inline);
  }
}

/** Where runs of backticks are, by their length, so that no search for a closing one is in vain. */
class Backticks {
  readonly #starts = new Map<number, number[]>();

  constructor(text: string) {
    for (const { 0: run, index } of text.matchAll(/`+/gu)) {
      const starts = this.#starts.get(run.length);
      if (starts === undefined) this.#starts.set(run.length, [index]);
      else starts.push(index);
    }
    for (const starts of this.#starts.values()) starts.reverse();
  }

  /** Finds the next run of that length. Asked in the order of the text, so what was passed is dropped. */
  find(length: number, from: number): number | undefined {
    const starts = this.#starts.get(length) ?? [];
    while ((starts.at(-1) ?? from) < from) starts.pop();
    return starts.at(-1);
  }
}

function append(children: Inline[], inline: Inline): void {
  const last = children.at(-1);
  if (inline.kind === 'text' && last?.kind === 'text') last.text += inline.text;
  else children.push(inline);
}

/** A link in a link is its own label. */
function withoutLinks(inlines: readonly Inline[]): Inline[] {
  const plain: Inline[] = [];
  for (const inline of inlines) {
    if (!('children' in inline)) append(plain, inline);
    else if (inline.kind !== 'link')
      plain.push({ kind: inline.kind, children: withoutLinks(inline.children) });
    else for (const child of withoutLinks(inline.children)) append(plain, child);
  }
  return plain;
}

/** `_` keeps out of words, and a single `*` out of `2*3*4`. Chinese and Japanese emphasise inside a line of letters. */
function canOpen(run: string, before: string, after: string): boolean {
  if (after === '' || /\s/u.test(after)) return false;
  if (run[0] === '_') return !isWord(before);
  return run !== '*' || !(/\w/u.test(before) && /\w/u.test(after));
}

function canClose(run: string, before: string, after: string): boolean {
  if (before === '' || /\s/u.test(before)) return false;
  return run[0] !== '_' || !isWord(after);
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}\p{M}]/u.test(character);
}

function characterAt(text: string, index: number): string {
  const code = text.codePointAt(index);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  return low >= 0xdc00 && low <= 0xdfff ? characterAt(text, index - 2) : characterAt(text, index - 1);
}
