/** A chain of functions, each of which lets the next one run or stops with an error. */

/** What a middleware may pass to `next` besides nothing. `data` reaches the client. */
export interface MiddlewareError extends Error {
  data?: unknown;
}

export type Next = (error?: MiddlewareError) => void;
export type Middleware<Subject> = (subject: Subject, next: Next) => void;

/** Runs the chain in order. `done` is called once: with the first error, or with none after the last one. */
export function runMiddleware<Subject>(
  chain: readonly Middleware<Subject>[],
  subject: Subject,
  done: (error?: MiddlewareError) => void,
): void {
  const run = (at: number): void => {
    const middleware = chain[at];
    if (middleware === undefined) {
      done();
      return;
    }
    let called = false;
    middleware(subject, (error) => {
      // A second call would let a client in twice.
      if (called) return;
      called = true;
      if (error) done(error);
      else run(at + 1);
    });
  };
  run(0);
}
