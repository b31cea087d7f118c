/** What can go wrong, and whose fault it is. */

/**
 * The peer broke a protocol. Thrown by the small parsing functions of the protocol folders and caught once per
 * layer, where it becomes an event: it never reaches user code.
 */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
  /** The WebSocket close code that tells the peer (RFC 6455 §7.4.1). */
  readonly closeCode: number;

  /**
   * @param message sentence case, no full stop, offending value quoted, clause cited
   * @param closeCode defaults to 1002, protocol error
   */
  constructor(message: string, closeCode = 1002) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** The caller used an object in a state that does not allow it. Thrown at once, synchronously. */
export class StateError extends Error {
  override readonly name: string = 'StateError';
}

/**
 * For what the user's functions throw: it surfaces as an uncaught exception, as from any listener, but only when the
 * work at hand is done. Our loops serve other clients too, and must come to their end: the chunk, the flush, the
 * broadcast.
 */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
