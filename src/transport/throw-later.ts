/**
 * For what the user's code throws: it surfaces as an uncaught exception, as from any listener, but not through our loops,
 * which serve other clients too and must come to their end.
 */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
