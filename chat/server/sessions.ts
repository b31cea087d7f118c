/**
 * Who a browser is. Its cookie holds 32 random bytes; the store holds only their SHA-256, so that somebody who reads
 * the database cannot act as anybody.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Person } from '../shared/events.ts';
import { isHttps } from './same-origin.ts';
import type { Store } from './store.ts';

/** A browser that does not come back for so long is forgotten. */
export const SESSION_IDLE_LIMIT_MS: number = 30 * 24 * 60 * 60 * 1_000;

const TOKEN = /^[\w-]{43}$/;

export interface Session {
  person: Person;
  token: string;
  /** The hash in hexadecimal: names the session where its token must not be seen. */
  id: string;
}

export class Sessions {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Makes a new person and signs this browser in as them. */
  async open(request: IncomingMessage, response: ServerResponse, name: string): Promise<Person> {
    const token = randomBytes(32).toString('base64url');
    const person = await this.#store.createPerson(name, this.#now());
    await this.#store.openSession(hashToken(token), person.id, this.#now());
    setCookie(request, response, token, SESSION_IDLE_LIMIT_MS);
    return person;
  }

  /** Finds the session of a request's cookie and makes it last the whole idle time again. */
  async resume(request: IncomingMessage): Promise<Session | null> {
    const token = readToken(request);
    if (token === null) return null;
    const hash = hashToken(token);
    const person = await this.#store.resumeSession(hash, this.#now(), SESSION_IDLE_LIMIT_MS);
    return person === null ? null : { person, token, id: hash.toString('hex') };
  }

  /** Makes the browser's cookie last as long as the session does. */
  renewCookie(request: IncomingMessage, response: ServerResponse, session: Session): void {
    setCookie(request, response, session.token, SESSION_IDLE_LIMIT_MS);
  }

  async close(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = readToken(request);
    if (token !== null) await this.#store.closeSession(hashToken(token));
    setCookie(request, response, '', 0);
  }

  async dropIdle(): Promise<void> {
    await this.#store.dropSessions(this.#now() - SESSION_IDLE_LIMIT_MS);
  }
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** With `__Host-` no other host, path or plain http can plant the cookie; browsers allow it over https alone. */
function cookieName(request: IncomingMessage): string {
  return isHttps(request) ? '__Host-chat_session' : 'chat_session';
}

function setCookie(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  maxAgeMs: number,
): void {
  const secure = isHttps(request) ? '; Secure' : '';
  const lifetime = `Max-Age=${maxAgeMs / 1_000}`;
  response.setHeader(
    'Set-Cookie',
    `${cookieName(request)}=${token}; Path=/; HttpOnly; SameSite=Lax; ${lifetime}${secure}`,
  );
}

function readToken(request: IncomingMessage): string | null {
  const wanted = cookieName(request);
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals === -1 || pair.slice(0, equals).trim() !== wanted) continue;
    const token = pair.slice(equals + 1).trim();
    if (TOKEN.test(token)) return token;
  }
  return null;
}
