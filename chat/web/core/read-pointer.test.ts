import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { ReadPointer } from './read-pointer.ts';

describe('ReadPointer', () => {
  beforeEach((context) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    if ('after' in context) context.after(() => mock.timers.reset());
  });

  function bench(read = 10): { pointer: ReadPointer; reads: number[] } {
    const reads: number[] = [];
    return { pointer: new ReadPointer(read, (seq) => reads.push(seq)), reads };
  }

  test('a row counts as read after half a second in sight', () => {
    const { pointer, reads } = bench();
    pointer.see(12);
    mock.timers.tick(499);
    assert.deepEqual(reads, []);
    mock.timers.tick(1);
    assert.deepEqual(reads, [12]);
  });

  test('not if nobody looks any more', () => {
    const { pointer, reads } = bench();
    pointer.see(12);
    mock.timers.tick(300);
    pointer.see(null);
    mock.timers.tick(1_000);
    assert.deepEqual(reads, []);
    pointer.see(12);
    mock.timers.tick(500);
    assert.deepEqual(reads, [12]);
  });

  test('never backwards', () => {
    const { pointer, reads } = bench();
    pointer.see(8);
    mock.timers.tick(1_000);
    assert.deepEqual([reads, pointer.read], [[], 10]);
  });

  test('a stream of rows is read as it passes, not only when it ends', () => {
    const { pointer, reads } = bench();
    for (let seq = 11; seq <= 30; seq++) {
      pointer.see(seq);
      mock.timers.tick(100);
    }
    mock.timers.tick(1_000);
    assert.ok(reads.length > 2);
    assert.equal(reads.at(-1), 30);
  });

  test('marked unread, it stays there whatever is in sight, until the room is opened again', () => {
    const { pointer, reads } = bench(20);
    pointer.holdAt(14);
    pointer.see(20);
    mock.timers.tick(1_000);
    assert.deepEqual([reads, pointer.read], [[], 14]);
    pointer.release(14);
    pointer.see(20);
    mock.timers.tick(500);
    assert.deepEqual(reads, [20]);
  });

  test('what was read elsewhere is not read again', () => {
    const { pointer, reads } = bench();
    pointer.advance(15);
    pointer.see(14);
    mock.timers.tick(1_000);
    assert.deepEqual(reads, []);
  });
});
