/**
 * `POST /hooks/:token`: whoever has the token says something in the webhook's room. No cookie is read or set, no other
 * origin may ask, and nothing can be read here. What is said takes the way of all messages.
 */
/* oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 passes rejections to the error handler */
import { createHash } from 'node:crypto';
import { type Request, Router, raw } from 'express';
import { type Answer, type Failure, failure } from '../shared/failures.ts';
import { type Parsed, field, text } from '../shared/fields.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Message } from '../shared/messages.ts';
import { slowDown } from './actions/action.ts';
import { perform } from './actions/perform.ts';
import { postFor } from './actions/speaking.ts';
import { type HttpParts, MAX_BODY_BYTES, answer, refuse, refuseWith } from './http-caller.ts';
import { hashToken } from './tokens.ts';

const MAX_KEY_CHARS = 255;
const UNKNOWN: Failure = failure('gone', 'There is no such webhook: it was revoked, or never was.');
const UNREADABLE: Failure = failure(
  'invalid',
  'Content-Type must be application/x-www-form-urlencoded, application/json or text/plain.',
);

/** Any type: what it must be is checked after the token, and said in our own words. */
const readBytes = raw({ type: () => true, limit: MAX_BODY_BYTES });

export function hookRoutes({ chat, addressOf }: HttpParts): Router {
  const routes = Router();

  routes.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  routes.post('/:token', readBytes, async (request, response) => {
    const address = addressOf(request);
    // By its hash: how long this takes says nothing about the tokens that there are.
    const found = await chat.store.webhooks.find(hashToken(request.params['token'] ?? ''));
    // In a private room for as long as its maker is in there: nobody who is left might see it in a list.
    const isOpen = found !== null && (await chat.store.rooms.seenBy(found.room, found.by)) !== null;
    const hook = isOpen ? found : null;
    if (hook === null) {
      const waitMs = chat.gates.waitMs('guessingCodes', address);
      if (waitMs > 0) refuse(response, slowDown(waitMs));
      else refuse(response, UNKNOWN, 404);
      return;
    }
    const body = readText(request);
    const nonce = readNonce(request);
    if (!body.ok) {
      refuse(response, body, body === UNREADABLE ? 415 : undefined);
      return;
    }
    if (!nonce.ok) {
      refuse(response, nonce);
      return;
    }
    const { bot, room, by } = hook;
    const caller = { person: bot, key: address, request, socket: null };
    const ask = { room, body: body.value, ...(nonce.value !== null && { nonce: nonce.value }) };
    answer(response, placeOf(await perform(chat, caller, 'http hook', postFor(by), ask)));
  });

  routes.use((request, response) => {
    if (request.method === 'POST') {
      refuseWith(response, 404, 'invalid', 'There is nothing at this address.');
      return;
    }
    response.set('Allow', 'POST');
    refuseWith(response, 405, 'invalid', 'A webhook is posted to: use POST.');
  });

  return routes;
}

/** Where it stands, and no more: whom a name belongs to is not for who has only this token. */
function placeOf(said: Answer<object>): Answer<{ room: string; seq: number }> {
  if (!said.ok) return said;
  const { room, seq } = (said as Answer<{ message: Message }> & { ok: true }).message;
  return { ok: true, room, seq };
}

/** The text of a form, of JSON, or all that was sent; always UTF-8. */
function readText(request: Request): Parsed<string> {
  const sent = new TextDecoder().decode(Buffer.isBuffer(request.body) ? request.body : undefined);
  const [type = ''] = (request.headers['content-type'] ?? 'text/plain').split(';', 1);
  switch (type.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded': {
      const form = new URLSearchParams(sent);
      return readField((name) => form.get(name) ?? undefined);
    }
    case 'application/json': {
      const json = parseJson(sent);
      return json.ok ? readField((name) => field(json.value, name)) : json;
    }
    case 'text/plain':
      return check(sent, 'body');
    default:
      return UNREADABLE;
  }
}

/** Many services call it one or the other. */
function readField(get: (name: string) => unknown): Parsed<string> {
  const content = get('content');
  return get('text') === undefined && content !== undefined
    ? check(content, 'content')
    : check(get('text'), 'text');
}

function check(value: unknown, name: string): Parsed<string> {
  const parsed = text(LIMITS.bodyChars)(value, name);
  return parsed.ok ? { ok: true, value: parsed.value ?? '' } : parsed;
}

function parseJson(sent: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(sent) };
  } catch {
    return failure('invalid', 'This is not valid JSON.');
  }
}

/** Of the hook's own messages: a repeated key is the same message, whatever its body says. Null without a key. */
function readNonce(request: Request): Parsed<string | null> {
  const key = request.get('idempotency-key');
  if (key === undefined) return { ok: true, value: null };
  if (key === '' || key.length > MAX_KEY_CHARS) {
    return failure('invalid', `"Idempotency-Key" must have 1 to ${MAX_KEY_CHARS} characters.`);
  }
  const nonce = createHash('sha256').update(key).digest('hex').slice(0, LIMITS.nonceChars);
  return { ok: true, value: nonce };
}
