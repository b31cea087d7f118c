/** What makes a password: length. No rules of composition, which make people write `Password1!`. */
import { type Failure, failure } from '../shared/failures.ts';
import { LIMITS } from '../shared/limits.ts';
import { nameKey } from './naming.ts';

/** The most common ones that are long enough. */
const COMMON: ReadonlySet<string> = new Set(
  (
    '0123456789 1234567890 12345678910 123456789a 123123123123 1111111111 0000000000 1234512345 9876543210 ' +
    '0987654321 987654321a 123456123456 1q2w3e4r5t 1qaz2wsx3edc 1q2w3e4r5t6y q1w2e3r4t5 qwertyuiop qwerty12345 ' +
    'qwerty123456 qwerty1234 qazwsxedcrfv asdfghjkl1 asdfghjkl; zxcvbnm123 password12 password123 password1234 ' +
    'passwordpassword password1! mypassword letmein123 iloveyou12 iloveyou123 changeme123 welcome123 welcome1234 ' +
    'administrator basketball superman123 sunshine123 princess123 football123 charlie123 liverpool1 manchester ' +
    'correcthorsebatterystaple trustno1trustno1 abcdefghij abcd123456 abc1234567 aaaaaaaaaa'
  ).split(' '),
);

/** Null if it may be one. */
export function refusePassword(password: string, name: string): Failure | null {
  const { passwordMinChars } = LIMITS;
  if (password.length < passwordMinChars) {
    return failure('invalid', `A password needs at least ${passwordMinChars} characters.`);
  }
  const plain = password.toLowerCase();
  const isRepeated = new Set(plain).size < 4;
  if (COMMON.has(plain) || isRepeated || nameKey(plain) === nameKey(name)) {
    return failure('invalid', 'This password is among the first that anybody would guess: choose another.');
  }
  return null;
}
