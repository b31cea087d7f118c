import type { Answer, Entered, Message } from '../../shared/events.ts';

/** What the wire tells: called in order, never before `listen`. */
export interface WireListeners {
  opened(): void;
  /** `mayReturn` is false when the wire does not reconnect by itself after this. */
  closed(mayReturn: boolean): void;
  message(message: Message): void;
  online(count: number): void;
}

/**
 * The socket as the core sees it: three questions and four pieces of news.
 * Questions reject when no answer came in time or the wire closed before it.
 */
export interface Wire {
  listen(listeners: WireListeners): void;
  connect(): void;
  disconnect(): void;
  enter(ask: { room: string; rev?: number }): Promise<Answer<Entered>>;
  send(message: { room: string; nonce: string; body: string }): Promise<Answer<{ message: Message }>>;
  history(ask: {
    room: string;
    before: number;
    limit?: number;
  }): Promise<Answer<{ messages: Message[]; older: boolean }>>;
}
