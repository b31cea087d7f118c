/** What a person typed into the search field, as what to look for. Nothing typed here is a mistake to FTS5. */
import { toSearchWords } from './search-words.ts';

export const HAS = ['link', 'code', 'image', 'file', 'reaction'] as const;
export type Has = (typeof HAS)[number];

export interface SearchQuery {
  /** For `MATCH`: quoted phrases joined by AND, the last a prefix. Null when there are filters only. */
  match: string | null;
  /** The words of each phrase, as `toSearchWords` gives them: what the page marks in the hits. */
  phrases: string[];
  /** Names of people, as typed, without `@`. Any of them. */
  from: string[];
  /** Rooms, as typed, without `#`. Any of them. */
  in: string[];
  has: Has[];
  /** Messages earlier than this, in milliseconds since 1970. */
  before: number | null;
  /** Messages from then on. */
  since: number | null;
  /** Filters with a value that means nothing, as typed: `before:soon`. They are left out. */
  unclear: string[];
}

/** When a day begins is the searcher's to say: their zone, not the server's. `month` counts from 0, as in `Date`. */
export type StartOfDay = (year: number, month: number, day: number) => number;

export const MAX_QUERY_CHARS = 500;
const MAX_PHRASES = 16;
const MAX_VALUES = 20;

/** `key:` and then a value, quoted or not; a quoted phrase, closed or not; or a word. */
const TERM = /(?:(from|in|has|before|after):)?(?:"([^"]*)("|$)|([^\s"]+))/giu;
const QUOTES = /[“”„‟«»＂]/gu;

export function parseSearch(text: string, startOfDay: StartOfDay = localStartOfDay): SearchQuery {
  const typed = text.slice(0, MAX_QUERY_CHARS).replace(QUOTES, '"').replaceAll('：', ':');
  const query: SearchQuery = {
    match: null,
    phrases: [],
    from: [],
    in: [],
    has: [],
    before: null,
    since: null,
    unclear: [],
  };
  let openEnd = false;
  for (const [term, key, quoted, closed, bare] of typed.matchAll(TERM)) {
    const value = quoted ?? bare ?? '';
    if (key !== undefined) {
      if (!addFilter(query, key.toLowerCase(), value, startOfDay)) query.unclear.push(term);
      continue;
    }
    const words = toSearchWords(value);
    if (words === '' || query.phrases.length === MAX_PHRASES) continue;
    query.phrases.push(words);
    openEnd = closed !== '"';
  }
  query.match = formatMatch(query.phrases, openEnd);
  return query;
}

/** `from:` with nothing behind it is a word still being typed: it is unclear, too. */
function addFilter(query: SearchQuery, key: string, value: string, startOfDay: StartOfDay): boolean {
  switch (key) {
    case 'from':
      return addValue(query.from, value.replace(/^@/u, ''));
    case 'in':
      return addValue(query.in, value.replace(/^#/u, ''));
    case 'has': {
      const has = HAS.find((one) => one === value.toLowerCase().replace(/s$/u, ''));
      if (has !== undefined && !query.has.includes(has)) query.has.push(has);
      return has !== undefined;
    }
    default: {
      const period = parsePeriod(value, startOfDay);
      if (period === undefined) return false;
      if (key === 'before') query.before = Math.min(query.before ?? Infinity, period.start);
      else query.since = Math.max(query.since ?? -Infinity, period.end);
      return true;
    }
  }
}

function addValue(values: string[], value: string): boolean {
  const trimmed = value.trim();
  if (trimmed === '' || values.length === MAX_VALUES) return false;
  values.push(trimmed);
  return true;
}

/** A year, a month or a day: `2026`, `2026-03`, `2026-03-01`. `before:` means before it began, `after:` after its end. */
function parsePeriod(value: string, startOfDay: StartOfDay): { start: number; end: number } | undefined {
  const match = /^([12]\d{3})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/u.exec(value);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1) - 1, Number(match[3] ?? 1)];
  const date = new Date(Date.UTC(year, month, day));
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  const start = startOfDay(year, month, day);
  if (match[2] === undefined) return { start, end: startOfDay(year + 1, 0, 1) };
  if (match[3] === undefined) return { start, end: startOfDay(year, month + 1, 1) };
  return { start, end: startOfDay(year, month, day + 1) };
}

function localStartOfDay(year: number, month: number, day: number): number {
  return new Date(year, month, day).getTime();
}

/** The words hold letters, digits, marks and signs only: no quote, no operator, no NUL can come through. */
function formatMatch(phrases: readonly string[], openEnd: boolean): string | null {
  if (phrases.length === 0) return null;
  return phrases.map((words) => `"${words}"`).join(' AND ') + (openEnd ? ' *' : '');
}
