/** Links for people who lost their password, or the browser in which they were somebody without one. */
import type { Store } from './store/store.ts';
import { hashToken, newCode } from './tokens.ts';

export const RECOVERY_LIFETIME_MS: number = 24 * 60 * 60 * 1_000;

/** Makes the link's code, which ends an earlier one; null for who is not here any more. `by` is null at the console. */
export async function makeRecovery(
  { recoveries }: Pick<Store, 'recoveries'>,
  person: number,
  by: number | null,
  at: number,
): Promise<{ code: string; expires: number } | null> {
  const code = newCode();
  const expires = at + RECOVERY_LIFETIME_MS;
  const isMade = await recoveries.make({ codeHash: hashToken(code), person, by, at, expires });
  return isMade ? { code, expires } : null;
}
