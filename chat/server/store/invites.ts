/**
 * Laws:
 *  1. An invite is found by the hash of its code until it expires, is used up or is revoked.
 *  2. Using an invite takes one use, also when several use it at once.
 *  3. Somebody's list has their own invites that can still be used; with null it has everybody's.
 */
import type { Invite } from '../../shared/people.ts';
import type { Role } from '../../shared/roles.ts';

export interface NewInvite {
  codeHash: Uint8Array;
  /** The slug of a room, or null. */
  room: string | null;
  role: Role;
  by: number;
  at: number;
  expires: number;
  uses: number;
}

export interface Invites {
  create(invite: NewInvite): Promise<Invite>;
  find(codeHash: Uint8Array, at: number): Promise<Invite | null>;
  /** Takes one use; null if there is none left. */
  use(codeHash: Uint8Array, at: number): Promise<Invite | null>;
  list(by: number | null, at: number): Promise<Invite[]>;
  /** False if there is no such invite, or it is not of `by`; null revokes anybody's. */
  revoke(id: number, by: number | null): Promise<boolean>;
}
