/** Who asks over HTTP, and how they are answered. */
import { type Request, type Response, json } from 'express';
import { type Answer, type Failure, type FailureCode, HTTP_STATUS, failure } from '../shared/failures.ts';
import type { Me } from '../shared/people.ts';
import { NO_NAME } from './actions/action.ts';
import type { Caller, Conversation } from './conversation.ts';
import { isFailure } from './naming.ts';
import type { Sessions } from './sessions.ts';
import type { Resumed } from './store/sessions.ts';
import type { VisitorAddress } from './visitor-address.ts';

/** The longest message, all of it escaped, is below 26 KB. */
export const MAX_BODY_BYTES: number = 64 * 1_024;

export interface HttpCaller extends Caller {
  session: Resumed | null;
  address: string;
}

/** Signed in by a browser: a bot's token is no session that could be renamed or revoked. */
export interface SignedIn extends HttpCaller {
  person: Me;
  session: Resumed;
}

export interface HttpParts {
  chat: Conversation;
  sessions: Sessions;
  addressOf: VisitorAddress;
}

/** A failure for a bearer token that is none; a request without any is a visitor's. */
export async function callerOf(
  { chat, sessions, addressOf }: HttpParts,
  request: Request,
): Promise<HttpCaller | Failure> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const session =
    bearer === undefined ? await sessions.resume(request) : await sessions.resumeBot(bearer, request);
  if (session === null && request.headers.authorization !== undefined) {
    return failure('no name', 'This token is not valid.');
  }
  const person: Me | null = session === null ? null : await chat.store.people.get(session.person);
  const address = addressOf(request);
  return { person, session, address, key: address, request, socket: null };
}

export async function signedInCaller(parts: HttpParts, request: Request): Promise<SignedIn | Failure> {
  const caller = await callerOf(parts, request);
  if (isFailure(caller)) return caller;
  const { person, session } = caller;
  if (person === null || session === null || session.isBot) return NO_NAME;
  return { ...caller, person, session };
}

export function answer<T extends object>(response: Response, result: Answer<T>): void {
  if (!result.ok) {
    refuse(response, result);
    return;
  }
  const { ok: _, ...value } = result;
  response.json(value);
}

export function refuse(response: Response, problem: Failure, status?: number): void {
  if (problem.waitMs !== undefined) response.set('Retry-After', String(Math.ceil(problem.waitMs / 1_000)));
  response.status(status ?? HTTP_STATUS[problem.code]).json(problem);
}

export function refuseWith(response: Response, status: number, code: FailureCode, text: string): void {
  refuse(response, failure(code, text), status);
}

/** Forms of other sites can post texts, but not `application/json`. */
export function acceptJsonOnly(request: Request, response: Response, next: () => void): void {
  if (request.is('application/json') === 'application/json') next();
  else refuseWith(response, 415, 'invalid', 'Send JSON: Content-Type must be application/json.');
}

export const readJson: ReturnType<typeof json> = json({ limit: MAX_BODY_BYTES });
