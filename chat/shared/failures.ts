/** What an ask is answered with when nothing came of it. Nothing was changed then, whatever the code. */

export type FailureCode =
  /** The ask itself is wrong: a field is missing or is not what it must be. */
  | 'invalid'
  | 'too long'
  /** Characters that cannot be seen, turn the line around, or stack accents over its neighbours. */
  | 'bad characters'
  /** More than there may be: people in a group, emoji on a message. */
  | 'too many'
  /** Wait a moment (`waitMs`) and ask the same again. */
  | 'too fast'
  /** Nobody is signed in here. */
  | 'no name'
  /** There is no such room, or it is none of this person's business. */
  | 'no such room'
  | 'no such message'
  | 'no such person'
  /** This person's role does not allow it. */
  | 'not allowed'
  /** The name belongs to somebody else, or looks as if. */
  | 'taken'
  /** A public room has this name, or one that looks like it. */
  | 'room taken'
  | 'wrong password'
  /** Too short, or among the first that anybody would guess. */
  | 'weak password'
  /** The invite or link was used up, has expired or never was; the time to undo is over. */
  | 'gone'
  /** The room is archived: nothing can be said in it. */
  | 'archived'
  /** The same text again and again. */
  | 'repeated'
  /** Guests who have just come cannot post links in public rooms. */
  | 'no links yet'
  /** The server's disk is full. Reading goes on. */
  | 'full'
  /** The server's fault, or it is stopping. Asking again later may help. */
  | 'failed';

export type Why =
  /** A direct conversation has no name, no topic and no host, and its people are what it is. */
  | 'direct'
  /** Of the room that everybody is in. */
  | 'nobody leaves'
  | 'nobody is removed'
  | 'always open'
  | 'bot role'
  | 'has password'
  | 'nobody else'
  | 'invite only'
  /** The chat is given to a member with a password only. */
  | 'no heir'
  | 'not your password'
  | 'join first'
  /** A webhook speaks in its own room and in no other. */
  | 'webhook'
  | 'too late'
  | 'has owner';

export interface Failure {
  ok: false;
  code: FailureCode;
  /** One sentence in English for people; the page says it in their language by `why`, else by `code`. */
  text: string;
  /** Which case of its code it is, where several would be told the same. */
  why?: Why;
  /** With `too fast`: how long to wait. */
  waitMs?: number;
}

/** What every ask is answered with. */
export type Answer<T> = (T & { ok: true }) | Failure;

export function failure(code: FailureCode, text: string, why?: Why): Failure {
  return { ok: false, code, text, ...(why !== undefined && { why }) };
}

/** The status of a failure over HTTP. */
export const HTTP_STATUS: Readonly<Record<FailureCode, number>> = {
  invalid: 400,
  'too long': 413,
  'bad characters': 400,
  'too many': 409,
  'too fast': 429,
  'no name': 401,
  'no such room': 404,
  'no such message': 404,
  'no such person': 404,
  'not allowed': 403,
  taken: 409,
  'room taken': 409,
  'wrong password': 403,
  'weak password': 400,
  gone: 410,
  archived: 409,
  repeated: 409,
  'no links yet': 403,
  full: 507,
  failed: 500,
};
