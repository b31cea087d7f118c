/** Connects sockets with actions: who may connect, who they are, and what each of their events does. */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'websockets.io';
import { DEFAULT_ROOM } from '../shared/events.ts';
import { chatMessage } from './actions/chat-message.ts';
import { enter } from './actions/enter.ts';
import { history } from './actions/history.ts';
import { send } from './actions/send.ts';
import {
  type ChatServer,
  type ChatSocket,
  type Conversation,
  TUTORIAL_AUDIENCE,
  failure,
  personAudience,
  roomAudience,
  sessionAudience,
  visitorOf,
} from './conversation.ts';
import { FloodGate } from './flood-gate.ts';
import { HeadCount } from './head-count.ts';
import { type Log, formatError } from './log.ts';
import { isSameOrigin } from './same-origin.ts';
import type { Sessions } from './sessions.ts';
import type { Store } from './store.ts';

/** A whole event. The longest message, all of it escaped in JSON, is below 26 KB. */
const MAX_EVENT_BYTES = 64 * 1_024;
const SPEAKING = { burst: 10, perSecond: 5 };
const ASKING = { burst: 40, perSecond: 20 };

export interface SocketsOptions {
  store: Store;
  sessions: Sessions;
  build: string;
  now: () => number;
  log: Log;
}

type Action = (chat: Conversation, socket: ChatSocket, payload: unknown) => Promise<unknown>;

export class Sockets {
  readonly #chat: Conversation;
  readonly #sessions: Sessions;
  readonly #log: Log;
  /** The actions under way: closing waits for them, so that what was taken is stored and answered. */
  readonly #running = new Set<Promise<void>>();
  #closing = false;

  constructor(httpServer: HttpServer, { store, sessions, build, now, log }: SocketsOptions) {
    const io: ChatServer = new Server(httpServer, {
      maxHttpBufferSize: MAX_EVENT_BYTES,
      allowRequest: (request, decide) => decide('Cannot connect from another site', isSameOrigin(request)),
    });
    this.#sessions = sessions;
    this.#log = log;
    this.#chat = {
      io,
      store,
      headCount: new HeadCount((count) => io.to(roomAudience(DEFAULT_ROOM)).emit('online', count)),
      speaking: new FloodGate(SPEAKING, now),
      asking: new FloodGate(ASKING, now),
      build,
      now,
    };
    io.use((socket, next) => {
      this.#identify(socket).then(
        () => next(),
        (error: unknown) => {
          log.error(formatError('Cannot identify a socket', error));
          next(new Error('The server cannot look up who you are'));
        },
      );
    });
    io.on('connection', (socket) => this.#welcome(socket));
  }

  /** Tells the person's open sockets their new name. */
  async rename(person: { id: number; name: string }): Promise<void> {
    const sockets = await this.#chat.io.in(personAudience(person.id)).fetchSockets();
    for (const socket of sockets) socket.data.person = person;
  }

  /** Disconnects what came with a session that is over. */
  signOut(sessionId: string): void {
    this.#chat.io.in(sessionAudience(sessionId)).disconnectSockets(true);
  }

  /** Finishes what was begun, then disconnects everybody and closes the HTTP server. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#running);
    this.#chat.headCount.close();
    await this.#chat.io.close();
  }

  /** Reads the cookie, once: whoever signs in later connects anew. */
  async #identify(socket: ChatSocket): Promise<void> {
    const session = await this.#sessions.resume(socket.request);
    socket.data.person = session?.person ?? null;
    socket.data.guest = null;
    if (session === null) return;
    socket.join([sessionAudience(session.id), personAudience(session.person.id)]);
  }

  #welcome(socket: ChatSocket): void {
    const { headCount } = this.#chat;
    const visitor = visitorOf(socket);
    headCount.join(visitor);
    socket.on('disconnect', () => headCount.leave(visitor));
    socket.join(TUTORIAL_AUDIENCE);
    this.#serve(socket, 'enter', enter);
    this.#serve(socket, 'send', send);
    this.#serve(socket, 'history', history);
    this.#serve(socket, 'chat message', chatMessage);
  }

  /**
   * Runs an action for each such event. The types say what a client should send; what arrives may be anything, so
   * the payload is unknown and the function to answer with may be missing.
   */
  #serve(socket: ChatSocket, event: 'enter' | 'send' | 'history' | 'chat message', action: Action): void {
    socket.on(event, (...args: unknown[]) => {
      const last = args.at(-1);
      const answer = typeof last === 'function' ? last : undefined;
      const payload = args[0] === answer ? undefined : args[0];
      const run = this.#run(socket, event, action, payload).then((result) => void answer?.(result));
      this.#running.add(run);
      void run.finally(() => this.#running.delete(run));
    });
  }

  async #run(socket: ChatSocket, event: string, action: Action, payload: unknown): Promise<unknown> {
    if (this.#closing) return failure('failed', 'The server is stopping: try again in a moment.');
    try {
      return await action(this.#chat, socket, payload);
    } catch (error) {
      this.#log.error(formatError(`Cannot do "${event}"`, error));
      return failure('failed', 'Something went wrong on the server: try again in a moment.');
    }
  }
}
