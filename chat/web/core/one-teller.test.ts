import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { OneTeller, type Rank, type Word } from './one-teller.ts';
import { message } from './testing.ts';

/** Pages of one browser; what one posts, the others hear at once. */
class Pages {
  readonly told: [page: string, seqs: number[], rank: Rank][] = [];
  readonly #tellers = new Map<string, OneTeller>();

  open(page: string, rank: { value: Rank } = { value: 0 }): OneTeller {
    const teller: OneTeller = new OneTeller({
      page,
      post: (word: Word) => {
        for (const [other, one] of this.#tellers) if (other !== page) one.hear(word);
      },
      rankIn: () => rank.value,
      tell: (messages, at) => this.told.push([page, messages.map(({ seq }) => seq), at]),
    });
    this.#tellers.set(page, teller);
    return teller;
  }

  close(page: string): void {
    this.#tellers.delete(page);
  }

  hear(seq: number): void {
    for (const teller of this.#tellers.values()) teller.offer(message(seq));
  }
}

describe('OneTeller', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  test('a page alone tells, after a short wait', () => {
    const pages = new Pages();
    pages.open('a');
    pages.hear(1);
    assert.deepEqual(pages.told, []);
    mock.timers.tick(200);
    assert.deepEqual(pages.told, [['a', [1], 0]]);
  });

  test('of several pages one tells', () => {
    const pages = new Pages();
    for (const page of ['a', 'b', 'c']) pages.open(page);
    pages.hear(1);
    mock.timers.tick(10_000);
    assert.deepEqual(pages.told, [['c', [1], 0]]);
  });

  test('the page that is placed best tells, wherever it heard of it first', () => {
    const pages = new Pages();
    const best = pages.open('a', { value: 2 });
    const other = pages.open('b', { value: 1 });
    pages.open('c');
    other.offer(message(1));
    best.offer(message(1));
    mock.timers.tick(10_000);
    assert.deepEqual(pages.told, [['a', [1], 2]]);
  });

  test('what one page has told, a slower one does not tell again', () => {
    const pages = new Pages();
    const quick = pages.open('a');
    const slow = pages.open('b', { value: 1 });
    quick.offer(message(1));
    mock.timers.tick(200);
    slow.offer(message(1));
    mock.timers.tick(10_000);
    assert.deepEqual(pages.told, [['a', [1], 0]]);
  });

  test('a page that was opened later is told what was told', () => {
    const pages = new Pages();
    pages.open('a').offer(message(1));
    mock.timers.tick(200);
    pages.open('b', { value: 1 }).offer(message(1));
    mock.timers.tick(10_000);
    assert.deepEqual(pages.told, [['a', [1], 0]]);
  });

  test('a page that is gone takes nothing with it', () => {
    const pages = new Pages();
    pages.open('a');
    pages.open('z', { value: 1 });
    pages.hear(1);
    mock.timers.tick(200);
    pages.close('z');
    pages.hear(2);
    mock.timers.tick(10_000);
    assert.deepEqual(pages.told.at(-1), ['a', [2], 0]);
  });

  test('a burst is told in pieces two seconds apart, and nothing of it is left out', () => {
    const pages = new Pages();
    pages.open('a');
    pages.open('b');
    for (let seq = 1; seq <= 5; seq++) pages.hear(seq);
    mock.timers.tick(200);
    for (let seq = 6; seq <= 9; seq++) pages.hear(seq);
    mock.timers.tick(1_999);
    assert.deepEqual(pages.told, [['b', [1, 2, 3, 4, 5], 0]]);
    mock.timers.tick(1);
    assert.deepEqual(pages.told.at(-1), ['b', [6, 7, 8, 9], 0]);
    mock.timers.tick(20_000);
    pages.hear(10);
    mock.timers.tick(200);
    assert.deepEqual(pages.told.at(-1), ['b', [10], 0]);
  });

  test('the rank is the one of the moment of telling', () => {
    const pages = new Pages();
    const rank: { value: Rank } = { value: 0 };
    pages.open('a', rank);
    pages.hear(1);
    rank.value = 2;
    mock.timers.tick(200);
    assert.deepEqual(pages.told, [['a', [1], 2]]);
  });
});
