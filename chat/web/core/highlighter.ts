/**
 * highlight.js with an emitter of ours, which collects spans: its own makes HTML.
 */
/* oxlint-disable eslint/no-underscore-dangle -- the names of highlight.js */
import type { Emitter, LanguageFn } from 'highlight.js';
import core from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { type Scope, SCOPES, type Span } from './highlight.ts';

const LANGUAGES: Readonly<Record<string, LanguageFn>> = {
  bash,
  cpp,
  csharp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  php,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
const ALSO = new Map<string, Scope>([
  ['attribute', 'attr'],
  ['built_in', 'type'],
  ['bullet', 'keyword'],
  ['char', 'string'],
  ['class', 'type'],
  ['doctag', 'keyword'],
  ['literal', 'number'],
  ['name', 'tag'],
  ['operator', 'keyword'],
  ['property', 'attr'],
  ['quote', 'comment'],
  ['regexp', 'string'],
  ['section', 'title'],
  ['selector-attr', 'attr'],
  ['selector-class', 'title'],
  ['selector-id', 'title'],
  ['selector-pseudo', 'keyword'],
  ['selector-tag', 'tag'],
  ['symbol', 'number'],
  ['template-variable', 'variable'],
  ...SCOPES.map((scope): [string, Scope] => [scope, scope]),
]);

class SpanEmitter implements Emitter {
  readonly spans: Span[] = [];
  /** Null for a scope without a colour: what is around it shines through. */
  readonly #open: (Scope | null)[] = [];

  startScope(name: string): void {
    this.#open.push(ALSO.get(name.split('.', 1)[0] ?? '') ?? this.#open.at(-1) ?? null);
  }

  endScope(): void {
    this.#open.pop();
  }

  /** The same by another name, missing in the declarations: for what holds more than a word. */
  openNode(name: string): void {
    this.startScope(name);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    this.#add({ text, scope: this.#open.at(-1) ?? null });
  }

  __addSublanguage(emitter: Emitter): void {
    if (emitter instanceof SpanEmitter) for (const span of emitter.spans) this.#add(span);
  }

  toHTML(): string {
    return '';
  }

  finalize(): void {
    // Nothing is held back.
  }

  #add(span: Span): void {
    const last = this.spans.at(-1);
    if (span.text === '') return;
    if (last?.scope !== span.scope) this.spans.push(span);
    else this.spans[this.spans.length - 1] = { text: last.text + span.text, scope: span.scope };
  }
}

const highlighter = core.newInstance();
highlighter.configure({ __emitter: SpanEmitter });
for (const [name, language] of Object.entries(LANGUAGES)) highlighter.registerLanguage(name, language);
highlighter.registerAliases(['c', 'h'], { languageName: 'cpp' });

/** The name may be an alias: `ts`, `py`, `sh`, `html`. */
export function highlightWith(code: string, language: string): Span[] | undefined {
  if (highlighter.getLanguage(language) === undefined) return undefined;
  const { _emitter: emitter } = highlighter.highlight(code, { language, ignoreIllegals: true });
  return emitter instanceof SpanEmitter ? emitter.spans : undefined;
}
