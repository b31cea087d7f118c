import type { ClientToServer, ServerToClient } from '../../shared/events.ts';

type Handler<E extends keyof ClientToServer> = Parameters<ClientToServer[E]>;

/** The events that are answered. */
export type AskName = {
  [E in keyof ClientToServer]: Handler<E> extends [unknown, (answer: never) => void] ? E : never;
}[keyof ClientToServer];
export type AskOf<E extends AskName> = Handler<E>[0];
export type AnswerOf<E extends AskName> = Handler<E> extends [unknown, (answer: infer A) => void] ? A : never;

/** What the server says unasked, by event. */
export type News = {
  [E in Exclude<keyof ServerToClient, 'chat message'>]: Parameters<ServerToClient[E]>[0];
};
export type NewsName = keyof News;

/** What the wire tells: called in order, never before `listen`. */
export interface WireListeners {
  opened(): void;
  /** `mayReturn` is false when the wire does not reconnect by itself after this. */
  closed(mayReturn: boolean): void;
  heard<E extends NewsName>(event: E, news: News[E]): void;
}

/** The socket as the core sees it. Asks reject when no answer came in time or the wire closed before it. */
export interface Wire {
  listen(listeners: WireListeners): void;
  connect(): void;
  disconnect(): void;
  ask<E extends AskName>(event: E, ask: AskOf<E>): Promise<AnswerOf<E>>;
  /** Never answered, and dropped while there is no connection. */
  tellTyping(room: string): void;
}
