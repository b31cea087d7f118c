/** Secrets that are given out once and kept as hashes, so that who reads the database cannot use them. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as 43 characters that need no escaping anywhere. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether it may be one. */
export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** 128 random bits, for links that people pass on. */
export function newCode(): string {
  return randomBytes(16).toString('base64url');
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
