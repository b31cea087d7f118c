/** The short name of a new room, for addresses. */
import { randomInt } from 'node:crypto';
import { LIMITS } from '../../shared/limits.ts';

/** Leaves space for a number behind it. */
const MAX_CHARS = LIMITS.slugChars - 14;

/** Neither vowels nor what looks like one, so that no words come of it. */
const SIGNS = 'bcdfghjkmnpqrstvwxyz23456789';
const SIGNS_IN_SLUG = 12;

/** Of the name of a public room: letters and digits of any script, in lower case, with hyphens. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, MAX_CHARS)
    .replace(/^-+|-+$|\p{Surrogate}/gu, '');
  return slug === '' ? 'room' : slug;
}

/**
 * For rooms that others are not to know of. A slug made of the name, or of the people in it, would tell whoever gives
 * another room that name that there is such a room: theirs gets a number behind it.
 */
export function secretSlug(): string {
  return Array.from({ length: SIGNS_IN_SLUG }, () => SIGNS.charAt(randomInt(SIGNS.length))).join('');
}
