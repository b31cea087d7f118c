import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { uncaughtIn } from '../../test/engine-stage.ts';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('does so much in each turn, in order', async () => {
    const turns = new Turns(10, setImmediate);
    const done: number[] = [];
    for (let nth = 0; nth < 7; nth += 1) turns.take(() => (done.push(nth), 4));
    assert.deepEqual(done, [0, 1, 2]);
    await nextTurn();
    assert.deepEqual(done, [0, 1, 2, 3, 4, 5]);
    turns.take(() => (done.push(7), 4));
    await nextTurn();
    assert.deepEqual(done, [0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('does what comes in a quiet turn at once', async () => {
    const turns = new Turns(10, setImmediate);
    let done = 0;
    turns.take(() => (done = 100));
    await nextTurn();
    turns.take(() => (done = 200));
    assert.equal(done, 200);
  });

  it('goes on with the others when one throws', async (t) => {
    const thrown = uncaughtIn(t);
    const turns = new Turns(1, setImmediate);
    const done: number[] = [];
    turns.take(() => 1);
    turns.take(() => {
      throw new Error('mine');
    });
    turns.take(() => done.push(2));
    await nextTurn();
    await nextTurn();
    assert.deepEqual([done, thrown], [[2], ['mine']]);
  });
});
