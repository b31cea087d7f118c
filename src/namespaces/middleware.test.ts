import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { surfacing, turn } from '../../test/fake-client.ts';
import { runMiddleware, type Middleware, type Next } from './middleware.ts';

/** Runs a chain whose parts write into `log`; `done` writes, too. */
function play(...chain: Middleware<string[]>[]): string[] {
  const log: string[] = [];
  runMiddleware(chain, log, (error) => log.push(error === undefined ? 'done' : `refused: ${error.message}`));
  return log;
}

const pass =
  (name: string): Middleware<string[]> =>
  (log, next) => {
    log.push(name);
    next();
  };

describe('runMiddleware', () => {
  it('runs in order, and in the same turn if nobody waits', () => {
    assert.deepEqual(play(), ['done']);
    assert.deepEqual(play(pass('a'), pass('b'), pass('c')), ['a', 'b', 'c', 'done']);
  });

  it('runs what stands behind next() before it is done', async () => {
    const lazy: Middleware<string[]> = (log, next) => {
      next();
      log.push('behind next');
    };
    assert.deepEqual(play(lazy, pass('b')), ['b', 'behind next', 'done']);

    const waiting: Middleware<string[]> = async (log, next) => {
      await turn();
      next();
      log.push('behind next');
    };
    const log = play(waiting, pass('b'));
    await turn();
    await turn();
    assert.deepEqual(log, ['b', 'behind next', 'done']);
  });

  it('stops at the first error', () => {
    assert.deepEqual(
      play(pass('a'), (_log, next) => next(new Error('no')), pass('c')),
      ['a', 'refused: no'],
    );
  });

  it('is not done while one does not call next', async () => {
    const log = play(pass('a'), () => {}, pass('c'));
    await turn();
    assert.deepEqual(log, ['a']);
  });

  it('takes null and undefined for "no error"', () => {
    for (const nothing of [null, undefined]) {
      assert.deepEqual(
        play((_log, next) => (next as (error: unknown) => void)(nothing)),
        ['done'],
      );
    }
  });

  it('runs the rest once, however often next is called', async () => {
    const twice: Middleware<string[]> = (_log, next) => {
      next();
      next();
      queueMicrotask(next);
    };
    const log = play(twice, pass('b'));
    await turn();
    assert.deepEqual(log, ['b', 'done']);
  });

  it('refuses when one changes its mind before the end, not after it', async () => {
    let late: Next | undefined;
    const log = play(
      (_log, next) => {
        next();
        next(new Error('on second thoughts'));
      },
      (_log, next) => (late = next),
    );
    late?.();
    await turn();
    assert.deepEqual(log, ['refused: on second thoughts']);

    const entered = play((_log, next) => {
      next();
      next(new Error('too late'));
    });
    assert.deepEqual(entered, ['done']);
  });

  it('lets one that throws surface, and the caller go on', async () => {
    const thrown = new Error('of the user');
    let log: string[] = [];
    const errors = await surfacing(() => {
      log = play(pass('a'), () => {
        throw thrown;
      });
    });
    assert.deepEqual(errors, [thrown]);
    assert.deepEqual(log, ['a']);
  });

  it('is done even if one throws behind next()', async () => {
    let log: string[] = [];
    const errors = await surfacing(() => {
      log = play((_log, next) => {
        next();
        throw new Error('of the user');
      });
    });
    assert.equal(errors.length, 1);
    assert.deepEqual(log, ['done']);
  });

  it('lets one middleware catch what another one throws, but not what is done behind them', () => {
    const careful: Middleware<string[]> = (_log, next) => {
      try {
        next();
      } catch (error) {
        next(error as Error);
      }
    };
    const throws: Middleware<string[]> = () => {
      throw new Error('caught');
    };
    assert.deepEqual(play(careful, throws), ['refused: caught']);
    assert.throws(() => {
      runMiddleware([careful], [], () => {
        throw new Error('not caught');
      });
    }, /not caught/);
  });
});
