import type { Me } from './people.ts';

/** Whether they can sign in elsewhere. Whoever cannot loses this identity together with the cookie. */
export function canComeBack({ hasPassword, hasPasskey }: Me): boolean {
  return hasPassword || hasPasskey === true;
}
