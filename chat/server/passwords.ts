/** Passwords, as strings that say how they were made (PHC): argon2id where Node has it, else scrypt. */
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** OWASP's first choice for interactive sign-in: 19 MiB, two passes; about 25 ms here. */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1 };
const SCRYPT = { N: 2 ** 15, r: 8, p: 3 };
/** scrypt needs 128 N r bytes, and Node refuses above 32 MiB unless told. */
const SCRYPT_MEMORY = 64 * 1_024 * 1_024;

const scrypt = promisify<string, Buffer, number, crypto.ScryptOptions, Buffer>(crypto.scrypt);
/** Node 22 has none. */
const argon2: typeof crypto.argon2 | undefined = 'argon2' in crypto ? crypto.argon2 : undefined;

export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(SALT_BYTES);
  if (argon2 !== undefined) {
    const { memory, passes, parallelism } = ARGON2;
    const hash = await deriveArgon2(argon2, password, salt, ARGON2);
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
  }
  const hash = await deriveScrypt(password, salt, SCRYPT);
  return `$scrypt$ln=${Math.log2(SCRYPT.N)},r=${SCRYPT.r},p=${SCRYPT.p}$${base64(salt)}$${base64(hash)}`;
}

/** Whether the password is the one that `stored` was made of. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, kind, ...rest] = stored.split('$');
  const [salt, hash] = rest.slice(-2).map((part) => Buffer.from(part, 'base64'));
  const numbers = new Map((rest.at(-3) ?? '').split(',').map((pair) => pair.split('=') as [string, string]));
  const number = (name: string): number => Number(numbers.get(name));
  if (salt === undefined || hash === undefined) return false;
  let derived: Buffer | undefined;
  if (kind === 'argon2id' && argon2 !== undefined) {
    const cost = { memory: number('m'), passes: number('t'), parallelism: number('p') };
    derived = await deriveArgon2(argon2, password, salt, cost);
  } else if (kind === 'scrypt') {
    derived = await deriveScrypt(password, salt, { N: 2 ** number('ln'), r: number('r'), p: number('p') });
  }
  return derived !== undefined && derived.length === hash.length && crypto.timingSafeEqual(derived, hash);
}

/** True if it was made in a way that is no longer the best this Node has. */
export function isOutdated(stored: string): boolean {
  const best =
    argon2 === undefined
      ? '$scrypt$'
      : `$argon2id$v=19$m=${ARGON2.memory},t=${ARGON2.passes},p=${ARGON2.parallelism}$`;
  return !stored.startsWith(best);
}

function deriveArgon2(
  derive: typeof crypto.argon2,
  password: string,
  nonce: Buffer,
  cost: typeof ARGON2,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const message = password.normalize('NFKC');
  derive('argon2id', { message, nonce, tagLength: HASH_BYTES, ...cost }, (error, hash) => {
    if (error === null) resolve(hash);
    else reject(error);
  });
  return promise;
}

function deriveScrypt(password: string, salt: Buffer, cost: typeof SCRYPT): Promise<Buffer> {
  return scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: SCRYPT_MEMORY });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
