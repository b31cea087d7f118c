import type { AnswerOf, AskName, AskOf, Wire, WireListeners } from './wire.ts';

/**
 * A wire whose code is fetched when it is first connected, so that the page can be drawn before. Until then it is one
 * that is not connected.
 */
export function laterWire(load: () => Promise<Wire>): Wire {
  let listeners: WireListeners | undefined;
  let wire: Wire | undefined;
  /** What was asked for last, while the code is on its way. */
  let isWanted = false;
  let isLoading = false;

  async function fetch(): Promise<void> {
    isLoading = true;
    try {
      wire = await load();
      if (listeners) wire.listen(listeners);
      if (isWanted) wire.connect();
    } catch {
      // As with a server that does not answer: whoever listens tries again.
      listeners?.closed(false);
    } finally {
      isLoading = false;
    }
  }

  return {
    listen(given) {
      listeners = given;
    },
    connect() {
      isWanted = true;
      if (wire) wire.connect();
      else if (!isLoading) void fetch();
    },
    disconnect() {
      isWanted = false;
      wire?.disconnect();
    },
    async ask<E extends AskName>(event: E, ask: AskOf<E>): Promise<AnswerOf<E>> {
      if (!wire) throw new Error('Cannot ask: the connection is closed');
      return wire.ask(event, ask);
    },
    tellTyping: (room) => wire?.tellTyping(room),
  };
}
