/** Who a browser is, by its cookie, and who a bot is, by its bearer token. The store holds the hashes of both. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readCookie, setCookie } from './cookies.ts';
import type { Resumed } from './store/sessions.ts';
import type { Store } from './store/store.ts';
import { hashToken, isToken, newToken } from './tokens.ts';
import type { VisitorAddress } from './visitor-address.ts';

/** A browser that does not come back for so long is forgotten. */
export const SESSION_IDLE_LIMIT_MS: number = 30 * 24 * 60 * 60 * 1_000;

const COOKIE = 'chat_session';
const MAX_AGENT_CHARS = 200;

export class Sessions {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #addressOf: VisitorAddress;

  constructor(store: Store, now: () => number, addressOf: VisitorAddress) {
    this.#store = store;
    this.#now = now;
    this.#addressOf = addressOf;
  }

  /** Signs this browser in as the person. */
  async open(request: IncomingMessage, response: ServerResponse, person: number): Promise<void> {
    const token = newToken();
    await this.#store.sessions.open({
      tokenHash: hashToken(token),
      person,
      agent: (request.headers['user-agent'] ?? '').slice(0, MAX_AGENT_CHARS),
      address: this.#addressOf(request),
      at: this.#now(),
    });
    setCookie(request, response, COOKIE, token, SESSION_IDLE_LIMIT_MS);
  }

  /** Finds the session of a request's cookie and makes it last the whole idle time again. */
  async resume(request: IncomingMessage): Promise<Resumed | null> {
    const token = readCookie(request, COOKIE);
    return token === null ? null : this.#resume(token, request, false);
  }

  /** Finds the bot whose token this is. */
  async resumeBot(token: string, request: IncomingMessage): Promise<Resumed | null> {
    return isToken(token) ? this.#resume(token, request, true) : null;
  }

  /** Makes the browser's cookie last as long as the session does. */
  renewCookie(request: IncomingMessage, response: ServerResponse): void {
    const token = readCookie(request, COOKIE);
    if (token !== null) setCookie(request, response, COOKIE, token, SESSION_IDLE_LIMIT_MS);
  }

  /** Gives a session another token: what somebody may have seen or planted before is worth nothing after. */
  async rotate(request: IncomingMessage, response: ServerResponse, session: number): Promise<void> {
    const token = newToken();
    await this.#store.sessions.replaceToken(session, hashToken(token));
    setCookie(request, response, COOKIE, token, SESSION_IDLE_LIMIT_MS);
  }

  forgetCookie(request: IncomingMessage, response: ServerResponse): void {
    setCookie(request, response, COOKIE, '', 0);
  }

  async dropIdle(): Promise<void> {
    await this.#store.sessions.dropIdle(this.#now() - SESSION_IDLE_LIMIT_MS);
  }

  /** A cookie is no bearer token, nor the other way round. */
  async #resume(token: string, request: IncomingMessage, asBot: boolean): Promise<Resumed | null> {
    const session = await this.#store.sessions.resume(
      hashToken(token),
      this.#now(),
      SESSION_IDLE_LIMIT_MS,
      this.#addressOf(request),
    );
    return session?.isBot === asBot ? session : null;
  }
}
