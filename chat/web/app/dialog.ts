/** What stands over the page. One at a time; `app.dialog` says which. */
export type Dialog =
  | { readonly kind: 'switcher' | 'shortcuts' | 'settings' }
  | { readonly kind: 'new room' | 'browse rooms' | 'new direct' }
  | { readonly kind: 'room' | 'invite' | 'add people' | 'leave' | 'archive' }
  /** `at`: a time on the day to begin with; today's without one. */
  | { readonly kind: 'date'; readonly at?: number }
  | { readonly kind: 'revisions'; readonly room: string; readonly seq: number };
