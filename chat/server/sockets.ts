/** Connects sockets with actions: who may connect, who they are, and what each of their events does. */
import type { Server as HttpServer } from 'node:http';
import { Server } from 'websockets.io';
import { failure } from '../shared/failures.ts';
import { DEFAULT_ROOM } from '../shared/limits.ts';
import { chatMessage } from './actions/chat-message.ts';
import { perform } from './actions/perform.ts';
import { ACTIONS, type ActionName } from './actions/table.ts';
import {
  type Caller,
  type ChatServer,
  type ChatSocket,
  type Conversation,
  NOT_FOR_STRANGERS,
  TUTORIAL_AUDIENCE,
  VISITOR_AUDIENCE,
  personAudience,
  roomAudience,
  sessionAudience,
} from './conversation.ts';
import { formatError } from './log.ts';
import { Presence } from './presence.ts';
import { mayChange } from './same-origin.ts';
import type { Sessions } from './sessions.ts';
import type { Resumed } from './store/sessions.ts';
import { type VisitorAddress, isLoopback } from './visitor-address.ts';

/** A whole event. The longest message, all of it escaped in JSON, is below 26 KB. */
const MAX_EVENT_BYTES = 64 * 1_024;

export interface SocketsOptions extends Omit<Conversation, 'io' | 'presence'> {
  sessions: Sessions;
  addressOf: VisitorAddress;
  maxSocketsPerAddress: number;
}

type Run = (socket: ChatSocket, payload: unknown) => Promise<unknown>;

export class Sockets {
  readonly chat: Conversation;
  readonly #options: SocketsOptions;
  readonly #perAddress = new Map<string, number>();
  /** The actions under way: closing waits for them, so that what was taken is stored and answered. */
  readonly #running = new Set<Promise<void>>();
  #closing = false;

  constructor(httpServer: HttpServer, options: SocketsOptions) {
    const io: ChatServer = new Server(httpServer, {
      maxHttpBufferSize: MAX_EVENT_BYTES,
      allowRequest: (request, decide) => decide('Cannot connect from another site', mayChange(request)),
    });
    this.#options = options;
    const { store, gates, repeats, guestLinksAfterMs, previews, metrics, log } = options;
    const { claimableHere, offline, build, now } = options;
    const presence = new Presence(({ came, went, count }) => {
      if (came.length + went.length > 0) io.except(NOT_FOR_STRANGERS).emit('presence', { came, went });
      io.to(roomAudience(DEFAULT_ROOM)).emit('online', count);
    });
    this.chat = {
      io,
      store,
      presence,
      gates,
      repeats,
      guestLinksAfterMs,
      previews,
      metrics,
      log,
      claimableHere,
      offline,
      build,
      now,
    };
    io.use((socket, next) => {
      this.#admit(socket).then(next, (error: unknown) => {
        log.error(formatError('Cannot identify a socket', error));
        next(new Error('The server cannot look up who you are'));
      });
    });
    io.on('connection', (socket) => this.#welcome(socket));
  }

  get connections(): number {
    return this.chat.io.engine.clientsCount;
  }

  /** Disconnects what came with a session that is over. */
  signOut(session: number): void {
    const sockets = this.chat.io.in(sessionAudience(session));
    sockets.emit('notice', { what: 'signed out' });
    sockets.disconnectSockets(true);
  }

  /** Finishes what was begun, then disconnects everybody and closes the HTTP server. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#running);
    this.chat.presence.close();
    this.chat.io.emit('notice', { what: 'stopping' });
    await this.chat.io.close();
  }

  /** Reads the cookie or token, once: whoever signs in later connects anew. Resolves with why not, if not. */
  async #admit(socket: ChatSocket): Promise<Error | undefined> {
    const { addressOf, gates, maxSocketsPerAddress } = this.#options;
    const address = addressOf(socket.request);
    const isTooMany = (this.#perAddress.get(address) ?? 0) >= maxSocketsPerAddress;
    // Behind a proxy that is not trusted to tell, everybody seems to come from here.
    if (!isLoopback(address) && (isTooMany || !gates.pass('connecting', address))) {
      return new Error('Too many connections from your address');
    }
    const session = await this.#identify(socket);
    if (session === 'unknown token') return new Error('This token is not valid');
    socket.data.address = address;
    socket.data.person = session?.person ?? null;
    socket.data.session = session?.id ?? null;
    socket.data.guest = null;
    socket.data.queue = Promise.resolve();
    const isOpen = session !== null || (await this.chat.store.people.chat()).entry === 'open';
    if (isOpen) socket.join(TUTORIAL_AUDIENCE);
    if (session === null) socket.join(VISITOR_AUDIENCE);
    else socket.join([sessionAudience(session.id), personAudience(session.person)]);
    return undefined;
  }

  async #identify(socket: ChatSocket): Promise<Resumed | null | 'unknown token'> {
    const { sessions } = this.#options;
    const token: unknown = socket.handshake.auth['token'];
    if (token === undefined || token === null) return sessions.resume(socket.request);
    const bot = typeof token === 'string' ? await sessions.resumeBot(token, socket.request) : null;
    return bot ?? 'unknown token';
  }

  #welcome(socket: ChatSocket): void {
    const { presence } = this.chat;
    const { person, address } = socket.data;
    const visitor = person ?? socket.id;
    presence.join(visitor);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    socket.on('disconnect', () => {
      presence.leave(visitor);
      const left = (this.#perAddress.get(address) ?? 0) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    });
    for (const [event, action] of Object.entries(ACTIONS)) {
      this.#serve(socket, event as ActionName, async (_, payload) =>
        perform(this.chat, await this.#caller(socket), event, action, payload),
      );
    }
    this.#serve(socket, 'chat message', async (_, payload) => {
      const caller = await this.#caller(socket);
      const say = (): Promise<{ ok: true }> =>
        chatMessage(this.chat, socket, caller, payload).then(() => ({ ok: true }));
      await perform(this.chat, caller, 'chat message', say, payload);
    });
  }

  /** The person as they are now: roles and names change while sockets stay open. */
  async #caller(socket: ChatSocket): Promise<Caller> {
    const { person, address } = socket.data;
    const me = person === null ? null : await this.chat.store.people.get(person);
    return {
      person: me,
      key: person === null ? `${address} ${socket.id}` : socket.id,
      request: socket.request,
      socket,
    };
  }

  /**
   * Runs an action for each such event. The types say what a client should send; what arrives may be anything, so the
   * payload is unknown and the function to answer with may be missing.
   */
  #serve(socket: ChatSocket, event: ActionName | 'chat message', run: Run): void {
    const listener = (...args: unknown[]): void => {
      const last = args.at(-1);
      const answer = typeof last === 'function' ? last : undefined;
      const payload = args[0] === answer ? undefined : args[0];
      // What one socket asks is done in the order in which it came; a long search holds nothing up.
      const done =
        event === 'search'
          ? this.#run(socket, event, run, payload)
          : socket.data.queue.then(() => this.#run(socket, event, run, payload));
      if (event !== 'search') socket.data.queue = done;
      const answered = done.then((result) => void answer?.(result));
      this.#running.add(answered);
      void answered.finally(() => this.#running.delete(answered));
    };
    (socket as { on(event: string, listener: (...args: unknown[]) => void): unknown }).on(event, listener);
  }

  async #run(socket: ChatSocket, event: string, run: Run, payload: unknown): Promise<unknown> {
    if (this.#closing) return failure('failed', 'The server is stopping: try again in a moment.');
    try {
      return await run(socket, payload);
    } catch (error) {
      this.chat.log.error(formatError(`Cannot do "${event}"`, error));
      return failure('failed', 'Something went wrong on the server: try again in a moment.');
    }
  }
}
