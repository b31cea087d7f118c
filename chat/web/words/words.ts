/**
 * What the page says, in the language of its reader. English is always there; the others are chunks of their own. What
 * only later chunks say is in `later.ts`.
 */
import { en } from './en.ts';
import type { LaterWords } from './later.ts';

export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
/** A key that English says in two forms needs the forms of the other language; the rest are plain. */
export type WordsOf<English> = {
  readonly [K in keyof English]: English[K] extends string ? string : Plural;
};
export type Key = keyof typeof en;
export type Words = WordsOf<typeof en>;
export type Params = Readonly<Record<string, string | number>>;

export interface Language {
  readonly tag: string;
  /** As its speakers call it. */
  readonly name: string;
  readonly load: () => Promise<Words>;
  readonly loadLater: () => Promise<LaterWords>;
}

export const LANGUAGES: readonly Language[] = [
  {
    tag: 'en',
    name: 'English',
    load: async () => en,
    loadLater: async () => (await import('./en-later.ts')).enLater,
  },
  {
    tag: 'de',
    name: 'Deutsch',
    load: async () => (await import('./de.ts')).de,
    loadLater: async () => (await import('./de-later.ts')).deLater,
  },
  {
    tag: 'es',
    name: 'Español',
    load: async () => (await import('./es.ts')).es,
    loadLater: async () => (await import('./es-later.ts')).esLater,
  },
  {
    tag: 'fr',
    name: 'Français',
    load: async () => (await import('./fr.ts')).fr,
    loadLater: async () => (await import('./fr-later.ts')).frLater,
  },
];

let words: Words = en;
let language = 'en';
let plurals: Intl.PluralRules | undefined;

/** Chooses by what was set, else by what the browser asks for, else English. */
export function chooseLanguage(set: string | null, wanted: readonly string[]): Language {
  for (const tag of set === null ? wanted : [set, ...wanted]) {
    const found = LANGUAGES.find((one) => one.tag === tag.split('-', 1)[0]?.toLowerCase());
    if (found) return found;
  }
  return LANGUAGES[0] as Language;
}

/** Speaks this language from now on: before anything is drawn. */
export async function speak({ tag, load }: Language): Promise<void> {
  try {
    words = await load();
    language = tag;
    plurals = undefined;
  } catch {
    // The chunk did not come: English it is.
  }
}

/** Fetches what the later chunks say, in this language, else in English. */
export async function laterWords(): Promise<LaterWords> {
  return chooseLanguage(language, [])
    .loadLater()
    .catch(async () => chooseLanguage('en', []).loadLater());
}

/** The tag of the language that is spoken, for `lang` and for Intl. */
export function spoken(): string {
  return language;
}

/** Says it. `{name}` in the words is replaced by that parameter; `n` chooses the form. */
export function t(key: Key, params?: Params): string {
  return fill(words[key], params);
}

export function fill(entry: string | Plural, params: Params = {}): string {
  const text = typeof entry === 'string' ? entry : (entry[formOf(Number(params['n']))] ?? entry.other);
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => String(params[name] ?? whole));
}

/** The rules are made when first needed: a page can be drawn without. */
function formOf(count: number): Intl.LDMLPluralRule {
  plurals ??= new Intl.PluralRules(language);
  return plurals.select(count);
}
