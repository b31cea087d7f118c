import type { Failure, FailureCode } from '../../shared/events.ts';
import { t, spoken, type Key } from '../words/words.ts';

export const NO_CONNECTION: Failure = { ok: false, code: 'failed', text: '' };

const KEYS: Readonly<Record<FailureCode, Key>> = {
  invalid: 'failInvalid',
  'too long': 'failTooLong',
  'bad characters': 'failCharacters',
  'too many': 'failTooMany',
  'too fast': 'failTooFast',
  'no name': 'failNoName',
  'no such room': 'failNoRoom',
  'no such message': 'failNoMessage',
  'no such person': 'failNoPerson',
  'not allowed': 'failNotAllowed',
  taken: 'failTaken',
  'room taken': 'failRoomTaken',
  'wrong password': 'failPassword',
  'weak password': 'failWeakPassword',
  gone: 'failGone',
  archived: 'failArchived',
  repeated: 'failRepeated',
  'no links yet': 'failNoLinks',
  full: 'failFull',
  failed: 'failFailed',
};

/** For cases that a code alone does not tell, in the language that is spoken. Fetched with the first of them. */
let reasons: Readonly<Partial<Record<string, string>>> | undefined;

/** Sees to it that there are words to explain the answer. */
export async function withWords<A>(answer: A): Promise<A> {
  if ((answer as Partial<Failure>).why && spoken() !== 'en')
    reasons ??= (await import('../words/reasons.ts').catch(() => undefined))?.REASONS[spoken()];
  return answer;
}

/** Says why nothing came of it. The server's own sentence knows more, and is in English. */
export function explain(failure: Failure): string {
  if (failure === NO_CONNECTION) return t('noConnection');
  if (spoken() === 'en' && failure.text !== '') return failure.text;
  return reasons?.[failure.why ?? ''] ?? t(KEYS[failure.code] ?? 'failFailed');
}
