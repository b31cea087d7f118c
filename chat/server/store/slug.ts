/** The short name of a new room, for addresses: letters and digits of any script, in lower case, with hyphens. */
import { LIMITS } from '../../shared/limits.ts';

/** Leaves space for a number behind it. */
const MAX_CHARS = LIMITS.slugChars - 14;

export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .slice(0, MAX_CHARS)
    .replace(/^-+|-+$|\p{Surrogate}/gu, '');
  return slug === '' ? 'room' : slug;
}
