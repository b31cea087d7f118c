/**
 * Reads `<title>` and `<meta>` from the head of a page as it comes, one character after the other. Whatever comes, the
 * work grows with its length and the memory does not: what is collected is bounded, the rest is walked over.
 *
 * It is the tokenizer of https://html.spec.whatwg.org/multipage/parsing.html#tokenization as far as a head needs it, for
 * who runs no scripts: what stands in `<noscript>` counts.
 */
import { decodeEntities } from './entities.ts';

export interface HtmlHead {
  /** The first that is not empty. */
  title: string;
  /** By name or property, in small letters; the first of each that says something. */
  meta: ReadonlyMap<string, string>;
}

type State =
  | 'text'
  | 'tag open'
  | 'tag name'
  | 'before attribute'
  | 'attribute name'
  | 'after attribute name'
  | 'before value'
  | 'value'
  | 'unquoted value'
  | 'declaration'
  | 'comment'
  | 'bogus comment'
  | 'raw text'
  | 'raw text end';

const MAX_NAME_CHARS = 64;
const MAX_VALUE_CHARS = 4_096;
const MAX_META = 100;
/** What is in these is no markup; the title's is the title. */
const RAW = new Set(['title', 'script', 'style', 'textarea', 'xmp', 'iframe', 'noembed', 'noframes']);

export class HtmlHeadReader {
  #state: State = 'text';
  #isDone = false;
  #title = '';
  readonly #meta = new Map<string, string>();

  #tag = '';
  #isEndTag = false;
  #name = '';
  #value = '';
  #quote = '';
  readonly #attributes = new Map<string, string>();

  /** Of a comment: how much of `-->` stands directly before. Of raw text: how much of its end tag. */
  #matched = 0;
  #raw = '';
  #rawText = '';

  /** True once the head is over: what follows says nothing. */
  get isDone(): boolean {
    return this.#isDone;
  }

  read(text: string): void {
    for (const character of text) {
      if (this.#isDone) return;
      this.#step(character);
    }
  }

  get head(): HtmlHead {
    return { title: this.#title, meta: this.#meta };
  }

  #step(c: string): void {
    switch (this.#state) {
      case 'text':
        if (c === '<') this.#state = 'tag open';
        return;
      case 'tag open':
        return this.#openTag(c);
      case 'tag name':
        if (isSpace(c) || c === '/') this.#state = 'before attribute';
        else if (c === '>') this.#closeTag();
        else this.#tag = collect(this.#tag, c.toLowerCase(), MAX_NAME_CHARS);
        return;
      case 'before attribute':
        if (isSpace(c) || c === '/') return;
        if (c === '>') return this.#closeTag();
        this.#name = c.toLowerCase();
        this.#value = '';
        this.#state = 'attribute name';
        return;
      case 'attribute name':
        if (isSpace(c)) this.#state = 'after attribute name';
        else this.#afterName(c);
        return;
      case 'after attribute name':
        if (isSpace(c)) return;
        if (c === '=' || c === '/' || c === '>') return this.#afterName(c);
        this.#keepAttribute();
        this.#name = c.toLowerCase();
        this.#value = '';
        this.#state = 'attribute name';
        return;
      case 'before value':
        if (isSpace(c)) return;
        if (c === '>') return this.#closeTag();
        this.#quote = c === '"' || c === "'" ? c : '';
        this.#state = this.#quote === '' ? 'unquoted value' : 'value';
        if (this.#quote === '') this.#value = c;
        return;
      case 'value':
        if (c === this.#quote) this.#endValue();
        else this.#value = collect(this.#value, c, MAX_VALUE_CHARS);
        return;
      case 'unquoted value':
        if (isSpace(c)) this.#endValue();
        else if (c === '>') this.#closeTag();
        else this.#value = collect(this.#value, c, MAX_VALUE_CHARS);
        return;
      case 'declaration':
        return this.#declaration(c);
      case 'comment':
        return this.#comment(c);
      case 'bogus comment':
        if (c === '>') this.#state = 'text';
        return;
      case 'raw text':
        return this.#rawStep(c);
      case 'raw text end':
        return this.#rawEnd(c);
      default:
        return this.#state satisfies never;
    }
  }

  #openTag(c: string): void {
    if (c === '!' && !this.#isEndTag) {
      this.#matched = 0;
      this.#state = 'declaration';
    } else if (c === '?') this.#state = 'bogus comment';
    else if (c === '/' && !this.#isEndTag) {
      this.#isEndTag = true;
      return;
    } else if (/[a-z]/iu.test(c)) {
      this.#tag = c.toLowerCase();
      this.#attributes.clear();
      this.#name = '';
      this.#state = 'tag name';
      return;
    } else if (this.#isEndTag) this.#state = c === '>' ? 'text' : 'bogus comment';
    else if (c !== '<') this.#state = 'text';
    this.#isEndTag = false;
  }

  #afterName(c: string): void {
    if (c === '=') this.#state = 'before value';
    else if (c === '>') this.#closeTag();
    else if (c === '/') this.#endValue();
    else this.#name = collect(this.#name, c.toLowerCase(), MAX_NAME_CHARS);
  }

  #endValue(): void {
    this.#keepAttribute();
    this.#name = '';
    this.#state = 'before attribute';
  }

  /** Of two with one name the first counts. Only `<meta>` has any that matter. */
  #keepAttribute(): void {
    if (
      this.#tag === 'meta' &&
      ['name', 'property', 'content'].includes(this.#name) &&
      !this.#attributes.has(this.#name)
    )
      this.#attributes.set(this.#name, this.#value);
  }

  #closeTag(): void {
    this.#keepAttribute();
    this.#name = '';
    this.#state = 'text';
    const isEnd = this.#isEndTag;
    this.#isEndTag = false;
    if (isEnd ? this.#tag === 'head' || this.#tag === 'html' : this.#tag === 'body') {
      this.#isDone = true;
    } else if (!isEnd && RAW.has(this.#tag)) {
      this.#raw = `</${this.#tag}`;
      this.#rawText = '';
      this.#matched = 0;
      this.#state = 'raw text';
    } else if (!isEnd && this.#tag === 'meta') this.#keepMeta();
  }

  #keepMeta(): void {
    const content = decodeEntities(this.#attributes.get('content') ?? '');
    if (content.trim() === '') return;
    for (const name of ['property', 'name']) {
      const key = this.#attributes.get(name)?.trim().toLowerCase();
      if (key && !this.#meta.has(key) && this.#meta.size < MAX_META) this.#meta.set(key, content);
    }
  }

  /** `<!--`, or anything else, such as a doctype. */
  #declaration(c: string): void {
    if (c === '-') this.#matched += 1;
    if (c === '>') this.#state = 'text';
    else if (c !== '-') this.#state = 'bogus comment';
    else if (this.#matched === 2) this.#state = 'comment';
  }

  /** Ends at `-->`, and at `<!-->` and `<!--->`, which browsers take for whole ones. */
  #comment(c: string): void {
    if (c === '-') this.#matched += 1;
    else if (c === '>' && this.#matched >= 2) this.#state = 'text';
    else this.#matched = 0;
  }

  #rawStep(c: string): void {
    if (c.toLowerCase() === this.#raw[this.#matched]) {
      this.#matched += 1;
      if (this.#matched === this.#raw.length) this.#state = 'raw text end';
      return;
    }
    this.#keepRaw(this.#raw.slice(0, this.#matched));
    // The end tag has one `<`, its first character: nothing before it can be the beginning of another one.
    this.#matched = c === '<' ? 1 : 0;
    if (this.#matched === 0) this.#keepRaw(c);
  }

  /** `</titles` ends no title. */
  #rawEnd(c: string): void {
    if (isSpace(c) || c === '/' || c === '>') {
      if (this.#raw === '</title' && this.#title === '') this.#title = decodeEntities(this.#rawText).trim();
      this.#tag = this.#raw.slice(2);
      this.#isEndTag = true;
      this.#state = 'before attribute';
      if (c === '>') this.#closeTag();
      return;
    }
    this.#keepRaw(this.#raw);
    this.#matched = 0;
    this.#state = 'raw text';
    this.#rawStep(c);
  }

  #keepRaw(text: string): void {
    if (this.#raw === '</title') this.#rawText = collect(this.#rawText, text, MAX_VALUE_CHARS);
  }
}

function collect(text: string, more: string, most: number): string {
  return text.length < most ? text + more : text;
}

function isSpace(c: string): boolean {
  return c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\f';
}
