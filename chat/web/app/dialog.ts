import type { Person } from '../../shared/events.ts';

/** What stands over the page. One at a time; `app.dialog` says which. */
export type Dialog =
  | { readonly kind: 'switcher' | 'shortcuts' | 'settings' | 'hand over' }
  /** `deedsOf`: with what was done by this person, and to them. */
  | { readonly kind: 'manage'; readonly deedsOf?: Person }
  | { readonly kind: 'new room' | 'browse rooms' | 'new direct' }
  | { readonly kind: 'room' | 'invite' | 'invite to chat' | 'add people' | 'leave' | 'archive' }
  /** `at`: a time on the day to begin with; today's without one. */
  | { readonly kind: 'date'; readonly at?: number }
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'revisions'; readonly room: string; readonly seq: number };
