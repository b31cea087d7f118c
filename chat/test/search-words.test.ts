import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseSearch } from '../shared/search-query.ts';
import { FTS5_TOKENIZER, toSearchWords } from '../shared/search-words.ts';

/** An index as the server keeps one, with these messages. */
function openIndex(messages: readonly string[]): (typed: string) => string[] {
  const db = new DatabaseSync(':memory:');
  db.exec(
    `CREATE VIRTUAL TABLE words USING fts5(body, content='', contentless_delete=1, tokenize="${FTS5_TOKENIZER}")`,
  );
  const insert = db.prepare('INSERT INTO words (rowid, body) VALUES (?, ?)');
  for (const [index, message] of messages.entries()) insert.run(index, toSearchWords(message));
  const select = db.prepare('SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid');
  return (typed) => {
    const { match } = parseSearch(typed);
    return match === null ? [] : select.all(match).map((row) => messages[Number(row['rowid'])] ?? '');
  };
}

const FOUND: readonly [message: string, typed: string][] = [
  ['Lunch at noon?', 'lunch'],
  ['Lunch at noon?', 'noo'],
  ['Lunch at noon?', '"at noon"'],
  ['Crème brûlée', 'creme brulee'],
  ['creme brulee', 'crème'],
  ['ＦＵＬＬ width', 'full'],
  ['明日の会議は十時です', '会議'],
  ['我在医院测试', '测试'],
  ['병원 번역기를 켜요', '번역'],
  ['プリンターが壊れた', 'プリンター'],
  ['ﾌﾟﾘﾝﾀｰ', 'プリンター'],
  ['ประชุมพรุ่งนี้', 'พรุ่งนี้'],
  ['ສະບາຍດີ', 'ດີ'],
  ['ភាសាខ្មែរ', 'ខ្មែរ'],
  ['မြန်မာဘာသာ', 'ဘာသာ'],
  ['नेपाल की राजधानी', 'राजधानी'],
  ['السَّلامُ عليكم', 'السلام'],
  ['سـلام', 'سلام'],
  ['שָׁלוֹם', 'שלום'],
  ['Все́ здесь', 'все'],
  ['done 🎉', '🎉'],
  ['good 👍🏽 job', '👍'],
  ['I ❤️ it', '❤'],
  ['see https://example.org/a-b?c=d', 'example.org'],
  ['foo_bar-baz', 'foo_bar'],
  ['C++ and 50%', '50'],
];

for (const [message, typed] of FOUND) {
  test(`${JSON.stringify(typed)} finds ${JSON.stringify(message)}`, () => {
    assert.deepEqual(openIndex(['something else', message, '別の話'])(typed), [message]);
  });
}

const NOT_FOUND: readonly [message: string, typed: string][] = [
  ['Lunch at noon', '"noon at"'],
  ['Lunch at noon', '"noo"'],
  ['Lunch at noon', 'unch'],
  ['議会', '会議'],
  ['ดูหนัง', 'ดี'],
  ['राजा', 'रोज'],
  ['lunch', 'lunch dinner'],
];

for (const [message, typed] of NOT_FOUND) {
  test(`${JSON.stringify(typed)} does not find ${JSON.stringify(message)}`, () => {
    assert.deepEqual(openIndex([message])(typed), []);
  });
}

test('a word is finished once a quote closes it; else it is a beginning', () => {
  assert.equal(parseSearch('one tw').match, '"one" AND "tw" *');
  assert.equal(parseSearch('one "tw"').match, '"one" AND "tw"');
  assert.equal(parseSearch('“one two').match, '"one two" *');
  assert.equal(parseSearch('会議').match, '"会 議" *');
  assert.equal(parseSearch(' \t" " ...').match, null);
});

test('filters are told from words', () => {
  const startOfDay = (year: number, month: number, day: number): number => Date.UTC(year, month, day);
  const typed =
    'from:@ann FROM:"Bob Lee" in:#general has:links before:2026-03-01 after:2025 cat http://x.org';
  assert.deepEqual(parseSearch(typed, startOfDay), {
    match: '"cat" AND "http x org" *',
    phrases: ['cat', 'http x org'],
    from: ['ann', 'Bob Lee'],
    in: ['general'],
    has: ['link'],
    before: Date.UTC(2026, 2, 1),
    since: Date.UTC(2026, 0, 1),
    unclear: [],
  });
});

test('the days of two filters both hold', () => {
  const startOfDay = (year: number, month: number, day: number): number => Date.UTC(year, month, day);
  const query = parseSearch('after:2026-02 after:2026-02-10 before:2026-12-31 before:2027', startOfDay);
  assert.equal(query.since, Date.UTC(2026, 2, 1));
  assert.equal(query.before, Date.UTC(2026, 11, 31));
});

test('days are those of the searcher', () => {
  assert.equal(parseSearch('before:2026-03-01').before, new Date(2026, 2, 1).getTime());
});

test('a filter that means nothing is said, not guessed', () => {
  const query = parseSearch('before:2026-02-30 after:soon has:fun from: in:"" cat');
  assert.deepEqual(query.unclear, ['before:2026-02-30', 'after:soon', 'has:fun', 'in:""']);
  assert.deepEqual([query.before, query.since, query.has, query.in], [null, null, [], []]);
});

const anything = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom(...Array.from('ab "\'*():^-+{},\\\0会ดีé🎉\uD800\u0301')),
      maxLength: 60,
    }),
    fc.array(
      fc.constantFrom('"', 'NEAR(', 'AND', 'OR', 'NOT', 'from:', 'body:', '*', 'has:link', '-', '\0', 'x'),
    ),
  )
  .map((value) => (typeof value === 'string' ? value : value.join(' ')));

test('whatever is typed, FTS5 finds no fault in it', () => {
  const search = openIndex(['ab']);
  fc.assert(
    fc.property(anything, (typed) => {
      search(typed);
    }),
    { numRuns: 2_000 },
  );
});

test('what is said is found by saying it again', () => {
  fc.assert(
    fc.property(anything, (message) => {
      const words = toSearchWords(message.slice(0, 100));
      if (words === '') return;
      assert.deepEqual(openIndex([message.slice(0, 100)])(`"${words}"`), [message.slice(0, 100)]);
    }),
    { numRuns: 300 },
  );
});

test('words of words are the same words', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const words = toSearchWords(text);
      assert.equal(toSearchWords(words), words);
      assert.match(words, /^[^"*\0]*$/u);
    }),
    { numRuns: 1_000 },
  );
});

test('a long query is cut to what an index can answer', () => {
  const query = parseSearch('a '.repeat(10_000));
  assert.equal(query.phrases.length, 16);
});
