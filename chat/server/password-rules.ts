/** What makes a password: length. No rules of composition, which make people write `Password1!`. */
import { type Failure, failure } from '../shared/failures.ts';
import { LIMITS } from '../shared/limits.ts';
import { isCommonPassword } from './common-passwords.ts';
import { nameKey } from './naming.ts';

/** Null if it may be one. */
export function refusePassword(password: string, name: string): Failure | null {
  const { passwordMinChars } = LIMITS;
  if (password.length < passwordMinChars) {
    return failure('weak password', `A password needs at least ${passwordMinChars} characters.`);
  }
  const plain = password.toLowerCase();
  const isRepeated = new Set(plain).size < 4;
  if (isCommonPassword(plain) || isRepeated || nameKey(plain) === nameKey(name)) {
    return failure(
      'weak password',
      'This password is among the first that anybody would guess: choose another.',
    );
  }
  return null;
}
