/**
 * Links for people who cannot sign in any more. Laws:
 *  1. A link leads to its person until it expires, is used, a newer one is made for the same person, or they get a new
 *     password; to a person who is revoked or forgotten none does.
 *  2. A link is used once, also when several use it at once.
 *  3. The sweep forgets what has expired and nothing else.
 */
export interface NewRecovery {
  codeHash: Uint8Array;
  person: number;
  /** Null for the console. */
  by: number | null;
  at: number;
  expires: number;
}

export interface Recoveries {
  /** False if there is no such person, or they are revoked or forgotten. */
  make(recovery: NewRecovery): Promise<boolean>;
  /** Whose it is and who made it; null if it leads nowhere. */
  find(codeHash: Uint8Array, at: number): Promise<Pick<NewRecovery, 'person' | 'by'> | null>;
  /** Whose it is, and it leads nowhere from now on. */
  use(codeHash: Uint8Array, at: number): Promise<number | null>;
  sweep(at: number): Promise<void>;
}
