import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCompleting } from './completion.ts';

const at = (text: string): unknown => {
  const found = findCompleting(text, text.length);
  return (
    found && ('like' in found ? [found.kind, found.from, found.like] : [found.kind, found.commands.length])
  );
};

test('people behind an at sign, with spaces in their names', () => {
  assert.deepEqual(at('@'), ['mention', 0, '']);
  assert.deepEqual(at('hi @Ann'), ['mention', 3, 'Ann']);
  assert.deepEqual(at('hi @Ann Lindq'), ['mention', 3, 'Ann Lindq']);
  assert.deepEqual(at('@田中'), ['mention', 0, '田中']);
  assert.equal(at('mail@example'), undefined);
});

test('emoji behind a colon and two letters', () => {
  assert.deepEqual(at('nice :TA'), ['emoji', 5, 'ta']);
  assert.equal(at('nice :t'), undefined);
  assert.equal(at('at 12:30'), undefined);
});

test('commands at the beginning alone', () => {
  assert.deepEqual(at('/s'), ['command', 1]);
  assert.equal(at('a /s'), undefined);
  assert.equal(at('/me waves'), undefined);
});

test('only what stands before the caret counts', () => {
  assert.deepEqual(findCompleting('@An and more', 3), { kind: 'mention', from: 0, like: 'An' });
});
