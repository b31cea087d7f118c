import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLinks } from './links.ts';

const links = (body: string): string[] =>
  findLinks(body).flatMap(({ text, href }) => (href === undefined ? [] : [text]));

test('the pieces are the whole text', () => {
  const body = 'a https://one.example/x, (http://two.example) and\nhttps:// nothing';
  assert.equal(
    findLinks(body)
      .map(({ text }) => text)
      .join(''),
    body,
  );
  assert.deepEqual(links(body), ['https://one.example/x', 'http://two.example']);
});

test('what closes the sentence is not in the link', () => {
  assert.deepEqual(
    links('See https://a.example/b. Or (https://a.example/c_(d)), or https://a.example/?q=1!'),
    ['https://a.example/b', 'https://a.example/c_(d)', 'https://a.example/?q=1'],
  );
});

test('only http and https are links', () => {
  const body =
    'javascript:alert(1) data:text/html,x ftp://a.example mailto:a@b.example xhttps://a.example //a.example';
  assert.deepEqual(links(body), []);
});

test('what would look different from where it leads is cut', () => {
  assert.deepEqual(links('https://a.example/\u202egnp.exe'), ['https://a.example/']);
});

test('many brackets are no work', () => {
  const start = performance.now();
  findLinks(`https://a.example/${')'.repeat(100_000)}`);
  findLinks('https://'.repeat(10_000));
  assert.ok(performance.now() - start < 500);
});
