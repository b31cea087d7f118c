/**
 * How the worker knows which builds have open pages: each page holds a lock named after a file of its build, and the
 * browser lets go of it when the page is gone, however that came about.
 */
import type { Caches } from './answers.ts';

const PREFIX = 'page with ';

/** `file`: the path of a script of this page's build, with its hash. */
export function lockName(file: string): string {
  return PREFIX + file;
}

/** Whether a page of this build is open. */
export async function isHeld(caches: Caches, cacheName: string, locks: readonly string[]): Promise<boolean> {
  for (const lock of locks) {
    if (!lock.startsWith(PREFIX)) continue;
    const file = await caches.match(lock.slice(PREFIX.length), { ignoreVary: true, cacheName });
    if (file !== undefined) return true;
  }
  return false;
}
