import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { turn, uncaughtIn } from '../../test/engine-stage.ts';
import type { Clock } from '../options.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { Timer, TimerWheel } from './clock.ts';

function recorder(): { fired: { name: string; at: number }[]; timer: (name: string) => Timer } {
  const fired: { name: string; at: number }[] = [];
  return { fired, timer: (name) => new Timer({ onTimer: (_timer, at) => fired.push({ name, at }) }) };
}

describe('TimerWheel', () => {
  it('fires at the deadline, not before, and once', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const { fired, timer } = recorder();
    wheel.set(timer('a'), 25_000);
    clock.advance(24_999);
    assert.deepEqual(fired, []);
    clock.advance(1);
    assert.deepEqual(fired, [{ name: 'a', at: 25_000 }]);
    clock.advance(100_000);
    assert.equal(fired.length, 1);
  });

  it('lets timers with slack ring together, on one grid, and wakes for no other moment', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const { fired, timer } = recorder();
    for (let at = 25_001; at <= 25_400; at += 1) wheel.set(timer(String(at)), at, 200);
    clock.advance(25_000);
    assert.deepEqual(fired, []);
    clock.advance(5_000);
    assert.equal(fired.length, 400);
    assert.deepEqual([...new Set(fired.map(({ at }) => at))], [25_200, 25_400]);
    assert.ok(fired.every(({ name, at }) => at >= Number(name)));
  });

  it('moves a timer that is set again, and forgets one that is cancelled', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const { fired, timer } = recorder();
    const [moved, cancelled] = [timer('moved'), timer('cancelled')];
    wheel.set(moved, 100);
    wheel.set(cancelled, 100);
    wheel.set(moved, 300);
    wheel.cancel(cancelled);
    wheel.cancel(cancelled);
    clock.advance(1_000);
    assert.deepEqual(fired, [{ name: 'moved', at: 300 }]);
  });

  it('keeps deadlines that lie beyond the ring', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const { fired, timer } = recorder();
    wheel.set(timer('far'), 3_600_000);
    clock.advance(3_599_990);
    assert.equal(fired.length, 0);
    clock.advance(10);
    assert.equal(fired[0]?.name, 'far');
  });

  it('lets a callback set its own timer again and cancel its neighbour', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    let rounds = 0;
    const neighbour = new Timer({ onTimer: () => assert.fail('was cancelled') });
    const again = new Timer({
      onTimer(timer, now) {
        rounds += 1;
        wheel.cancel(neighbour);
        if (rounds < 3) wheel.set(timer, now + 50);
      },
    });
    wheel.set(again, 50);
    wheel.set(neighbour, 50);
    clock.advance(1_000);
    assert.equal(rounds, 3);
  });

  it('holds no alarm of the system while nothing is set', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const timer = new Timer({ onTimer() {} });
    wheel.set(timer, 100);
    assert.equal(clock.pending, 1);
    wheel.cancel(timer);
    assert.equal(clock.pending, 0);
  });

  it('fires the others, in the same slot and later ones, when a callback throws', async (t) => {
    const thrown = uncaughtIn(t);
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const { fired, timer } = recorder();
    const bad = new Timer({
      onTimer() {
        throw new Error('mine');
      },
    });
    wheel.set(bad, 100);
    wheel.set(timer('same slot'), 100);
    wheel.set(timer('later'), 200);
    clock.advance(300);
    await turn();
    assert.deepEqual(
      fired.map(({ name }) => name),
      ['same slot', 'later'],
    );
    assert.deepEqual(thrown, ['mine']);
  });

  it('catches up after the process was stopped for longer than the ring', () => {
    const clock = new ManualClock();
    const wheel = new TimerWheel(clock);
    const { fired, timer } = recorder();
    wheel.set(timer('a'), 1_000);
    wheel.set(timer('b'), 40_000);
    clock.leap(500_000);
    // Both, once; which of two overdue timers comes first is not promised.
    assert.deepEqual(new Set(fired.map(({ name }) => name)), new Set(['a', 'b']));
    assert.equal(fired.length, 2);
  });

  it('rings some hundreds in one turn, and the others in the next ones', () => {
    const clock = new ManualClock();
    const inTurn: number[] = [];
    // A turn is one call of the alarm.
    const wake: Clock['wake'] = (afterMs, callback) =>
      clock.wake(afterMs, () => {
        inTurn.push(0);
        callback();
      });
    const wheel = new TimerWheel({ now: () => clock.now(), wake });
    for (let i = 0; i < 1_700; i += 1) {
      const onTimer = (): void => void (inTurn[inTurn.length - 1]! += 1);
      wheel.set(new Timer({ onTimer }), 1_000 + (i % 3));
    }
    clock.leap(5_000);
    assert.deepEqual(inTurn, [...Array<number>(13).fill(128), 36]);
    assert.equal(clock.pending, 0);
  });

  it('property: every timer fires once, within its slack and 10 ms after its deadline, whatever is set and cancelled meanwhile', () => {
    const step = fc.record({
      after: fc.double({ min: 1, max: 100_000, noNaN: true }),
      slack: fc.oneof(fc.constant(undefined), fc.double({ min: 0.01, max: 2_000, noNaN: true })),
      cancels: fc.boolean(),
      advance: fc.integer({ min: 0, max: 30_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const clock = new ManualClock();
        const wheel = new TimerWheel(clock);
        const expected = new Map<number, { due: number; slack: number }>();
        const seen = new Map<number, number>();
        for (const [index, { after, slack, cancels, advance }] of steps.entries()) {
          const timer = new Timer({ onTimer: (_timer, now) => seen.set(index, now) });
          const due = clock.now() + after;
          wheel.set(timer, due, slack);
          if (cancels) wheel.cancel(timer);
          else expected.set(index, { due, slack: slack ?? 0 });
          clock.advance(advance);
        }
        clock.advance(200_000);
        assert.deepEqual([...seen.keys()].sort(compare), [...expected.keys()].sort(compare));
        for (const [index, { due, slack }] of expected) {
          const at = seen.get(index) ?? 0;
          assert.ok(at >= due && at <= due + slack + 10, `due ${due}, slack ${slack}, fired ${at}`);
        }
      }),
    );
  });
});

const compare = (a: number, b: number): number => a - b;
