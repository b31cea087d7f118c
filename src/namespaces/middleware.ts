/** A chain of functions, each of which lets the next one run or stops with an error. */
import { throwLater } from '../errors.ts';

/** What a middleware may pass to `next` besides nothing. `data` reaches the client. */
export interface MiddlewareError extends Error {
  data?: unknown;
}

export type Next = (error?: MiddlewareError) => void;
/** May return anything, a promise for instance: nobody looks at it. */
export type Middleware<Subject> = (subject: Subject, next: Next) => unknown;

/**
 * Runs the chain in order. `done` is called at most once: with the first error, or with none after the last one.
 *
 * What stands behind `next()` in a middleware runs before `done`, as with Socket.IO, where `done` has a tick of its own:
 * a middleware may still write to `socket.data` there, and catches only what other middleware throws. A chain that does
 * not wait is done in the same turn.
 */
export function runMiddleware<Subject>(
  chain: readonly Middleware<Subject>[],
  subject: Subject,
  done: (error?: MiddlewareError) => void,
): void {
  let waits = false;
  let outcome: { readonly error: MiddlewareError | undefined } | undefined;
  const finish = (error: MiddlewareError | undefined): void => {
    if (outcome !== undefined) return;
    outcome = { error };
    if (waits) queueMicrotask(() => done(error));
  };
  const run = (at: number): void => {
    const middleware = chain[at];
    if (middleware === undefined) {
      finish(undefined);
      return;
    }
    let called = false;
    middleware(subject, (error) => {
      // A second call must not run the rest twice; but who changes its mind before the end may still refuse.
      if (error) {
        finish(error);
      } else if (!called) {
        called = true;
        run(at + 1);
      }
    });
  };
  try {
    run(0);
  } catch (error) {
    throwLater(error);
  }
  waits = true;
  if (outcome !== undefined) done(outcome.error);
}
