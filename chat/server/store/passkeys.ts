/**
 * Keys by which people sign in without a password. Laws:
 *  1. A passkey is found by its id, with all that it came with, and leads to nobody once its person is revoked or forgotten.
 *  2. No two passkeys have the same id, whoever's they are, and nobody has more than they may.
 *  3. A use is noted with the time and a counter that has moved on; one that has not is refused, unless it counts nothing.
 *  4. Somebody can see, rename and remove their own passkeys only. They are listed in the order in which they were made.
 *  5. The last passkey of somebody without a password stays, also when two are removed at once.
 *  6. All of somebody's are removed at once, whether they have a password or not, and nobody else's.
 *  7. Whoever has one is told apart from who has none, and is no guest to be forgotten.
 */
export interface NewPasskey {
  id: Uint8Array;
  person: number;
  publicKey: Uint8Array;
  /** How often the authenticator says that it has signed; 0 for those that do not count. */
  counter: number;
  /** By which ways the authenticator can be reached, as the browser calls them. */
  transports: readonly string[];
  label: string;
  at: number;
}

export interface Passkey extends Omit<NewPasskey, 'at'> {
  created: number;
  /** Null if it was never used. */
  used: number | null;
}

export interface Passkeys {
  /** `taken` if there is one with this id; `full` if the person has `most` already. */
  add(passkey: NewPasskey, most: number): Promise<'added' | 'taken' | 'full'>;
  find(id: Uint8Array): Promise<Passkey | null>;
  list(person: number): Promise<Passkey[]>;
  /** False if there is no such passkey, or its counter went back. */
  use(id: Uint8Array, counter: number, at: number): Promise<boolean>;
  /** False if the person has no such passkey. */
  rename(person: number, id: Uint8Array, label: string): Promise<boolean>;
  remove(person: number, id: Uint8Array): Promise<'removed' | 'last' | 'unknown'>;
  /** Resolves with how many there were. */
  removeAll(person: number): Promise<number>;
}
