/** Ids that nobody can guess: sessions', sockets'. */
import { randomFillSync } from 'node:crypto';

/** 120 bits: 20 characters, without padding. */
const ID_BYTES = 15;
/** Asking the system each time would be 3 % of what a connection costs (measured); `randomUUID` does the same. */
const pool = Buffer.allocUnsafeSlow(ID_BYTES * 256);
let used = pool.length;

export function randomId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('base64url', used - ID_BYTES, used);
}
