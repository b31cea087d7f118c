/** What a search of a million messages takes, and whether it holds up those who talk meanwhile. Prints figures. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { parseSearch } from '../shared/search-query.ts';
import { toSearchWords } from '../shared/search-words.ts';
import { openSqliteStore } from '../server/store/sqlite/store.ts';
import type { Sought } from '../server/store/reading.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MESSAGES = 1_000_000;
const ROUNDS = 50;
const NOTHING: Sought = { match: null, rooms: [], from: [], since: null, before: null, has: [] };

test('searching a million messages', async (context) => {
  const folder = temporaryFolder(context);
  await fill(folder);
  const store = openSqliteStore(folder);
  context.after(() => store.close());
  const asks: [string, Partial<Sought>][] = [
    ['a frequent word', { match: parseSearch('"word7"').match }],
    ['a rare word', { match: parseSearch('"needle"').match }],
    ['a word being typed', { match: parseSearch('needl').match }],
    ['two words', { match: parseSearch('"word7" "word11"').match }],
    ['two characters of Japanese', { match: parseSearch('会議').match }],
    ['a word of one person', { match: parseSearch('"word7"').match, from: [7] }],
    ['all with a link', { has: ['link'] }],
    ['the beginning of half of all words', { match: parseSearch('w').match }],
    ['a longer beginning of half of all words', { match: parseSearch('word').match }],
    ['all of one person', { from: [7] }],
    ['a frequent word with a link', { match: parseSearch('"word7"').match, has: ['link'] }],
    ['all of a time long ago', { before: 100 }],
  ];
  for (const [what, ask] of asks) {
    const times: number[] = [];
    let longestPause = 0;
    let found = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestPause = Math.max(longestPause, performance.now() - last);
      last = performance.now();
    }, 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = performance.now();
      const { messages } = await store.reading.search({ ...NOTHING, ...ask }, 1, null, 50);
      times.push(performance.now() - begun);
      found += messages.length;
    }
    clearInterval(watch);
    assert.notEqual(found, 0, what);
    times.sort((a, b) => a - b);
    const at = (part: number): string => (times[Math.floor(part * (ROUNDS - 1))] ?? 0).toFixed(2);
    context.diagnostic(
      `${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; the loop stood still for ${longestPause.toFixed(1)} ms at most`,
    );
  }
});

/** By the tables themselves: through the store it would take ten times as long. */
async function fill(folder: string): Promise<void> {
  const store = openSqliteStore(folder);
  for (let number = 1; number <= 10; number += 1) {
    await store.people.create({ name: `Person ${number}`, keys: [`person${number}`], role: 'member', at: 1 });
  }
  await store.close();
  const db = new DatabaseSync(join(folder, 'chat.db'));
  db.exec('PRAGMA synchronous = OFF; BEGIN');
  const message = db.prepare(
    'INSERT INTO message (id, room, seq, rev, person, body, at, has) VALUES (?, 1, ?, ?, ?, ?, ?, ?)',
  );
  const words = db.prepare('INSERT INTO message_words (rowid, words) VALUES (?, ?)');
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let seq = 1; seq <= MESSAGES; seq += 1) {
    const body = bodyOf(seq, random);
    message.run(seq, seq, seq, 1 + random(10), body, seq, seq % 1_000 === 1 ? 1 : 0);
    words.run(seq, toSearchWords(body));
  }
  db.exec(`UPDATE room SET last_seq = ${MESSAGES}, last_rev = ${MESSAGES} WHERE id = 1; COMMIT`);
  db.close();
}

function bodyOf(seq: number, random: (below: number) => number): string {
  if (seq % 500 === 0) return '明日の会議は三時です';
  const text = Array.from({ length: 8 }, () => `word${Math.floor(random(1_000) ** 2 / 200)}`).join(' ');
  return seq % 50_000 === 7 ? `${text} needle` : text;
}
