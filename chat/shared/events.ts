/** What the page and the server say to each other: the events, their payloads, and the limits both sides keep. */

/** The room that everybody is in. The tutorial's `'chat message'` event speaks here. */
export const DEFAULT_ROOM = 'general';

export const LIMITS = {
  /** UTF-16 code units of a message body. */
  bodyChars: 4_000,
  /** Grapheme clusters of a name. */
  nameGraphemes: 24,
  /** Messages in one answer. */
  pageSize: 50,
  /** Characters of a nonce: 16 random bytes in hexadecimal. */
  nonceChars: 32,
} as const;

export interface Person {
  id: number;
  name: string;
}

export interface Message {
  room: string;
  /** 1, 2, 3… in its room: with `room`, the message's public address. */
  seq: number;
  /** The room's revision at which this message last changed. */
  rev: number;
  from: Person;
  body: string;
  /** Milliseconds since 1970. */
  at: number;
  /** What the sender made up for this send. Present for the sender only, so that the page recognises its own row. */
  nonce?: string;
}

export type Failure = {
  ok: false;
  code: 'invalid' | 'no name' | 'no such room' | 'too long' | 'too fast' | 'failed';
  /** One sentence for people. */
  text: string;
};
export type Answer<T> = (T & { ok: true }) | Failure;

export interface Entered {
  /** Who this browser is, or null when it has not given a name yet. */
  me: Person | null;
  /** Changes from when the server's build does: a page that sees another value reloads itself. */
  build: string;
  room: { slug: string; name: string; lastSeq: number; rev: number };
  /** Oldest first. The newest page, or, if `rev` was given and not too long ago, all that changed since. */
  messages: Message[];
  /** True if `messages` is the complete list of changes since the given `rev`. */
  caughtUp: boolean;
  /** True if messages older than the first of `messages` exist. */
  older: boolean;
  online: number;
}

export interface ClientToServer {
  /** Enter a room: its newest page, or with `rev` all that changed since. Live `message` events follow. */
  enter: (ask: { room: string; rev?: number }, answer: (answer: Answer<Entered>) => void) => void;
  /** Say something. A repeated `nonce` of the same person gets the same answer and is not stored again. */
  send: (
    message: { room: string; nonce: string; body: string },
    answer: (answer: Answer<{ message: Message }>) => void,
  ) => void;
  /** The page before `before`, oldest first. */
  history: (
    ask: { room: string; before: number; limit?: number },
    answer: (answer: Answer<{ messages: Message[]; older: boolean }>) => void,
  ) => void;
  /** The tutorial's event: a text for the default room. */
  'chat message': (body: string) => void;
}

export interface ServerToClient {
  message: (message: Message) => void;
  /** How many people (not sockets) are here now. */
  online: (count: number) => void;
  /** The tutorial's event, for sockets that never entered a room by `enter`. */
  'chat message': (body: string) => void;
}
