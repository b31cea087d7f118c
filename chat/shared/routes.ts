/**
 * What is asked over HTTP. Bodies and answers are JSON; a failure is a `Failure` with the status of `HTTP_STATUS`.
 * Whatever changes something needs the cookie of a page of this origin, or a bot's `Authorization: Bearer TOKEN`.
 *
 * Who one is, since only HTTP can set the cookie:
 *
 *   GET    /api/chat                                    → ChatInfo
 *   GET    /api/session                                 → { me: Me | null }
 *   POST   /api/session             NameAsk             → { me: Me }    a new guest; another name for who has one
 *   DELETE /api/session                                 → { me: null }  signs out
 *   POST   /api/sign-in             SignInAsk           → { me: Me }
 *   POST   /api/account             AccountAsk          → { me: Me }    a guest becomes a member
 *   POST   /api/account/password    PasswordAsk         → { me: Me }    signs out everywhere else
 *   POST   /api/sign-in/passkey/options                 → what `navigator.credentials.get` takes, as JSON
 *   POST   /api/sign-in/passkey     PasskeySignInAsk    → { me: Me }
 *   GET    /api/passkeys                                → { passkeys: PasskeyInfo[] }
 *   POST   /api/passkeys/options                        → what `navigator.credentials.create` takes, as JSON
 *   POST   /api/passkeys            PasskeyAsk          → Passkeys      a guest becomes a member
 *   POST   /api/passkeys/:id        LabelAsk            → Passkeys
 *   DELETE /api/passkeys/:id                            → Passkeys      not the last way in
 *   GET    /api/sessions                                → { sessions: SessionInfo[] }
 *   DELETE /api/sessions/:id                            → { sessions: SessionInfo[] }
 *   DELETE /api/sessions                                → { sessions: SessionInfo[] }  all but this one
 *   POST   /api/device-links                                → DeviceLinkInfo
 *   GET    /api/device-links/:code                          → { name: string }  or a failure `gone`
 *   POST   /api/device-links/:code                          → { me: Me }    signs this browser in
 *   POST   /api/owner               ClaimAsk            → { me: Me }
 *   GET    /api/invites/:code                           → { chat: string }  or a failure `gone`
 *   POST   /api/invites/:code       AcceptAsk           → { me: Me; room: string | null }
 *   GET    /api/recovery/:code                          → { name: string; passkeys: string[] }  or a failure `gone`
 *   POST   /api/recovery/:code      RecoverAsk          → { me: Me }    signs out everywhere else
 *
 * Reading, and speaking for programs without a socket; an `ETag` is the room's rev:
 *
 *   GET    /api/rooms                                   → { rooms: MyRoom[] }
 *   GET    /api/rooms/:room                             → { room: Room }
 *   GET    /api/rooms/:room/messages?before|after|around|at=…&limit=…   → History; the newest page without any
 *   GET    /api/rooms/:room/messages?rev=…              → { messages: Message[]; rev: number } or `gone`
 *   POST   /api/rooms/:room/messages  PostAsk           → { message: Message }
 *   GET    /api/rooms/:room/members?after=…             → { members: Member[]; more: boolean }
 *   GET    /api/search?query=…&zone=…&before=…&limit=…  → Found
 *
 * For programs elsewhere that have a webhook's token, and neither cookie nor bearer: the text of a form, of JSON (`text`,
 * else `content`), or all of a plain text, in UTF-8. An unknown or revoked token is answered with 404.
 *
 *   POST   /hooks/:token   Idempotency-Key: …           → { room: string; seq: number }  the same for a repeated key
 *
 * The pictures of link previews, for who is signed in:
 *
 *   GET    /previews/:id
 *
 * Addresses of the page itself: `/`, `/r/:room`, `/r/:room/:seq`, `/i/:code` (an invite), `/claim/:code` (the link from
 * the console), `/recover/:code` (for who cannot sign in any more), `/device/:code` (from another device of one's own), `/sign-in`, `/search`, `/settings`.
 *
 * For browsers that install the page: `/manifest.webmanifest`, and `/sw.js`, the worker that keeps its files. It also takes
 * `/index.html`: the page with nobody's data in it.
 *
 * For whoever runs it: `/healthz` (the process answers), `/readyz` (the database does, too), `/metrics` (Prometheus).
 */
import { type Parser, body, fields, nonce, oneOf, optional } from './fields.ts';

export const MANIFEST_PATH = '/manifest.webmanifest';
export const WORKER_PATH = '/sw.js';

/** A message from a program. Without a nonce a repeated request is a second message. */
export interface PostAsk {
  body: string;
  nonce?: string;
  kind?: 'action';
}

export const parsePost: Parser<PostAsk> = fields<PostAsk>({
  body,
  nonce: optional(nonce),
  kind: optional(oneOf(['action'])),
});

/** Turns the strings of a query into the numbers that `parseHistory` and the others expect. */
export function readQuery(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ask: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query)) {
    ask[name] =
      typeof value === 'string' && /^\d{1,15}$/.test(value) && name !== 'query' ? Number(value) : value;
  }
  return ask;
}

/** Where the picture of a preview is. */
export function previewImage(id: string): string {
  return `/previews/${encodeURIComponent(id)}`;
}

/** The address of a message, for people to share. */
export function permalink(room: string, seq: number): string {
  return `/r/${encodeURIComponent(room)}/${seq}`;
}

/** Reads the address of a page: what it shows. */
export type Place =
  | { page: 'home' | 'sign-in' | 'search' | 'settings' }
  | { page: 'room'; room: string; seq: number | null }
  | { page: 'invite' | 'claim' | 'recover' | 'device'; code: string };

export function parsePlace(path: string): Place | null {
  const [first = '', second, third, ...more] = path
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(decode);
  if (more.length > 0 || first === undefined) return null;
  if (second === undefined) {
    if (first === '') return { page: 'home' };
    return first === 'sign-in' || first === 'search' || first === 'settings' ? { page: first } : null;
  }
  if (first === 'r') {
    if (third === undefined) return { page: 'room', room: second, seq: null };
    return /^[1-9]\d{0,14}$/.test(third) ? { page: 'room', room: second, seq: Number(third) } : null;
  }
  if (third !== undefined) return null;
  if (first === 'i') return { page: 'invite', code: second };
  return first === 'claim' || first === 'recover' || first === 'device'
    ? { page: first, code: second }
    : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
