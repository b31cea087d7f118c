import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from './manual-clock.ts';

describe('ManualClock', () => {
  it('rings each alarm at its own moment, in order, those set meanwhile too', () => {
    const clock = new ManualClock();
    const rung: [string, number][] = [];
    const ring = (name: string) => (): void => void rung.push([name, clock.now()]);
    clock.wake(20, ring('second'));
    clock.wake(10, () => {
      ring('first')();
      clock.wake(5, ring('between'));
    });
    clock.wake(20, ring('third'));
    clock.wake(31, ring('not yet'));
    clock.advance(30);
    assert.deepEqual(rung, [
      ['first', 10],
      ['between', 15],
      ['second', 20],
      ['third', 20],
    ]);
    assert.deepEqual([clock.now(), clock.pending], [30, 1]);
  });

  it('can be called off', () => {
    const clock = new ManualClock();
    const cancel = clock.wake(10, assert.fail);
    cancel();
    cancel();
    clock.advance(10);
  });

  it('leaps: everything due rings late', () => {
    const clock = new ManualClock();
    const rung: number[] = [];
    clock.wake(10, () => rung.push(clock.now()));
    clock.leap(1_000);
    assert.deepEqual(rung, [1_000]);
  });

  it('never goes back', () => {
    const clock = new ManualClock();
    for (const ms of [-1, NaN, Infinity]) {
      assert.throws(() => clock.advance(ms), RangeError);
      assert.throws(() => clock.leap(ms), RangeError);
    }
  });
});
